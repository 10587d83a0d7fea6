"""Opening and closing exception cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run

_OPEN = """
INSERT INTO exception_case (id, kind, subject_kind, subject, enterprise_id, opened_at, detail)
VALUES (%(id)s, %(kind)s, %(subject_kind)s, %(subject)s, %(enterprise)s, %(at)s, %(detail)s)
ON CONFLICT (kind, subject_kind, subject) WHERE closed_at IS NULL DO NOTHING
"""
_CLOSE = """
UPDATE exception_case SET closed_at = %(at)s, closed_by = %(actor)s, closing_cause = %(cause)s
WHERE id = %(id)s AND closed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """News: a case was opened."""

    case_id: UUID
    kind: str
    subject_kind: str
    subject: int
    enterprise_id: UUID | None
    at: datetime
    detail: Mapping[str, object]


def open_case(
    uow: UnitOfWork,
    kind: str,
    subject_kind: str,
    subject: int,
    enterprise_id: UUID | None,
    at: datetime,
    detail: Mapping[str, object],
) -> None:
    """Open a case; while one of this kind is open for the subject nothing is added."""
    case_id = uuidv7()
    values = {"id": case_id, "kind": kind, "subject_kind": subject_kind, "subject": subject, "enterprise": enterprise_id}
    if run(uow.connection, _OPEN, {**values, "at": at, "detail": Jsonb(dict(detail))}):
        uow.publish(CaseOpened(case_id, kind, subject_kind, subject, enterprise_id, at, detail))


def close_case(uow: UnitOfWork, case_id: UUID, actor: str, cause: str, at: datetime) -> None:
    """Close a case with its cause. Raises ``Refused`` without a cause, ``NotFound`` when no such case is open."""
    if not cause.strip():
        raise Refused(Fault("/cause", "required", {}))
    if not run(uow.connection, _CLOSE, {"id": case_id, "actor": actor, "cause": cause.strip(), "at": at}):
        raise NotFound(Fault("", "case_not_open", {"id": str(case_id)}))
