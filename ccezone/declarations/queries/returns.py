"""Goods returns: a firm's, or all for the office; one in full; what came back on which day, for whoever counts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.declarations.rules.applications import may_change, tab_of
from ccezone.declarations.rules.returns import ReturnTerms
from ccezone.parameters.queries import book
from ccezone.parameters.rules import ParameterMissing
from ccezone.storage.copying import fetch

_COLUMNS = """a.id, a.merchant_id, a.state, a.submission, a.eport_no, a.created_at, a.updated_at, a.message_type,
    r.declaration_id, r.flow, r.list_no, r.reason, r.head, r.relief, r.repayment, r.arrived_on, r.released_at,
    d.order_no, d.trade_mode, d.currency, d.content -> 'lines',
    coalesce((SELECT sum(l.amount) FROM goods_return_line l WHERE l.application_id = a.id), 0),
    coalesce((SELECT jsonb_object_agg(l.line_no, l.quantity::text) FROM goods_return_line l WHERE l.application_id = a.id), '{}')"""
_FROM = "customs_application a JOIN goods_return r ON r.id = a.id JOIN declaration_list d ON d.id = r.declaration_id"
_MINE = "a.kind = 'return' AND (%(merchant)s::uuid IS NULL OR a.merchant_id = %(merchant)s)"
_TEXT = "(%(text)s = '' OR %(text)s IN (a.id::text, r.list_no, d.order_no, d.waybill_no, a.eport_no))"
_REJECTED = "(a.state IN ('100', 'refused') OR left(a.state, 1) = '-')"
_STATES: Mapping[str, str] = {
    "": "true",
    "draft": "a.state = 'draft'",
    "filed": f"a.state NOT IN ('draft', 'dropped') AND r.released_at IS NULL AND NOT {_REJECTED}",
    "rejected": _REJECTED,
    "granted": f"r.released_at IS NOT NULL AND NOT {_REJECTED}",
    "dropped": "a.state = 'dropped'",
}
_TAKEN = "SELECT line_no, returned FROM returned_quantity WHERE declaration_id = %(id)s"
_FACTS = """
SELECT a.id, a.merchant_id, r.declaration_id, r.flow, (r.released_at AT TIME ZONE 'Asia/Shanghai')::date, d.trade_mode, d.currency,
    l.line_no, l.quantity, l.amount
FROM goods_return r JOIN customs_application a ON a.id = r.id JOIN declaration_list d ON d.id = r.declaration_id
JOIN goods_return_line l ON l.application_id = r.id
WHERE (r.released_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(since)s AND %(until)s ORDER BY r.released_at, r.id, l.line_no
"""


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return. ``quantities`` by line number, ``amount`` in the list's ``currency``, ``lines`` as the list declared them."""

    id: int
    merchant_id: UUID
    state: str
    submission: int
    eport_no: str | None
    created_at: datetime
    updated_at: datetime
    message_type: str
    declaration_id: int
    flow: str
    list_no: str
    reason: str
    head: Mapping[str, str]
    relief: bool
    repayment: str
    arrived_on: date | None
    released_at: datetime | None
    order_no: str
    trade_mode: str
    currency: str
    lines: Sequence[Mapping[str, str]]
    amount: Decimal
    quantities: Mapping[str, str]

    @property
    def tab(self) -> str:
        """The tab it stands in."""
        return tab_of(self.message_type, self.state)

    @property
    def changeable(self) -> bool:
        """Whether it may be changed, filed or given up now."""
        return may_change(self.state)


@dataclass(frozen=True, slots=True)
class ReturnFact:
    """What came back of a line on a day (Shanghai): what statistics take off again."""

    application_id: int
    merchant_id: UUID
    declaration_id: int
    flow: str
    day: date
    trade_mode: str
    currency: str
    line_no: int
    quantity: Decimal
    amount: Decimal


def return_terms(connection: Connection, zone: str, day: date) -> ReturnTerms:
    """Return the terms of returns in force on a day."""
    rules = book(connection, zone)
    try:
        relief: int | None = rules.integer("export.return_relief_months", day)
    except ParameterMissing:
        relief = None
    return ReturnTerms(
        rules.integer("export.return_within_months", day),
        relief,
        rules.integer("import.return_apply_days", day),
        rules.integer("import.return_arrive_days", day),
    )


def search_returns(
    connection: Connection, merchant: UUID | None, tab: str = "", text: str = "", after: int | None = None, limit: int = 50
) -> Sequence[ReturnRow]:
    """Return goods returns, the newest first; of a merchant, or with ``None`` of all. ``text``: any number of theirs."""
    statement = f"""SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND {_STATES[tab]} AND {_TEXT}
        AND (%(after)s::bigint IS NULL OR a.id < %(after)s) ORDER BY a.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"merchant": merchant, "text": text, "after": after, "limit": limit}
    return [ReturnRow(*row) for row in fetch(connection, statement, values)]


def count_returns(connection: Connection, merchant: UUID | None, text: str = "") -> Mapping[str, int]:
    """Count returns by tab; ``""`` counts all."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in _STATES.values())
    statement = f"SELECT {counts} FROM {_FROM} WHERE {_MINE} AND {_TEXT}"  # noqa: S608  # our own names
    return dict(zip(_STATES, fetch(connection, statement, {"merchant": merchant, "text": text})[0], strict=True))


def goods_return(connection: Connection, merchant: UUID | None, application_id: int) -> ReturnRow | None:
    """Return one; another merchant's looks like none."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND a.id = %(id)s"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"merchant": merchant, "id": application_id})
    return ReturnRow(*found[0]) if found else None


def returns_of_list(connection: Connection, merchant: UUID | None, declaration_id: int) -> Sequence[ReturnRow]:
    """Return all returns of a list, the newest first."""
    statement = f"SELECT {_COLUMNS} FROM {_FROM} WHERE {_MINE} AND r.declaration_id = %(id)s ORDER BY a.id DESC"  # noqa: S608  # our own names
    return [ReturnRow(*row) for row in fetch(connection, statement, {"merchant": merchant, "id": declaration_id})]


def returned_so_far(connection: Connection, declaration_id: int) -> Mapping[int, Decimal]:
    """Return how much all returns of a list take together, drafts included, by line."""
    return {row[0]: row[1] for row in fetch(connection, _TAKEN, {"id": declaration_id})}


def returned_goods(connection: Connection, since: date, until: date) -> Sequence[ReturnFact]:
    """Return what customs let come back between two days, line by line."""
    return [ReturnFact(*row) for row in fetch(connection, _FACTS, {"since": since, "until": until})]
