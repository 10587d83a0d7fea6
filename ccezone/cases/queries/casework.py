"""Read models of exception cases: what a person must look at, since when, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_SELECT = """
SELECT id, kind, subject_kind, subject, enterprise_id, opened_at, detail, closed_at, closed_by, closing_cause FROM exception_case
"""
_SEARCH = f"""
{_SELECT}
WHERE (closed_at IS NULL) = %(open)s AND (%(kind)s = '' OR kind = %(kind)s) AND (%(after)s::uuid IS NULL OR id < %(after)s)
ORDER BY id DESC LIMIT %(limit)s
"""
_ONE = f"{_SELECT} WHERE id = %(id)s"
_COUNTS = "SELECT kind, count(*) FROM exception_case WHERE (closed_at IS NULL) = %(open)s GROUP BY kind ORDER BY kind"
_OF = f"{_SELECT} WHERE subject_kind = %(kind)s AND subject = %(subject)s ORDER BY id DESC"


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. ``subject`` is a list's id, an order's key, or the digest of a message's id (``detail`` spells it)."""

    id: UUID
    kind: str
    subject_kind: str
    subject: int
    enterprise_id: UUID | None
    opened_at: datetime
    detail: Mapping[str, Any]
    closed_at: datetime | None
    closed_by: str | None
    closing_cause: str | None

    @property
    def open(self) -> bool:
        """Whether it still waits for a person."""
        return self.closed_at is None


def search_cases(
    connection: Connection, *, only_open: bool = True, kind: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[CaseView]:
    """Return open (or closed) cases, newest first, after a cursor."""
    values = {"open": only_open, "kind": kind, "after": after, "limit": limit}
    return [CaseView(*row) for row in fetch(connection, _SEARCH, values)]


def case(connection: Connection, case_id: UUID) -> CaseView | None:
    """Return one case."""
    found = fetch(connection, _ONE, {"id": case_id})
    return CaseView(*found[0]) if found else None


def cases_of(connection: Connection, subject_kind: str, subject: int) -> Sequence[CaseView]:
    """Return the cases about one subject, newest first."""
    return [CaseView(*row) for row in fetch(connection, _OF, {"kind": subject_kind, "subject": subject})]


def count_cases(connection: Connection, *, only_open: bool = True) -> Mapping[str, int]:
    """Count open (or closed) cases by kind."""
    return dict(fetch(connection, _COUNTS, {"open": only_open}))


def count_open(connection: Connection) -> int:
    """Count all open cases."""
    return sum(count_cases(connection).values())
