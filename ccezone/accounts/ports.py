"""What accounts need from outside: somewhere to keep a file for its asker until a moment."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from ccezone.storage import UnitOfWork


class FileKeeper(Protocol):
    """Keeps a CSV file and returns its id."""

    def __call__(self, uow: UnitOfWork, name: str, content: bytes, user_id: UUID | None, expires_at: datetime) -> UUID: ...
