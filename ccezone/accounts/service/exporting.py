"""Background work on the audit trail: exporting what was searched for, and checking the chain on demand."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from ccezone.accounts.ports import FileKeeper
from ccezone.accounts.queries.audit import AuditFilter, AuditView, count_audit, search_audit
from ccezone.accounts.rules import Permission, Principal
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.verifying import verify_audit
from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.csv_text import csv_text
from ccezone.kernel.errors import Fault, NotAllowed, Refused
from ccezone.storage import Database, UnitOfWork

EXPORT = "audit_export"
CHECK = "audit_check"
MOST_ROWS = 200_000
KEPT = timedelta(days=7)
_TOGETHER = 5_000
_COLUMNS = ("number", "id", "at", "actor", "action", "subject", "detail")


def request_audit_export(uow: UnitOfWork, wanted: AuditFilter, by: Principal, clock: Clock) -> UUID:
    """Ask for an export of what matches; return the job's id. Raises ``NotAllowed``, ``Refused``: too much, nothing."""
    _permit(by)
    number = count_audit(uow.connection, wanted)
    if not number:
        raise Refused(Fault("", "audit_export_empty"))
    if number > MOST_ROWS:
        raise Refused(Fault("", "audit_export_large", {"number": str(number), "most": str(MOST_ROWS)}))
    kept = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(wanted).items()}
    job_id = request_job(uow, EXPORT, clock, user_id=by.user_id, arguments=kept)
    said = {name: str(value) for name, value in kept.items() if value and name not in ("actions", "alike", "unlike")}
    record(uow, by, "audit.export", f"job:{job_id}", clock, {**said, "rows": str(number)})
    return job_id


def request_audit_check(uow: UnitOfWork, by: Principal, clock: Clock) -> UUID:
    """Ask for a check of the whole trail; return the job's id. Raises ``NotAllowed``."""
    _permit(by)
    job_id = request_job(uow, CHECK, clock, user_id=by.user_id, arguments={"asked_by": by.actor})
    record(uow, by, "audit.check", f"job:{job_id}", clock)
    return job_id


@dataclass(frozen=True, slots=True)
class CheckAudit:
    """Does the jobs of kind ``CHECK`` (``background.ports.Handler``)."""

    database: Database
    clock: Clock

    def __call__(self, work: Work) -> Outcome:
        """Check the trail; finding damage is a good end of the work, and is told by itself."""
        found = verify_audit(self.database, self.clock, str(work.arguments["asked_by"]))
        return Outcome({"entries": found.number, "found": found.found})


@dataclass(frozen=True, slots=True)
class ExportAudit:
    """Does the jobs of kind ``EXPORT`` (``background.ports.Handler``): a CSV, the newest entry first."""

    database: Database
    clock: Clock
    keep: FileKeeper

    def __call__(self, work: Work) -> Outcome:
        """Write the file anew."""
        parts = [csv_text([_COLUMNS])]
        wanted, before, done = _filter(work.arguments), None, 0
        while True:
            with self.database.reading() as connection:
                rows = search_audit(connection, wanted, before, _TOGETHER)
            if not rows:
                break
            parts.append(csv_text((_cells(row) for row in rows), marked=False))
            before, done = rows[-1].number, done + len(rows)
            with self.database.begin() as uow:
                work.reached(uow, done)
        now = self.clock.now()
        expires_at = now + KEPT
        name = f"audit-{now.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.csv"
        with self.database.begin() as uow:
            work.reached(uow, done)
            file_id = self.keep(uow, name, b"".join(parts), work.user_id, expires_at)
        return Outcome({"name": name, "rows": done, "expires_at": expires_at.isoformat()}, file_id)


def _cells(row: AuditView) -> list[str]:
    detail = json.dumps(row.detail, ensure_ascii=False, sort_keys=True)
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return [str(row.number), str(row.id), at, row.actor, row.action, row.subject, detail]


def _filter(kept: Mapping[str, Any]) -> AuditFilter:
    since, until = (datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("since", "until"))
    return AuditFilter(kept["actors"], kept["actions"], kept["subject"], since, until, kept["alike"], kept["unlike"])


def _permit(by: Principal) -> None:
    if not by.may(Permission.AUDIT_READ):
        raise NotAllowed(Fault("", "not_allowed"))
