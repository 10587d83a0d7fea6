"""Read models of random draws: plans, what was published of them, the drawn objects with their orders, progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.inspection.queries.numbers import plan_spelled
from ccezone.storage.copying import fetch

_SELECT = """
SELECT id, number, title, subject_kind, since, until, due_on, wanted, agencies, "each", state, drafted_at, drafted_by, frozen_at,
    drawn_at, version
FROM inspection_plan
"""
_MANY = f"""
{_SELECT} WHERE state = ANY(%(states)s) AND (%(after)s::uuid IS NULL OR id < %(after)s) ORDER BY id DESC LIMIT %(limit)s
"""
_PUBLICATION = "SELECT stage, at, actor, document, digest FROM inspection_publication WHERE plan_id = %(id)s AND stage = %(stage)s"
_PUBLICATIONS = "SELECT stage, at, actor, ''::bytea, digest FROM inspection_publication WHERE plan_id = %(id)s ORDER BY at"
_DRAWN = """
SELECT b.token, b.subject, b.enterprise_id, b.grade, b.place, b.order_id, o.number, o.due_on, o.result, o.closed_at
FROM inspection_object b LEFT JOIN inspection_order o ON o.id = b.order_id
WHERE b.plan_id = %(id)s AND b.place IS NOT NULL AND b.place > %(after)s
    AND (NOT %(unfinished)s OR o.closed_at IS NULL) AND (NOT %(overdue)s OR (o.closed_at IS NULL AND o.due_on < %(today)s))
ORDER BY b.place LIMIT %(limit)s
"""
_PROGRESS = """
SELECT count(*), count(*) FILTER (WHERE o.closed_at IS NULL), count(*) FILTER (WHERE o.closed_at IS NULL AND o.due_on < %(today)s),
    count(*) FILTER (WHERE o.result = 'pass'), count(*) FILTER (WHERE o.result = 'fail'),
    count(*) FILTER (WHERE o.result = 'cancelled')
FROM inspection_object b JOIN inspection_order o ON o.id = b.order_id WHERE b.plan_id = %(id)s AND b.place IS NOT NULL
"""
_STRATA = """
SELECT grade, count(*), count(place) FROM inspection_object WHERE plan_id = %(id)s GROUP BY grade ORDER BY grade
"""
_PUBLIC_NAME = "SELECT token FROM inspection_object WHERE plan_id = %(plan)s AND enterprise_id = %(firm)s AND order_id = %(order)s"


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan of random inspections. ``each``: how many inspectors an agency sends to an object."""

    id: UUID
    number: int
    title: str
    subject_kind: str
    since: date
    until: date
    due_on: date
    wanted: Mapping[str, str]
    agencies: Sequence[str]
    each: int
    state: str
    drafted_at: datetime
    drafted_by: str
    frozen_at: datetime | None
    drawn_at: datetime | None
    version: int

    @property
    def spelled(self) -> str:
        """The number as people write it."""
        return plan_spelled(self.number)


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published at a stage; ``digest`` is the SHA-256 of its bytes."""

    stage: str
    at: datetime
    actor: str
    document: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class DrawnView:
    """A drawn object and the order about it."""

    token: str
    subject: str
    enterprise_id: UUID
    grade: str
    place: int
    order_id: UUID | None
    number: int | None
    due_on: date | None
    result: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the drawn objects of a plan are worked off."""

    drawn: int
    unfinished: int
    overdue: int
    passed: int
    failed: int
    cancelled: int


def plan(connection: Connection, plan_id: UUID) -> PlanView | None:
    """Return one plan."""
    rows = fetch(connection, f"{_SELECT} WHERE id = %(id)s", {"id": plan_id})
    return PlanView(*rows[0]) if rows else None


def plan_numbered(connection: Connection, number: int) -> PlanView | None:
    """Return the plan of a number."""
    rows = fetch(connection, f"{_SELECT} WHERE number = %(number)s", {"number": number})
    return PlanView(*rows[0]) if rows else None


def plans(connection: Connection, states: Sequence[str], after: UUID | None = None, limit: int = 50) -> Sequence[PlanView]:
    """Return plans in these states, the newest first."""
    values = {"states": list(states), "after": after, "limit": limit}
    return [PlanView(*row) for row in fetch(connection, _MANY, values)]


def publication(connection: Connection, plan_id: UUID, stage: str) -> Publication | None:
    """Return what was published of a plan at a stage (``frozen``, ``drawn``)."""
    rows = fetch(connection, _PUBLICATION, {"id": plan_id, "stage": stage})
    return Publication(*rows[0]) if rows else None


def publications(connection: Connection, plan_id: UUID) -> Sequence[Publication]:
    """Return what was published of a plan, without the documents."""
    return [Publication(*row) for row in fetch(connection, _PUBLICATIONS, {"id": plan_id})]


def drawn_objects(
    connection: Connection, plan_id: UUID, today: date, only: str = "", after: int = 0, limit: int = 50
) -> Sequence[DrawnView]:
    """Return the drawn objects in order of their rank; ``only`` the ``unfinished`` or ``overdue`` ones."""
    chosen = {"unfinished": only in ("unfinished", "overdue"), "overdue": only == "overdue", "today": today}
    return [DrawnView(*row) for row in fetch(connection, _DRAWN, {"id": plan_id, **chosen, "after": after, "limit": limit})]


def progress(connection: Connection, plan_id: UUID, today: date) -> Progress:
    """Count the drawn objects of a plan by what became of them."""
    return Progress(*fetch(connection, _PROGRESS, {"id": plan_id, "today": today})[0])


def strata(connection: Connection, plan_id: UUID) -> Sequence[tuple[str, int, int]]:
    """Return of each grade how many objects there are and how many were drawn."""
    return [(grade, int(number), int(drawn)) for grade, number, drawn in fetch(connection, _STRATA, {"id": plan_id})]


def token_of(connection: Connection, plan_id: UUID, enterprise_id: UUID, order_id: UUID) -> str | None:
    """Return the public name of the object that an order of a firm was drawn for."""
    rows = fetch(connection, _PUBLIC_NAME, {"plan": plan_id, "firm": enterprise_id, "order": order_id})
    return str(rows[0][0]) if rows else None
