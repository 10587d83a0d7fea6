"""What statistics need from outside: somebody who seals a return and can tell a seal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SealView:
    """The seal of a file. ``intact``: no byte it covers was changed; ``whole``: it covers all; ``known``: ours or one we trust."""

    intact: bool
    whole: bool
    known: bool
    fingerprint: str
    signer: str
    signed_at: datetime | None


class ReturnSeal(Protocol):
    """Signs a PDF as an incremental update: what was there stays as it is, byte by byte."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signer's certificate, in hexadecimal digits."""
        ...

    def sign(self, pdf: bytes, reason: str, at: datetime) -> bytes:
        """Return the file with a visible seal and a signature over all of it."""
        ...

    def look(self, pdf: bytes) -> SealView | None:
        """Return the seal of a file; ``None`` where it has none. Raises ``ValueError`` for what is no PDF."""
        ...
