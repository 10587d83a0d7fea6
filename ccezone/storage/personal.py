"""Personal data at rest (PIPL art. 51): sealed with AES-256-GCM, found again through keyed digests, masked on screen."""

import hashlib
import hmac
import os
import unicodedata
import zlib
from collections.abc import Mapping

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_LARGE = 4096  # bytes from which compressing pays
_AS_IS, _PACKED = b"-", b"z"
_MODULUS = 1 << 64
_SIGN_BIT = 1 << 63
_NAMES_NOBODY = frozenset({"buyer_id_type", "payer_id_type"})


class SealBroken(Exception):
    """Sealed bytes were altered, or another key sealed them."""


class PersonalVault:
    """Seals personal values and digests them, with keys derived from one 32-byte master key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise ValueError("the personal key must be 32 bytes")
        self._cipher = AESGCM(hmac.digest(key, b"seal", "sha256"))
        self._digest_key = hmac.digest(key, b"digest", "sha256")

    def seal_bytes(self, data: bytes) -> bytes:
        """Encrypt bytes; the result carries its nonce. Whole messages are compressed first: sealed they no longer can be."""
        nonce = os.urandom(_NONCE)
        plain = _PACKED + zlib.compress(data, 1) if len(data) > _LARGE else _AS_IS + data
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt what ``seal_bytes`` gave. Raises ``SealBroken``."""
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except InvalidTag as error:
            raise SealBroken("sealed data cannot be opened with this personal key") from error
        return zlib.decompress(plain[1:]) if plain[:1] == _PACKED else plain[1:]

    def seal(self, values: dict[str, str]) -> bytes:
        """Encrypt a small mapping of personal values as one unit."""
        return self.seal_bytes(orjson.dumps(values))

    def open(self, sealed: bytes) -> dict[str, str]:
        """Decrypt what ``seal`` gave. Raises ``SealBroken``."""
        values: dict[str, str] = orjson.loads(self.open_bytes(sealed))
        return values

    def digest(self, text: str) -> int:
        """Digest a personal value for equality tests: signed 64 bits, keyed, after ``fold``."""
        raw = hashlib.blake2b(fold(text).encode(), digest_size=8, key=self._digest_key).digest()
        value = int.from_bytes(raw)
        return value - _MODULUS if value & _SIGN_BIT else value


def fold(text: str) -> str:
    """Bring a name, number or address to the form it is compared in: NFKC, no white space, upper case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def mask(text: str) -> str:
    """Hide the middle of a personal value, keeping enough to recognise it: ``张*``, ``138****5678``."""
    if len(text) <= 1:
        return "*"
    if len(text) <= 4:
        return text[0] + "*" * (len(text) - 1)
    keep = 3 if len(text) >= 10 else 1
    tail = 4 if len(text) >= 10 else 1
    return text[:keep] + "*" * (len(text) - keep - tail) + text[-tail:]


def masked(values: Mapping[str, str]) -> dict[str, str]:
    """Mask personal values by name; the kind of an identity document names nobody and stays."""
    return {name: value if name in _NAMES_NOBODY or not value else mask(value) for name, value in values.items()}
