"""Read models of exception cases: the queues, one case with its history, a firm's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.cases.rules.queues import SEEN_BY_FIRM, overdue
from ccezone.storage.copying import fetch

Whose = Literal["", "mine", "nobody", "answered", "asked", "overdue"]
_SELECT = """
SELECT id, kind, subject_kind, subject, enterprise_id, opened_at, detail, priority, due_at, owner_id, owner_name, awaiting,
    closed_at, closed_by, cause, closing_cause
FROM exception_case
"""
_WHOSE: Mapping[Whose, str] = {
    "": "true",
    "mine": "owner_id = %(user)s",
    "nobody": "owner_id IS NULL",
    "answered": "awaiting = 'office'",
    "asked": "awaiting = 'firm'",
    "overdue": "due_at < %(now)s",
}
_MATCHING = """
(closed_at IS NULL) = %(open)s AND (%(kind)s = '' OR kind = %(kind)s)
    AND (%(text)s = '' OR enterprise_id = ANY(%(enterprises)s::uuid[]) OR position(lower(%(text)s) IN lower(detail::text)) > 0)
"""
_RANK = "priority, coalesce(due_at, 'infinity'::timestamptz), id"
_AFTER = f"({_RANK}) > (SELECT {_RANK} FROM exception_case WHERE id = %(after)s)"  # noqa: S608  # constants
_AFTER_CLOSED = "(closed_at, id) < (SELECT closed_at, id FROM exception_case WHERE id = %(after)s)"
_NEXT = f"""
SELECT id FROM exception_case
WHERE closed_at IS NULL AND awaiting <> 'firm' AND (owner_id IS NULL OR owner_id = %(user)s)
    AND (%(kind)s = '' OR kind = %(kind)s) AND id <> %(after)s
ORDER BY coalesce({_AFTER}, true) DESC, {_RANK} LIMIT 1
"""  # noqa: S608  # constants
_ONE = f"{_SELECT} WHERE id = %(id)s AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s)"
_KINDS = "SELECT kind, count(*) FROM exception_case WHERE (closed_at IS NULL) = %(open)s GROUP BY kind ORDER BY kind"
_OF = f"{_SELECT} WHERE subject_kind = %(kind)s AND subject = %(subject)s ORDER BY id DESC"
_OF_FIRM = f"""
{_SELECT}
WHERE enterprise_id = %(enterprise)s AND (closed_at IS NULL) = %(open)s AND (%(after)s::uuid IS NULL OR id < %(after)s)
ORDER BY id DESC LIMIT %(limit)s
"""
_FIRM_COUNTS = """
SELECT count(*) FILTER (WHERE closed_at IS NULL), count(*) FILTER (WHERE closed_at IS NOT NULL),
    count(*) FILTER (WHERE awaiting = 'firm')
FROM exception_case WHERE enterprise_id = %(enterprise)s
"""
_COLLEAGUES = """
SELECT id, CASE WHEN name = '' THEN login ELSE name END AS shown FROM user_account
WHERE status = 'active' AND role IN ('zone_officer', 'admin') ORDER BY shown, id
"""
_STEPS = """
SELECT id, kind, at, actor, actor_name, words, detail FROM case_step
WHERE case_id = %(id)s AND (NOT %(firm)s OR kind = ANY(%(kinds)s::text[])) ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. ``subject`` is a list's id, an order's key, or a digest (``detail`` spells what it stands for)."""

    id: UUID
    kind: str
    subject_kind: str
    subject: int
    enterprise_id: UUID | None
    opened_at: datetime
    detail: Mapping[str, Any]
    priority: int
    due_at: datetime | None
    owner_id: UUID | None
    owner_name: str
    awaiting: str
    closed_at: datetime | None
    closed_by: str | None
    cause: str | None
    closing_cause: str | None

    @property
    def open(self) -> bool:
        """Whether it still waits for a person."""
        return self.closed_at is None

    def overdue(self, now: datetime) -> bool:
        """Whether it is, or was when it was closed, past its time."""
        return overdue(self.due_at, self.closed_at, now)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a case's history (``rules.queues.StepKind``)."""

    id: UUID
    kind: str
    at: datetime
    actor: str
    actor_name: str
    words: str
    detail: Mapping[str, Any]

    @property
    def file_id(self) -> UUID | None:
        """The file that came with it."""
        return UUID(self.detail["file"]) if "file" in self.detail else None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may own a case."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases. ``user`` and ``now`` say who looks and when; ``enterprises`` are firms whose name holds ``text``."""

    only_open: bool = True
    kind: str = ""
    whose: Whose = ""
    text: str = ""
    enterprises: Sequence[UUID] = ()
    user: UUID | None = None
    now: datetime | None = None

    @property
    def values(self) -> dict[str, object]:
        """The parameters of a statement."""
        values: dict[str, object] = {"open": self.only_open, "kind": self.kind, "text": self.text.strip(), "user": self.user}
        return {**values, "enterprises": list(self.enterprises), "now": self.now}


def search_cases(
    connection: Connection, wanted: CaseFilter = CaseFilter(), after: UUID | None = None, limit: int = 50
) -> Sequence[CaseView]:
    """Return open cases, the most pressing and soonest due first, or closed ones, the last closed first, after a cursor."""
    cursor, order = (_AFTER, f"ORDER BY {_RANK}") if wanted.only_open else (_AFTER_CLOSED, "ORDER BY closed_at DESC, id DESC")
    later = f"AND {cursor}" if after else ""
    statement = f"{_SELECT} WHERE {_MATCHING} AND {_WHOSE[wanted.whose]} {later} {order} LIMIT %(limit)s"
    return [CaseView(*row) for row in fetch(connection, statement, {**wanted.values, "after": after, "limit": limit})]


def count_whose(connection: Connection, wanted: CaseFilter) -> Mapping[Whose, int]:
    """Count the open cases of a queue by whose turn it is; the rows of each number are ``search_cases`` with that ``whose``."""
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _WHOSE.values())
    row = fetch(connection, f"SELECT {counted} FROM exception_case WHERE {_MATCHING}", wanted.values)[0]  # noqa: S608  # constants
    return dict(zip(_WHOSE, row, strict=True))


def case(connection: Connection, case_id: UUID, enterprise_id: UUID | None = None) -> CaseView | None:
    """Return one case (of that enterprise, where one is named)."""
    found = fetch(connection, _ONE, {"id": case_id, "enterprise": enterprise_id})
    return CaseView(*found[0]) if found else None


def next_case(connection: Connection, user_id: UUID | None, kind: str = "", after: UUID | None = None) -> UUID | None:
    """Return the case to work on next: one's own or nobody's, that waits for no firm, after this one, else from the start."""
    found = fetch(connection, _NEXT, {"user": user_id, "kind": kind, "after": after or UUID(int=0)})
    return found[0][0] if found else None


def steps_of(connection: Connection, case_id: UUID, *, for_firm: bool = False) -> Sequence[StepView]:
    """Return a case's history, the oldest step first; for a firm only what was said between it and the office, and the end."""
    values = {"id": case_id, "firm": for_firm, "kinds": [kind.value for kind in SEEN_BY_FIRM]}
    return [StepView(*row) for row in fetch(connection, _STEPS, values)]


def colleagues(connection: Connection) -> Sequence[Colleague]:
    """Return the officers a case may be handed to, by name."""
    return [Colleague(*row) for row in fetch(connection, _COLLEAGUES)]


def cases_of(connection: Connection, subject_kind: str, subject: int) -> Sequence[CaseView]:
    """Return the cases about one subject, newest first."""
    return [CaseView(*row) for row in fetch(connection, _OF, {"kind": subject_kind, "subject": subject})]


def cases_of_firm(
    connection: Connection, enterprise_id: UUID, *, only_open: bool = True, after: UUID | None = None, limit: int = 50
) -> Sequence[CaseView]:
    """Return a firm's cases, newest first, after a cursor."""
    values = {"enterprise": enterprise_id, "open": only_open, "after": after, "limit": limit}
    return [CaseView(*row) for row in fetch(connection, _OF_FIRM, values)]


def count_of_firm(connection: Connection, enterprise_id: UUID) -> Mapping[str, int]:
    """Count a firm's cases: ``open``, ``closed``, and ``asked``, which wait for its answer."""
    row = fetch(connection, _FIRM_COUNTS, {"enterprise": enterprise_id})[0]
    return dict(zip(("open", "closed", "asked"), row, strict=True))


def count_cases(connection: Connection, *, only_open: bool = True) -> Mapping[str, int]:
    """Count open (or closed) cases by kind."""
    return dict(fetch(connection, _KINDS, {"open": only_open}))


def count_open(connection: Connection) -> int:
    """Count all open cases."""
    return sum(count_cases(connection).values())
