"""Keeping files: attachments, uploaded workbooks, what a job made. Sealed, for workbooks hold buyers' names."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ccezone.cases.rules import MEDIA_TYPES, FileKind
from ccezone.cases.tables import StoredFile
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault

_LET_GO = "UPDATE stored_file SET expires_at = %(now)s WHERE id = %(id)s"
_DROP = "DELETE FROM stored_file WHERE expires_at < %(now)s"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to keep: ``purpose`` says for what, ``expires_at`` (aware) until when it is needed, if not for good."""

    name: str
    kind: FileKind
    content: bytes
    purpose: str
    enterprise_id: UUID | None = None
    user_id: UUID | None = None
    expires_at: datetime | None = None


def store_file(uow: UnitOfWork, vault: PersonalVault, upload: Upload, clock: Clock) -> UUID:
    """Keep a file; return its id. Whoever takes it from outside judges it first (``rules.file_faults``)."""
    row = StoredFile(
        id=uuidv7(),
        name=upload.name[-200:],
        media_type=MEDIA_TYPES[upload.kind],
        purpose=upload.purpose,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        content=vault.seal_bytes(upload.content),
        enterprise_id=upload.enterprise_id,
        user_id=upload.user_id,
        created_at=clock.now(),
        expires_at=upload.expires_at,
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id


def let_go(uow: UnitOfWork, file_id: UUID, clock: Clock) -> None:
    """Let a file be dropped that nobody needs any more."""
    run(uow.connection, _LET_GO, {"id": file_id, "now": clock.now()})


def drop_expired_files(uow: UnitOfWork, clock: Clock) -> int:
    """Drop files whose time is over; return how many."""
    return run(uow.connection, _DROP, {"now": clock.now()})
