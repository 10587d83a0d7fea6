"""The background work that pages of the office ask for, as the hub puts it together."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from ccezone.accounts.service import CheckAudit, ExportAudit
from ccezone.accounts.service.exporting import CHECK, EXPORT
from ccezone.background.ports import Handler
from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.clock import Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault


def audit_handlers(database: Database, clock: Clock) -> Mapping[str, Handler]:
    """Who exports and who checks the audit trail."""

    def keep(uow: UnitOfWork, name: str, content: bytes, user_id: UUID | None, expires_at: datetime) -> UUID:
        upload = Upload(name, FileKind.CSV, content, EXPORT, user_id=user_id, expires_at=expires_at)
        return store_file(uow, PersonalVault(bytes(32)), upload, clock)

    return {EXPORT: ExportAudit(database, clock, keep), CHECK: CheckAudit(database, clock)}
