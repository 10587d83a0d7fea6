"""Read models of orders: lists with filters and counts, one with its checks and story, those of a firm, a list, an origin."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.inspection.queries.numbers import read_number, spelled
from ccezone.inspection.rules import Signed
from ccezone.storage.copying import fetch

Tab = Literal["open", "overdue", "pass", "fail", "cancelled"]
TABS: tuple[Tab, ...] = ("open", "overdue", "pass", "fail", "cancelled")
_COLUMNS = """
o.id, o.number, o.subject_kind, o.subject, o.enterprise_id, o.reason, o.origin, o.what, o.place, o.planned_at, o.due_on, o.result,
o.findings, o.conclusion, o.opened_at, o.opened_by, o.closed_at, o.closed_by, o.version
"""
_SELECT = f"""
SELECT {_COLUMNS}, (SELECT count(*) FROM inspection_check c WHERE c.order_id = o.id),
    (SELECT count(*) FROM inspection_check c WHERE c.order_id = o.id AND c.opinion <> '')
FROM inspection_order o
"""  # noqa: S608  # our own words
_WHERE = """
WHERE (%(reason)s = '' OR o.reason = %(reason)s)
    AND (%(agency)s = '' OR EXISTS (SELECT FROM inspection_check c WHERE c.order_id = o.id AND c.agency = %(agency)s))
    AND (%(text)s = '' OR o.number = %(number)s OR o.subject = %(text)s OR o.enterprise_id = ANY(%(firms)s::uuid[])
        OR (o.subject_kind = 'batch' AND strpos(lower(o.subject), lower(%(text)s)) > 0))
"""
_IN_TAB = """
    AND (CASE %(tab)s WHEN 'open' THEN o.closed_at IS NULL WHEN 'overdue' THEN o.closed_at IS NULL AND o.due_on < %(today)s
        ELSE o.result = %(tab)s END)
"""
_PAGE = "AND (%(after)s::uuid IS NULL OR o.id < %(after)s) ORDER BY o.id DESC LIMIT %(limit)s"
_COUNTS = f"""
SELECT count(*) FILTER (WHERE closed_at IS NULL), count(*) FILTER (WHERE closed_at IS NULL AND due_on < %(today)s),
    count(*) FILTER (WHERE result = 'pass'), count(*) FILTER (WHERE result = 'fail'), count(*) FILTER (WHERE result = 'cancelled')
FROM inspection_order o {_WHERE}
"""  # noqa: S608  # our own words
_OF_FIRM = f"""
{_SELECT} WHERE o.enterprise_id = %(firm)s AND (o.closed_at IS NULL) = %(open)s
    AND (%(after)s::uuid IS NULL OR o.id < %(after)s) ORDER BY o.id DESC LIMIT %(limit)s
"""
_CHECKS_OF = """
SELECT agency, inspectors, invited_at, opinion, findings, note, file_id, signed_at, signed_by FROM inspection_check
WHERE order_id = %(id)s ORDER BY invited_at, agency
"""
_STEPS = "SELECT at, actor, action, agency, note, file_id, detail FROM inspection_step WHERE order_id = %(id)s ORDER BY id"
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders. ``firms`` are those a searched name fits; ``today`` says what is overdue."""

    today: date
    tab: Tab = "open"
    reason: str = ""
    agency: str = ""
    text: str = ""
    firms: Sequence[UUID] = field(default=())


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order; ``checks`` of which ``signed`` are in."""

    id: UUID
    number: int
    subject_kind: str
    subject: str
    enterprise_id: UUID
    reason: str
    origin: str
    what: str
    place: str
    planned_at: datetime | None
    due_on: date
    result: str
    findings: Sequence[str]
    conclusion: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str
    version: int
    checks: int
    signed: int

    @property
    def spelled(self) -> str:
        """The number as people write it."""
        return spelled(self.number)

    @property
    def open(self) -> bool:
        """Whether there is no result yet."""
        return self.closed_at is None

    def overdue(self, today: date) -> bool:
        """Whether it should have a result by now."""
        return self.open and self.due_on < today


@dataclass(frozen=True, slots=True)
class CheckView:
    """An agency on an order, and what it signed in."""

    agency: str
    inspectors: Sequence[str]
    invited_at: datetime
    opinion: str
    findings: Sequence[str]
    note: str
    file_id: UUID | None
    signed_at: datetime | None
    signed_by: str

    @property
    def judged(self) -> Signed:
        """What the rules judge."""
        return Signed(self.agency, self.opinion)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of an order's story."""

    at: datetime
    actor: str
    action: str
    agency: str
    note: str
    file_id: UUID | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its checks and its story."""

    row: OrderRow
    checks: Sequence[CheckView]
    steps: Sequence[StepView]

    @property
    def files(self) -> frozenset[UUID]:
        """Every document that belongs to it."""
        named = [*(each.file_id for each in self.checks), *(each.file_id for each in self.steps)]
        return frozenset(each for each in named if each)


def search_orders(connection: Connection, wanted: OrderFilter, after: UUID | None = None, limit: int = 50) -> Sequence[OrderRow]:
    """Return orders of a tab, the newest first."""
    values = {**_values(wanted), "tab": wanted.tab, "after": after, "limit": limit}
    return [OrderRow(*row) for row in fetch(connection, f"{_SELECT} {_WHERE} {_IN_TAB} {_PAGE}", values)]


def every_order(connection: Connection, wanted: OrderFilter) -> Iterator[OrderRow]:
    """Yield all orders of a filter, page by page."""
    after = None
    while True:
        rows = search_orders(connection, wanted, after, _TOGETHER)
        yield from rows
        if len(rows) < _TOGETHER:
            return
        after = rows[-1].id


def count_orders(connection: Connection, wanted: OrderFilter) -> Mapping[str, int]:
    """Count what ``search_orders`` gives for each tab."""
    return dict(zip(TABS, fetch(connection, _COUNTS, _values(wanted))[0], strict=True))


def order(connection: Connection, order_id: UUID, enterprise_id: UUID | None = None) -> OrderView | None:
    """Return an order, ``None`` when there is none (of that enterprise)."""
    values = {"id": order_id, "firm": enterprise_id}
    rows = fetch(connection, f"{_SELECT} WHERE o.id = %(id)s AND (%(firm)s::uuid IS NULL OR o.enterprise_id = %(firm)s)", values)
    if not rows:
        return None
    checks = [CheckView(*row) for row in fetch(connection, _CHECKS_OF, values)]
    return OrderView(OrderRow(*rows[0]), checks, [StepView(*row) for row in fetch(connection, _STEPS, values)])


def orders_of_firm(
    connection: Connection, enterprise_id: UUID, *, only_open: bool, after: UUID | None = None, limit: int = 50
) -> Sequence[OrderRow]:
    """Return a firm's orders, the newest first."""
    values = {"firm": enterprise_id, "open": only_open, "after": after, "limit": limit}
    return [OrderRow(*row) for row in fetch(connection, _OF_FIRM, values)]


def count_of_firm(connection: Connection, enterprise_id: UUID) -> tuple[int, int]:
    """Count a firm's open orders and those with a result."""
    counted = (
        "SELECT count(*) FILTER (WHERE closed_at IS NULL), count(closed_at) FROM inspection_order WHERE enterprise_id = %(firm)s"
    )
    open_ones, over = fetch(connection, counted, {"firm": enterprise_id})[0]
    return int(open_ones), int(over)


def orders_about(connection: Connection, subject_kind: str, subject: str) -> Sequence[OrderRow]:
    """Return the orders about a list, batch or firm, the newest first."""
    statement = f"{_SELECT} WHERE o.subject_kind = %(kind)s AND o.subject = %(subject)s ORDER BY o.id DESC LIMIT 50"
    return [OrderRow(*row) for row in fetch(connection, statement, {"kind": subject_kind, "subject": subject})]


def orders_from(connection: Connection, origin: str) -> Sequence[OrderRow]:
    """Return the orders that came from an alert, case or plan (``risk_alert:ID``), opened or joined for it, the newest first."""
    statement = f"""
        {_SELECT} WHERE o.origin = %(origin)s OR o.id IN (
            SELECT order_id FROM inspection_step WHERE action = 'joined' AND detail ->> 'origin' = %(origin)s
        ) ORDER BY o.id DESC LIMIT 50
    """  # noqa: S608  # our own words
    return [OrderRow(*row) for row in fetch(connection, statement, {"origin": origin})]


def _values(wanted: OrderFilter) -> dict[str, object]:
    asked = {"reason": wanted.reason, "agency": wanted.agency, "text": wanted.text, "number": read_number(wanted.text)}
    return {**asked, "firms": list(wanted.firms), "today": wanted.today}
