"""Special-area export (1210) for pages: lots with what is left of them, deliveries, consolidated declarations, what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.rules.area import MODE, Lot, Period, period_of

MONTHS, DUE_DAYS = "export.area_summary_months", "export.area_summary_due_days"
ENTRY = f"i.source = 'G' AND i.trade_mode = '{MODE}' AND i.exported_on IS NOT NULL AND i.quantity > 0"
"""Items of the ledger that are lots: lines of recorded, released declarations into the area."""
MOST_SHOWN = 1_000
"""Deliveries on one page; a file names them all."""
DECLARATION = "CASE WHEN i.source = 'G' THEN i.source_id::uuid END"
"""The declaration a lot entered by, by its key."""
STANDS = "g.removed_at IS NULL AND g.released_on IS NOT NULL"
"""A recorded declaration that was not taken back and is released."""
LIVE_LOT = f"{ENTRY} AND EXISTS (SELECT FROM general_declaration g WHERE g.id = {DECLARATION} AND {STANDS})"
"""Lots out of which may be delivered: their declaration stands."""
SUMS = """CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.quantity) FILTER (WHERE k.declared), 0) AS declared,
        coalesce(sum(a.quantity) FILTER (WHERE k.declared IS NOT TRUE), 0) AS open
    FROM area_delivery a LEFT JOIN LATERAL (SELECT y.state = 'declared' AS declared
        FROM area_summary_delivery s JOIN area_summary y ON y.id = s.summary_id WHERE s.delivery_id = a.id AND s.live) k ON true
    WHERE a.item_id = i.id AND a.removed_at IS NULL) d"""
"""What was delivered out of a lot, declared in summary or open."""
_LOT = f"""i.id, i.merchant_id, i.source_id, i.document_no, i.line_no, i.goods_name, i.hs_code, i.unit, i.currency, i.amount,
    i.exported_on, i.quantity, d.declared, d.open,
    (SELECT c.claim_id FROM refund_claim_item c WHERE c.item_id = i.id AND c.live),
    EXISTS (SELECT FROM goods_exemption x WHERE x.item_id = i.id AND x.live),
    EXISTS (SELECT FROM general_declaration g WHERE g.id = {DECLARATION} AND {STANDS})"""  # noqa: S608  # our own names
_MINE = "(%(m)s::uuid IS NULL OR i.merchant_id = %(m)s)"
_TEXT = """(%(text)s = '' OR %(text)s IN (i.document_no, i.hs_code) OR strpos(i.goods_name, %(text)s) > 0
    OR EXISTS (SELECT FROM area_delivery a WHERE a.item_id = i.id AND a.removed_at IS NULL
        AND %(text)s IN (a.delivery_no, a.waybill_no, a.list_no)))"""
TABS: Mapping[str, str] = {
    "": "true",
    "stock": "i.quantity > d.declared + d.open",
    "open": "d.open > 0",
    "empty": "i.quantity <= d.declared + d.open",
}
_DELIVERY = """a.id, a.item_id, i.document_no, i.line_no, i.goods_name, i.unit, i.currency,
    round(i.amount * a.quantity / i.quantity, 2),
    a.delivery_no, a.delivered_on, a.quantity, a.waybill_no, a.list_no, a.made_at, y.id, y.number, y.state,
    (SELECT c.claim_id FROM refund_claim_item c WHERE c.item_id = i.id AND c.live)"""
_DELIVERIES = """area_delivery a JOIN goods_ledger_item i ON i.id = a.item_id
LEFT JOIN area_summary_delivery s ON s.delivery_id = a.id AND s.live LEFT JOIN area_summary y ON y.id = s.summary_id"""


@dataclass(frozen=True, slots=True)
class LotRow:
    """Goods that entered: a line of a recorded declaration, its account, its one use (a live claim, or exempt).

    ``stands``: the declaration was not taken back since; out of a lot without one nothing is delivered.
    """

    id: UUID
    merchant_id: UUID
    declaration_id: str
    document_no: str
    line_no: int
    goods_name: str
    hs_code: str
    unit: str
    currency: str
    amount: Decimal | None
    entered_on: date
    entered: Decimal
    declared: Decimal
    open: Decimal
    claim_id: UUID | None
    exempt: bool
    stands: bool

    @property
    def reference(self) -> str:
        """How people name it: the declaration and its line."""
        return f"{self.document_no}-{self.line_no}"

    @property
    def account(self) -> Lot:
        """What of it was delivered and declared."""
        return Lot(self.entered, self.declared, self.open)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery; ``value`` is its share of the lot's value, in ``currency``; ``state`` is its consolidated declaration's,
    ``claim_id`` the live claim its lot stands in."""

    id: UUID
    item_id: UUID
    document_no: str
    line_no: int
    goods_name: str
    unit: str
    currency: str
    value: Decimal | None
    delivery_no: str
    delivered_on: date
    quantity: Decimal
    waybill_no: str
    list_no: str
    made_at: datetime
    summary_id: UUID | None
    summary_number: int | None
    state: str | None
    claim_id: UUID | None

    @property
    def lot_reference(self) -> str:
        """How its lot is named."""
        return f"{self.document_no}-{self.line_no}"

    @property
    def summary_reference(self) -> str:
        """How its consolidated declaration is named; empty without one."""
        return summary_reference(self.summary_number) if self.summary_number else ""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One consolidated declaration; ``deliveries`` counts those in it, of a withdrawn one those that were."""

    id: UUID
    number: int
    merchant_id: UUID
    since: date
    until: date
    state: str
    version: int
    declaration_no: str
    declared_on: date | None
    updated_at: datetime
    deliveries: int

    @property
    def reference(self) -> str:
        """How people name it."""
        return summary_reference(self.number)


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """A firm's deliveries of a period that are not declared: ``free`` stand in no draft yet."""

    merchant_id: UUID
    period: Period
    due: date
    deliveries: int
    free: int


def summary_reference(number: int) -> str:
    """Return how a consolidated declaration is named to people."""
    return f"SA{number:08d}"


def lot_account(connection: Connection, item: UUID) -> Lot:
    """Return a lot's account. The caller holds its lock."""
    statement = f"SELECT i.quantity, d.declared, d.open FROM goods_ledger_item i {SUMS} WHERE i.id = %(id)s"  # noqa: S608  # our own names
    return Lot(*fetch(connection, statement, {"id": item})[0])


def search_lots(
    connection: Connection, merchant: UUID | None, tab: str = "", text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[LotRow]:
    """Return lots of a tab, the newest first; ``text``: number of the entry, a delivery, waybill or list, part of the goods."""
    statement = f"""SELECT {_LOT} FROM goods_ledger_item i {SUMS} WHERE {ENTRY} AND {_MINE} AND {TABS[tab]} AND {_TEXT}
        AND (%(after)s::uuid IS NULL OR i.id < %(after)s) ORDER BY i.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    return [LotRow(*row) for row in fetch(connection, statement, {"m": merchant, "text": text, "after": after, "limit": limit})]


def count_lots(connection: Connection, merchant: UUID | None, text: str = "") -> Mapping[str, int]:
    """Count lots by tab."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in TABS.values())
    statement = f"SELECT {counts} FROM goods_ledger_item i {SUMS} WHERE {ENTRY} AND {_MINE} AND {_TEXT}"  # noqa: S608  # our own names
    return dict(zip(TABS, fetch(connection, statement, {"m": merchant, "text": text})[0], strict=True))


def lot(connection: Connection, merchant: UUID | None, item: UUID) -> LotRow | None:
    """Return one; another merchant's looks like none."""
    statement = f"SELECT {_LOT} FROM goods_ledger_item i {SUMS} WHERE {ENTRY} AND {_MINE} AND i.id = %(id)s"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"m": merchant, "id": item})
    return LotRow(*found[0]) if found else None


def deliveries_of_lots(connection: Connection, items: Sequence[UUID], limit: int | None = MOST_SHOWN) -> Sequence[DeliveryRow]:
    """Return what was delivered out of lots, the last first; all of it without ``limit``. The caller judged who may read them."""
    statement = f"""SELECT {_DELIVERY} FROM {_DELIVERIES} WHERE a.item_id = ANY(%(ids)s) AND a.removed_at IS NULL
        ORDER BY a.delivered_on DESC, a.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    return [DeliveryRow(*row) for row in fetch(connection, statement, {"ids": list(items), "limit": limit})]


def deliveries_after(
    connection: Connection, *, lot: UUID | None = None, summary: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> Sequence[DeliveryRow]:
    """Return a page of what was delivered out of a lot, or of what a consolidated declaration gathers, the last recorded first.

    The caller has judged who may read them.
    """
    whose = "a.item_id = %(lot)s AND a.removed_at IS NULL"
    if summary is not None:
        whose = "a.id IN (SELECT g.delivery_id FROM area_summary_delivery g WHERE g.summary_id = %(summary)s)"
    statement = f"""SELECT {_DELIVERY} FROM {_DELIVERIES} WHERE {whose} AND (%(after)s::uuid IS NULL OR a.id < %(after)s)
        ORDER BY a.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"lot": lot, "summary": summary, "after": after, "limit": limit}
    return [DeliveryRow(*row) for row in fetch(connection, statement, values)]


def count_deliveries(connection: Connection, item: UUID) -> int:
    """Count what was delivered out of a lot."""
    statement = "SELECT count(*) FROM area_delivery WHERE item_id = %(id)s AND removed_at IS NULL"
    return int(fetch(connection, statement, {"id": item})[0][0])


def left_on_lists(connection: Connection, merchant: UUID | None, lists: Sequence[str]) -> Sequence[DeliveryRow]:
    """Return the deliveries that left on lists of a firm, by the lists' keys. The caller has judged who may read them."""
    statement = f"""SELECT {_DELIVERY} FROM {_DELIVERIES} WHERE a.merchant_id = %(m)s AND a.list_no <> '' AND a.removed_at IS NULL
        AND a.list_no IN (SELECT k.list_no FROM declaration_state k WHERE k.id = ANY(%(lists)s::bigint[]))
        ORDER BY a.delivered_on, a.id"""  # noqa: S608  # our own names
    return [DeliveryRow(*row) for row in fetch(connection, statement, {"m": merchant, "lists": list(lists)})]


def deliveries_of_summaries(
    connection: Connection, summaries: Sequence[UUID], limit: int | None = MOST_SHOWN
) -> Sequence[DeliveryRow]:
    """Return what consolidated declarations gather, or gathered, those of the newest first; all of it without ``limit``.

    The caller has judged who may read them.
    """
    statement = f"""SELECT {_DELIVERY} FROM {_DELIVERIES} JOIN area_summary_delivery g ON g.delivery_id = a.id
        WHERE g.summary_id = ANY(%(ids)s) ORDER BY g.summary_id DESC, a.delivered_on, a.id LIMIT %(limit)s"""  # noqa: S608  # our own names
    return [DeliveryRow(*row) for row in fetch(connection, statement, {"ids": list(summaries), "limit": limit})]


_SUMMARY = """i.id, i.number, i.merchant_id, i.since, i.until, i.state, i.version, i.declaration_no, i.declared_on, i.updated_at,
    (SELECT count(*) FROM area_summary_delivery s WHERE s.summary_id = i.id)"""


def search_summaries(
    connection: Connection, merchant: UUID | None, text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[SummaryRow]:
    """Return consolidated declarations, the newest first; ``text``: their number here or at customs."""
    statement = f"""SELECT {_SUMMARY} FROM area_summary i WHERE {_MINE}
        AND (%(text)s = '' OR %(text)s = i.declaration_no OR upper(%(text)s) = 'SA' || lpad(i.number::text, 8, '0'))
        AND (%(after)s::uuid IS NULL OR i.id < %(after)s) ORDER BY i.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    return [SummaryRow(*row) for row in fetch(connection, statement, {"m": merchant, "text": text, "after": after, "limit": limit})]


def summary(connection: Connection, merchant: UUID | None, summary_id: UUID) -> SummaryRow | None:
    """Return one; another merchant's looks like none."""
    statement = f"SELECT {_SUMMARY} FROM area_summary i WHERE {_MINE} AND i.id = %(id)s"  # noqa: S608  # our own names
    found = fetch(connection, statement, {"m": merchant, "id": summary_id})
    return SummaryRow(*found[0]) if found else None


def due_periods(connection: Connection, merchant: UUID | None, parameters: ParameterBook) -> Sequence[DuePeriod]:
    """Return periods with deliveries that are not declared, the earliest due first. Raises ``ParameterMissing``."""
    statement = """SELECT i.merchant_id, i.delivered_on, count(*), count(*) FILTER (WHERE s.delivery_id IS NULL)
        FROM area_delivery i LEFT JOIN area_summary_delivery s ON s.delivery_id = i.id AND s.live
        LEFT JOIN area_summary y ON y.id = s.summary_id
        WHERE i.removed_at IS NULL AND y.state IS DISTINCT FROM 'declared' AND (%(m)s::uuid IS NULL OR i.merchant_id = %(m)s)
        GROUP BY 1, 2"""
    sums: dict[tuple[UUID, Period], tuple[int, int]] = {}
    for firm, day, count, free in fetch(connection, statement, {"m": merchant}):
        known = sums.get(key := (firm, period_on(parameters, day)), (0, 0))
        sums[key] = (known[0] + count, known[1] + free)
    found = [DuePeriod(firm, span, due_on(parameters, span), *counted) for (firm, span), counted in sums.items()]
    return sorted(found, key=lambda each: (each.due, str(each.merchant_id)))


def period_on(parameters: ParameterBook, day: date) -> Period:
    """Return the period a delivery of a day belongs to, by the parameter in force then. Raises ``ParameterMissing``."""
    return period_of(day, parameters.integer(MONTHS, day))


def due_on(parameters: ParameterBook, period: Period) -> date:
    """Return the last day to declare a period's deliveries. Raises ``ParameterMissing``."""
    return period.due(parameters.integer(DUE_DAYS, period.until))
