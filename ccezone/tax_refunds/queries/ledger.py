"""The goods ledger for pages: rows by filter, one item with its exemption check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.legal import exemption_terms
from ccezone.tax_refunds.queries.rates import RefundRate, refund_rates
from ccezone.tax_refunds.rules.exemption import Condition, ExemptionVerdict, judge
from ccezone.tax_refunds.rules.uses import Use

ZONE_CUSTOMS = "refund.zone_customs"
_NAMES = (
    *("id", "source", "source_id", "line_no", "merchant_id", "document_no", "order_no", "trade_mode", "declaration_path"),
    *("customs_code", "hs_code", "currency", "exported_on", "goods_name", "unit", "quantity", "unit_price", "amount", "gaps"),
    "made_at",
)
_COLUMNS = ", ".join(f"i.{name}" for name in _NAMES)
_CLAIM = """(SELECT c.claim_id FROM refund_claim_item c WHERE c.item_id = i.id AND c.live)"""
_EXEMPT = """(SELECT CASE WHEN x.filed_on IS NULL THEN 'exempt' ELSE 'exempt_filed' END
    FROM goods_exemption x WHERE x.item_id = i.id AND x.live)"""
_SHOWN = f"{_COLUMNS}, {_CLAIM}, {_EXEMPT}"
UNUSED = """NOT EXISTS (SELECT FROM refund_claim_item c WHERE c.item_id = i.id AND c.live)
    AND NOT EXISTS (SELECT FROM goods_exemption x WHERE x.item_id = i.id AND x.live)"""
"""Items that stand neither in a live claim nor in a live exemption."""
LIST = "CASE WHEN i.source = 'L' THEN i.source_id::bigint END"
"""The list an item comes from, by its key."""
ENTERED_BEFORE = """(i.source = 'L' AND EXISTS (SELECT FROM area_delivery a
    WHERE a.merchant_id = i.merchant_id AND a.list_no = i.document_no AND a.list_no <> '' AND a.removed_at IS NULL))"""
"""Items of lists by which goods left a special area: refundable since they entered, so they have no use of their own."""

CLAIMABLE = f"""
    i.merchant_id = %(merchant)s AND i.exported_on IS NOT NULL AND {UNUSED}
    AND (i.source = 'G' OR i.declaration_path = 'B' AND EXISTS (
        SELECT FROM declaration_state s WHERE s.id = {LIST} AND s.state = '899')
        AND NOT EXISTS (SELECT FROM returned_quantity q
            WHERE q.declaration_id = {LIST} AND q.line_no = i.line_no AND q.returned >= q.declared)
        AND NOT {ENTERED_BEFORE})
"""  # noqa: S608  # our own names
"""Items that may be claimed: of closed lists of the summary declaration, and of recorded declarations; not used yet, not come
back as a whole, and no list of goods that were refundable when they entered a special area already."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One exported item; ``claim_id`` is the live claim it stands in, ``exemption`` its live exemption (``exempt``, or
    ``exempt_filed`` once it was declared): never both."""

    id: UUID
    source: str
    source_id: str
    line_no: int
    merchant_id: UUID
    document_no: str
    order_no: str
    trade_mode: str
    declaration_path: str
    customs_code: str
    hs_code: str
    currency: str
    exported_on: date | None
    goods_name: str
    unit: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None
    gaps: Sequence[str]
    made_at: datetime
    claim_id: UUID | None
    exemption: str | None = None

    @property
    def use(self) -> Use:
        """What it is used for."""
        return Use.CLAIMED if self.claim_id else Use(self.exemption or Use.OPEN)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which items. ``text`` is exactly a document's, an order's number or code, or part of the goods' name; ``standing`` is
    ``gaps``, ``complete``, ``claimed``, ``exempt`` or ``open`` (neither)."""

    text: str = ""
    standing: str = ""
    trade_mode: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """An item's exemption check, with the rates of its day of export."""

    row: LedgerRow
    verdict: ExemptionVerdict
    rate: RefundRate | None


def search_ledger(
    connection: Connection, merchant: UUID | None, wanted: LedgerFilter, after: UUID | None = None, limit: int = 50
) -> Sequence[LedgerRow]:
    """Return items, the newest first, older than the cursor; of a merchant, or with ``None`` of all."""
    condition, values = _condition(merchant, wanted)
    older = " AND i.id < %(after)s" if after else ""
    statement = f"SELECT {_SHOWN} FROM goods_ledger_item i WHERE {condition}{older} ORDER BY i.id DESC LIMIT %(limit)s"  # noqa: S608  # our own names
    return [LedgerRow(*row) for row in fetch(connection, statement, {**values, "after": after, "limit": limit})]


def count_ledger(connection: Connection, merchant: UUID | None, wanted: LedgerFilter) -> Mapping[str, int]:
    """Count the items of a filter: all, with gaps, complete, claimed, exempt, open."""
    condition, values = _condition(merchant, LedgerFilter(wanted.text, "", wanted.trade_mode, wanted.since, wanted.until))
    statement = f"""SELECT count(*), count(*) FILTER (WHERE i.gaps <> '{{}}'), count(*) FILTER (WHERE i.gaps = '{{}}'),
        count(*) FILTER (WHERE {_CLAIM} IS NOT NULL), count(*) FILTER (WHERE {_EXEMPT} IS NOT NULL),
        count(*) FILTER (WHERE {UNUSED}) FROM goods_ledger_item i WHERE {condition}"""  # noqa: S608  # our own names
    found = fetch(connection, statement, values)[0]
    return dict(zip(("", "gaps", "complete", "claimed", "exempt", "open"), found, strict=True))


def claimable(connection: Connection, merchant: UUID, limit: int = 50) -> Sequence[LedgerRow]:
    """Return the items a merchant may claim a refund of, the oldest exports first."""
    statement = f"""SELECT {_SHOWN} FROM goods_ledger_item i WHERE {CLAIMABLE}
        ORDER BY i.exported_on, i.id LIMIT %(limit)s"""  # noqa: S608  # our own names
    return [LedgerRow(*row) for row in fetch(connection, statement, {"merchant": merchant, "limit": limit})]


def ledger_item(connection: Connection, merchant: UUID | None, item_id: UUID) -> LedgerRow | None:
    """Return one item; another merchant's looks like none."""
    statement = f"""SELECT {_SHOWN} FROM goods_ledger_item i
        WHERE i.id = %(id)s AND (%(merchant)s::uuid IS NULL OR i.merchant_id = %(merchant)s)"""  # noqa: S608  # our own names
    found = fetch(connection, statement, {"id": item_id, "merchant": merchant})
    return LedgerRow(*found[0]) if found else None


def ledger_items(connection: Connection, merchant: UUID, items: Sequence[UUID]) -> Sequence[LedgerRow]:
    """Return these items of a merchant, in the order of their ids; another's are left out."""
    statement = f"""SELECT {_SHOWN} FROM goods_ledger_item i
        WHERE i.id = ANY(%(ids)s) AND i.merchant_id = %(merchant)s ORDER BY i.id"""  # noqa: S608  # our own names
    return [LedgerRow(*row) for row in fetch(connection, statement, {"ids": list(items), "merchant": merchant})]


def check_exemption(connection: Connection, book: ParameterBook, row: LedgerRow, today: date) -> Checked:
    """Judge every condition of the exemption for an item by the law of its day of export, with the evidence it was judged by."""
    return check_exemptions(connection, book, [row], today)[0]


def check_exemptions(connection: Connection, book: ParameterBook, rows: Sequence[LedgerRow], today: date) -> Sequence[Checked]:
    """Judge several items, with one look at the tariff a day of export."""
    days = {row.exported_on or today for row in rows}
    rates = {day: refund_rates(connection, {row.hs_code for row in rows if (row.exported_on or today) == day}, day) for day in days}
    parties = directory(connection).by_id
    return [
        _judged(book, row, row.exported_on or today, rates[row.exported_on or today].get(row.hs_code), parties.get(row.merchant_id))
        for row in rows
    ]


def _judged(book: ParameterBook, row: LedgerRow, day: date, rate: RefundRate | None, firm: EnterpriseView | None) -> Checked:
    try:
        required, basis = exemption_terms(book, day)
    except ParameterMissing:
        return Checked(row, ExemptionVerdict((), None), rate)
    offices = _offices(book, day)
    met: dict[Condition, bool | None] = {
        Condition.ZONE_REGISTERED: firm is not None and firm.active,
        Condition.ZONE_RECORDED: not row.gaps,
        Condition.ZONE_CUSTOMS: row.customs_code in offices,
        Condition.NOT_REFUND_CANCELLED: None if rate is None or rate.refund_pct is None else not rate.cancelled,
    }
    evidence = {
        Condition.ZONE_REGISTERED: {
            "firm": firm.name if firm else "",
            "uscc": firm.uscc if firm else "",
            "node": firm.node if firm else "",
        },
        Condition.ZONE_RECORDED: {"gaps": " ".join(row.gaps)},
        Condition.ZONE_CUSTOMS: {
            "customs_code": row.customs_code,
            "zone_customs": " ".join(offices),
            "document_no": row.document_no,
        },
        Condition.NOT_REFUND_CANCELLED: _rate_evidence(row, rate),
    }
    return Checked(row, judge(required, met, basis, evidence), rate)


def _offices(book: ParameterBook, day: date) -> Sequence[str]:
    try:
        return book.texts(ZONE_CUSTOMS, day)
    except ParameterMissing:
        return ()


def _rate_evidence(row: LedgerRow, rate: RefundRate | None) -> Mapping[str, str]:
    known = rate is not None and rate.refund_pct is not None
    told = {
        "hs_code": row.hs_code,
        "refund_pct": f"{rate.refund_pct.normalize():f}" if rate and rate.refund_pct is not None else "",
    }
    return {**told, "document": rate.document, "status": rate.status} if known and rate else told


def _condition(merchant: UUID | None, wanted: LedgerFilter) -> tuple[str, Mapping[str, object]]:
    parts = ["true"]
    if merchant is not None:
        parts.append("i.merchant_id = %(merchant)s")
    if wanted.text:
        parts.append("(%(text)s IN (i.document_no, i.order_no, i.hs_code) OR strpos(i.goods_name, %(text)s) > 0)")
    if wanted.trade_mode:
        parts.append("i.trade_mode = %(mode)s")
    if wanted.since:
        parts.append("i.exported_on >= %(since)s")
    if wanted.until:
        parts.append("i.exported_on <= %(until)s")
    standing = {"gaps": "i.gaps <> '{}'", "complete": "i.gaps = '{}'", "claimed": f"{_CLAIM} IS NOT NULL"}
    standing |= {"exempt": f"{_EXEMPT} IS NOT NULL", "open": UNUSED}
    if wanted.standing in standing:
        parts.append(standing[wanted.standing])
    values = {"merchant": merchant, "text": wanted.text, "mode": wanted.trade_mode, "since": wanted.since, "until": wanted.until}
    return " AND ".join(parts), values
