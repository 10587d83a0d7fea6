"""SM2 key pairs in files, and the key ring of a hub that signs in the name of many enterprises.

``CODE.key`` (mode 0600) holds three lines of hexadecimal digits: private key, public key, certificate. ``public/CODE.pub``
repeats the public key alone; that folder is what a counterparty on the same machine is shown.
"""

import os
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from gmssl_pyx import sm2_key_generate

from integrations.signatures.certificates import self_issued

_CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")


@dataclass(frozen=True, slots=True, repr=False)
class Sm2KeyPair:
    """One key pair: 32 bytes private, 64 bytes public (x then y), and the DER of its certificate."""

    name: str
    private_key: bytes
    public_key: bytes
    certificate: bytes

    @classmethod
    def create(cls, path: Path) -> "Sm2KeyPair":
        """Make a key pair and keep it at ``path`` (``….key``); when another process was first, return its key pair."""
        name = _checked(path.stem)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        public_key, private_key = sm2_key_generate()
        serial = int.from_bytes(os.urandom(8)) >> 1
        certificate = self_issued(private_key, public_key, name, serial)
        content = "\n".join((private_key.hex(), public_key.hex(), certificate.hex()))
        if not _write_once(path, content, 0o600):
            return cls.load(path)
        return cls(name, private_key, public_key, certificate)

    @classmethod
    def load(cls, path: Path) -> "Sm2KeyPair":
        """Read a key pair. Raises ``FileNotFoundError``, or ``ValueError`` when others may read it or it is no key."""
        if path.stat().st_mode & 0o077:
            raise ValueError(f"{path} can be read by others: chmod 600 it, or throw the key away")
        lines = path.read_text(encoding="ascii").split()
        if [len(line) for line in lines[:2]] != [64, 128] or len(lines) != 3:
            raise ValueError(f"{path} is not an SM2 key file")
        private_key, public_key, certificate = map(bytes.fromhex, lines)
        return cls(path.stem, private_key, public_key, certificate)


class KeyRing:
    """A folder with one key pair per enterprise code, made on demand, safe between threads and processes.

    Public keys are published to ``public``, the folder that counterparties read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.public = folder / "public"
        self._pairs: dict[str, Sm2KeyPair] = {}
        self._lock = threading.Lock()

    def pair(self, code: str) -> Sm2KeyPair:
        """Return the key pair of an enterprise. Raises ``ValueError`` for what is no enterprise code."""
        pair = self._pairs.get(code)
        if pair is None:
            with self._lock:
                pair = self._pairs.get(code) or self._open(code)
                self._pairs[code] = pair
        return pair

    def _open(self, code: str) -> Sm2KeyPair:
        path = self.folder / f"{_checked(code)}.key"
        try:
            pair = Sm2KeyPair.load(path)
        except FileNotFoundError:
            pair = Sm2KeyPair.create(path)
        publish(pair, self.public)
        return pair


def publish(pair: Sm2KeyPair, folder: Path) -> None:
    """Put a public key where counterparties find it."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_once(folder / f"{pair.name}.pub", pair.public_key.hex(), 0o644)


class PublicKeys(Mapping[str, bytes]):
    """The published public keys of a folder, by enterprise code; a key published later is found when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, bytes] = {}

    def __getitem__(self, code: str) -> bytes:
        if code not in self._known:
            try:
                text = (self.folder / f"{_checked(code)}.pub").read_text(encoding="ascii")
            except (OSError, ValueError) as error:
                raise KeyError(code) from error
            self._known[code] = bytes.fromhex(text.strip())
        return self._known[code]

    def __iter__(self) -> Iterator[str]:
        return (path.stem for path in sorted(self.folder.glob("*.pub")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _checked(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError(f"not an enterprise code: {code!r}")
    return code


def _write_once(path: Path, content: str, mode: int) -> bool:
    """Create a file whole or not at all; return False when it was there."""
    with NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
        os.fchmod(draft.fileno(), mode)
        draft.write(content + "\n")
        draft.flush()
        os.fsync(draft.fileno())
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return False
    return True
