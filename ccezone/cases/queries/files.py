"""Reading stored files. Who may see one is the caller's to judge; ``enterprise_id`` narrows to one firm's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_ONE = """
SELECT id, name, media_type, purpose, size, sha256, enterprise_id, user_id, created_at, expires_at
FROM stored_file WHERE id = %(id)s AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s)
"""
_CONTENT = "SELECT content FROM stored_file WHERE id = %(id)s"


@dataclass(frozen=True, slots=True)
class FileView:
    """What is known of a file, without its content. ``sha256`` in hexadecimal, ``size`` in bytes."""

    id: UUID
    name: str
    media_type: str
    purpose: str
    size: int
    sha256: str
    enterprise_id: UUID | None
    user_id: UUID | None
    created_at: datetime
    expires_at: datetime | None


def file_of(connection: Connection, file_id: UUID, enterprise_id: UUID | None = None) -> FileView | None:
    """Return what is known of a file, ``None`` when there is none (for that enterprise)."""
    rows = fetch(connection, _ONE, {"id": file_id, "enterprise": enterprise_id})
    return FileView(*rows[0]) if rows else None


def read_file(connection: Connection, vault: PersonalVault, file_id: UUID) -> bytes:
    """Return a file's content. Raises ``LookupError`` when it is gone."""
    rows = fetch(connection, _CONTENT, {"id": file_id}, binary=True)
    if not rows:
        raise LookupError(str(file_id))
    return vault.open_bytes(bytes(rows[0][0]))
