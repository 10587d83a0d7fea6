"""What is to be reported or declared: advance and deferred receipts, receipts without a declaration; and what was reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.fx.queries.receipts import REFERENCE
from ccezone.fx.rules.reports import Due, Exposure, ReportTerms
from ccezone.kernel.working_days import WorkCalendar
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

MOST = 200
_FIRM = "(%(firm)s::uuid IS NULL OR {}.enterprise_id = %(firm)s)"
_OPEN_ADVANCE = """
    r.amount - r.returned - r.leaving - coalesce((SELECT sum(m.amount) FROM fx_match m JOIN fx_order o ON o.order_key = m.order_key
        WHERE m.receipt_id = r.id AND m.kind = 'money' AND o.exported_on IS NOT NULL), 0)
"""
ADVANCE = f"""
SELECT r.id::text, {REFERENCE}, r.enterprise_id, r.currency, open.amount, r.value_date
FROM fx_receipt r CROSS JOIN LATERAL (SELECT {_OPEN_ADVANCE} AS amount) open
WHERE {_FIRM.format("r")} AND NOT r.limited AND r.state <> 'returned' AND open.amount > %(tolerance)s
    AND (%(subject)s = '' OR r.id::text = %(subject)s) AND (r.value_date < %(advance)s
        OR r.value_date BETWEEN %(soon_from)s AND %(soon_to)s OR %(subject)s <> '')
    AND NOT EXISTS (SELECT FROM fx_credit_report c WHERE c.receipt_id = r.id AND c.withdrawn_at IS NULL)
ORDER BY r.value_date, r.id LIMIT %(most)s
"""  # noqa: S608  # our own names
DEFERRED = f"""
SELECT o.order_key::text, o.order_no, o.enterprise_id, o.currency, o.expected - o.received - o.netted, o.exported_on
FROM fx_order o
WHERE {_FIRM.format("o")} AND o.expected - o.received - o.netted > %(tolerance)s AND o.exported_on IS NOT NULL
    AND (%(subject)s = '' OR o.order_key::text = %(subject)s) AND (%(subject)s <> ''
        OR o.exported_on < CASE WHEN o.enterprise_id = ANY(%(class_a)s) THEN %(deferred_a)s::date ELSE %(deferred_bc)s::date END
        OR o.exported_on BETWEEN %(soon_from)s AND %(soon_to)s)
    AND NOT EXISTS (SELECT FROM fx_credit_report c WHERE c.order_key = o.order_key AND c.withdrawn_at IS NULL)
ORDER BY o.exported_on, o.order_key LIMIT %(most)s
"""  # noqa: S608  # our own names
_OF = {Exposure.ADVANCE: ADVANCE, Exposure.DEFERRED: DEFERRED}
_REPORTED = f"""
SELECT c.id, c.enterprise_id, c.receipt_id, c.order_key, coalesce({REFERENCE}, o.order_no), c.currency,
    c.amount, c.since, c.reported_on, c.reference, c.at, c.name
FROM fx_credit_report c LEFT JOIN fx_receipt r ON r.id = c.receipt_id LEFT JOIN fx_order o ON o.order_key = c.order_key
WHERE {_FIRM.format("c")} AND c.withdrawn_at IS NULL AND (%(after)s::uuid IS NULL OR c.id < %(after)s)
ORDER BY c.id DESC LIMIT %(most)s
"""  # noqa: S608  # our own names
_UNDECLARED = f"""
SELECT r.id, {REFERENCE}, r.enterprise_id, r.currency, r.amount, r.value_date FROM fx_receipt r
WHERE {_FIRM.format("r")} AND r.declared_at IS NULL AND r.state <> 'returned' AND NOT r.limited
ORDER BY r.value_date, r.id LIMIT %(most)s
"""  # noqa: S608  # our own names


@dataclass(frozen=True, slots=True)
class ToReport:
    """An exposure to report: ``subject`` is a receipt's id or an order's key."""

    kind: Exposure
    subject: str
    name: str
    enterprise_id: UUID
    currency: str
    amount: Decimal
    since: date
    due: Due
    report_by: date

    def days(self, today: date) -> int:
        """How long it lasts."""
        return (today - self.since).days


@dataclass(frozen=True, slots=True)
class Reported:
    """A trade-credit report on record."""

    id: UUID
    enterprise_id: UUID
    receipt_id: UUID | None
    order_key: int | None
    name: str
    currency: str
    amount: Decimal
    since: date
    reported_on: date
    reference: str
    at: datetime
    by: str

    @property
    def kind(self) -> Exposure:
        return Exposure.DEFERRED if self.receipt_id is None else Exposure.ADVANCE


@dataclass(frozen=True, slots=True)
class Undeclared:
    """A receipt without a declaration to the balance of payments, and the last day for one."""

    id: UUID
    name: str
    enterprise_id: UUID
    currency: str
    amount: Decimal
    value_date: date
    due_on: date


def to_report(
    connection: Connection,
    firm: UUID | None,
    kind: Exposure,
    terms: ReportTerms,
    tolerance: Decimal,
    most: int = MOST,
    subject: str = "",
) -> Sequence[ToReport]:
    """Return what is late or to be reported soon, the oldest first; with a ``subject`` that one, whenever it is due."""
    soon_to = terms.today - timedelta(days=terms.report - terms.remind)
    values = {
        "firm": firm,
        "subject": subject,
        "tolerance": tolerance,
        "class_a": list(terms.class_a),
        "advance": terms.today - timedelta(days=terms.advance),
        "deferred_a": terms.today - timedelta(days=terms.deferred_a),
        "deferred_bc": terms.today - timedelta(days=terms.deferred_bc),
        "soon_from": terms.today - timedelta(days=terms.report),
        "soon_to": soon_to,
        "most": most,
    }
    return [_exposure(kind, terms, *row) for row in fetch(connection, _OF[kind], values)]


def reported(connection: Connection, firm: UUID | None, after: UUID | None = None, limit: int = 50) -> Sequence[Reported]:
    """Return the reports on record, the newest first."""
    return [Reported(*row) for row in fetch(connection, _REPORTED, {"firm": firm, "after": after, "most": limit})]


def undeclared(
    connection: Connection, firm: UUID | None, days: int, calendar: WorkCalendar, most: int = MOST
) -> Sequence[Undeclared]:
    """Return receipts that wait for their declaration, the oldest first; it is due ``days`` working days after the money came."""
    rows = fetch(connection, _UNDECLARED, {"firm": firm, "most": most})
    return [
        Undeclared(number, name, owner, currency, amount, day, calendar.add(day, days))
        for number, name, owner, currency, amount, day in rows
    ]


def per_firm(rows: Sequence[ToReport]) -> Mapping[UUID, int]:
    """Count by enterprise."""
    found: dict[UUID, int] = {}
    for row in rows:
        found[row.enterprise_id] = found.get(row.enterprise_id, 0) + 1
    return found


def _exposure(
    kind: Exposure, terms: ReportTerms, subject: str, name: str, enterprise: UUID, currency: str, amount: Decimal, since: date
) -> ToReport:
    due = terms.due(kind, enterprise, since, reported=False)
    return ToReport(kind, subject, name, enterprise, currency, amount, since, due, terms.report_by(since))
