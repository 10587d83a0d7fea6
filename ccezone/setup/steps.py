"""A step of the set-up: done once for each state of the files it depends on, told in one line when it has work."""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"


class SetupFailed(Exception):
    """A step that could not be done; the text says what to do about it."""


@dataclass(frozen=True)
class Step:
    """``work`` runs unless it already ran for the same ``key``. The stamp lives and dies with the environment."""

    name: str
    title: str
    key: str
    work: Callable[[], None]
    stamps: Path = STAMPS

    def bring_up_to_date(self) -> bool:
        """Do the work if needed. Returns whether there was any."""
        stamp = self.stamps / self.name
        if stamp.is_file() and stamp.read_text() == self.key:
            return False
        say(self.title)
        self.work()
        self.stamps.mkdir(parents=True, exist_ok=True)
        stamp.write_text(self.key)
        return True


def key_of(*parts: str, files: Iterable[Path] = ()) -> str:
    """Digest of texts and of files' contents: equal keys mean that nothing changed."""
    digest = hashlib.sha256("\0".join(parts).encode())
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def say(text: str) -> None:
    """One line for the person who waits."""
    print(f"set-up: {text}", file=sys.stderr, flush=True)


def run(argv: Sequence[str | Path], remedy: str, *, environment: dict[str, str] | None = None) -> None:
    """Run a program from the checkout's root; its words are shown only when it fails.

    Raises ``SetupFailed`` with ``remedy``.
    """
    done = subprocess.run(argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = f"{done.stdout}\n{done.stderr}".strip()[-4000:]
        raise SetupFailed(f"{words}\n\n`{' '.join(map(str, argv))}` failed. {remedy}")
