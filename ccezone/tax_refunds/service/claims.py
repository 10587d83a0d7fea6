"""Putting a claim together: open it, take items of the ledger in, state what is behind them. Each verb is one transaction's part.

A claim is changed in its draft only; every verb names the claimant, and another's claim looks like none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from psycopg.errors import UniqueViolation

from ccezone.declarations.queries.summaries import entry_numbers
from ccezone.kernel.check_digits import check_uscc
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.claims import Invoice
from ccezone.tax_refunds.queries.ledger import CLAIMABLE
from ccezone.tax_refunds.queries.rates import RefundRate, refund_rates
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.rules.claims import State, Step
from ccezone.tax_refunds.rules.self_check import DECLARATION_NO, INVOICE_NO
from ccezone.tax_refunds.service.held import draft, note_step

_OPEN = """
INSERT INTO refund_claim (id, merchant_id, method, period, taxpayer_class, state, version, domestic_sales, domestic_vat_pct,
    input_vat, carried_credit, paid, recovered, created_at, updated_at)
VALUES (%(id)s, %(merchant)s, %(method)s, %(period)s, %(class)s, 'draft', 1, %(domestic_sales)s, %(domestic_vat_pct)s,
    %(input_vat)s, %(carried_credit)s, 0, 0, %(at)s, %(at)s)
"""
_STATE = """
UPDATE refund_claim SET domestic_sales = %(domestic_sales)s, domestic_vat_pct = %(domestic_vat_pct)s,
    input_vat = %(input_vat)s, carried_credit = %(carried_credit)s WHERE id = %(id)s
"""
_CHOSEN = f"""
SELECT i.id, i.source, i.source_id, i.line_no, i.document_no, i.hs_code, i.currency, i.exported_on, i.amount
FROM goods_ledger_item i
WHERE i.id = ANY(%(ids)s) AND {CLAIMABLE}
"""  # noqa: S608  # our own names
_ADD = """
INSERT INTO refund_claim_item (id, claim_id, item_id, declaration_no, vat_pct, refund_pct, rate_basis, value_cny, live)
VALUES (%(id)s, %(claim)s, %(item)s, %(number)s, %(vat)s, %(refund)s, %(basis)s, %(value)s, true)
"""
_ITEM_RATES = "SELECT vat_pct, refund_pct, rate_basis FROM refund_claim_item WHERE claim_id = %(claim)s AND item_id = %(item)s"
_DROP = (
    "DELETE FROM refund_invoice WHERE claim_id = %(claim)s AND item_id = %(item)s",
    "DELETE FROM refund_claim_item WHERE claim_id = %(claim)s AND item_id = %(item)s",
)
_MEND = """
UPDATE refund_claim_item SET declaration_no = %(number)s, vat_pct = %(vat)s, refund_pct = %(refund)s, rate_basis = %(basis)s
WHERE claim_id = %(claim)s AND item_id = %(item)s
"""
_INVOICE = """
INSERT INTO refund_invoice (id, claim_id, item_id, invoice_no, seller_uscc, issued_on, amount, vat_pct, vat, live)
VALUES (%(id)s, %(claim)s, %(item)s, %(number)s, %(seller)s, %(day)s, %(amount)s, %(vat_pct)s, %(vat)s, true)
"""
_COLLECTION = """
UPDATE refund_claim_item SET collection = %(collection)s, collection_note = %(note)s
WHERE claim_id = %(claim)s AND item_id = %(item)s
"""
_LONGEST_NOTE = 500
STATED_BY_FIRM = "stated by the firm"
_MOST_YUAN, _MOST_PERCENT, _FEN = Decimal("9999999999999.99"), Decimal("99.99"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Figures:
    """A manufacturer's figures of the month beside its exports, in yuan and percent; a trading company has none."""

    domestic_sales: Decimal = Decimal(0)
    domestic_vat_pct: Decimal = Decimal(0)
    input_vat: Decimal = Decimal(0)
    carried_credit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Opening:
    """A new claim: by which method, for which month (``YYYY-MM``), the taxpayer's class."""

    method: Method
    period: str
    taxpayer_class: int
    figures: Figures = Figures()


def open_claim(uow: UnitOfWork, merchant: UUID, opening: Opening, actor: str, clock: Clock) -> UUID:
    """Open an empty draft. Raises ``Refused``."""
    _judge_opening(opening, clock)
    number = uuidv7()
    values = {"id": number, "merchant": merchant, "method": str(opening.method), "period": opening.period, "at": clock.now()}
    run(uow.connection, _OPEN, {**values, "class": opening.taxpayer_class, **asdict(opening.figures)})
    note_step(uow.connection, number, Step.OPEN, State.DRAFT, actor, clock)
    return number


def state_figures(uow: UnitOfWork, merchant: UUID, claim_id: UUID, figures: Figures, actor: str, clock: Clock) -> None:
    """State a manufacturer's figures anew. Raises ``Refused``."""
    if faults := _figure_faults(figures):
        raise Refused(*faults)
    draft(uow, merchant, claim_id, actor, clock)
    run(uow.connection, _STATE, {"id": claim_id, **asdict(figures)})


def add_items(
    uow: UnitOfWork, merchant: UUID, claim_id: UUID, items: Sequence[UUID], book: ParameterBook, actor: str, clock: Clock
) -> int:
    """Take items of the ledger in, with the rates and the exchange rate of their day; return how many. Raises ``Refused``."""
    draft(uow, merchant, claim_id, actor, clock)
    chosen = fetch(uow.connection, _CHOSEN, {"ids": list(items), "merchant": merchant})
    if len(chosen) < len(set(items)):
        raise Refused(Fault("/items", "refund_item_taken"))
    entries = _entry_numbers(uow.connection, [row[2] for row in chosen if row[1] == "L"])
    try:
        for item, source, source_id, line, number, code, currency, day, amount in chosen:
            rate = refund_rates(uow.connection, [code], day).get(code)
            exchange = book.exchange_rate(currency, day)
            value = amount * exchange.cny if exchange and amount is not None else None
            known = {"number": number if source == "G" else entries.get((source_id, line), ""), "value": value, **_rate(rate)}
            run(uow.connection, _ADD, {"id": uuidv7(), "claim": claim_id, "item": item, **known})
    except UniqueViolation:
        raise Refused(Fault("/items", "refund_item_taken")) from None
    return len(chosen)


def drop_item(uow: UnitOfWork, merchant: UUID, claim_id: UUID, item: UUID, actor: str, clock: Clock) -> None:
    """Take an item out again, with its invoices."""
    draft(uow, merchant, claim_id, actor, clock)
    for statement in _DROP:
        run(uow.connection, statement, {"claim": claim_id, "item": item})


def mend_item(
    uow: UnitOfWork, merchant: UUID, claim_id: UUID, item: UUID, stated: Mapping[str, str], actor: str, clock: Clock
) -> None:
    """State an item's declaration number and, where the tariff does not know them, its rates. Raises ``Refused``."""
    draft(uow, merchant, claim_id, actor, clock)
    found = fetch(uow.connection, _ITEM_RATES, {"claim": claim_id, "item": item})
    if not found:
        raise NotFound(Fault("", "not_found"))
    vat, refund, basis = found[0]
    if vat is None or refund is None or basis == STATED_BY_FIRM:
        vat, refund, basis = _percent(stated, "vat_pct"), _percent(stated, "refund_pct"), STATED_BY_FIRM
        if vat is not None and refund is not None and refund > vat:
            raise Refused(Fault("/refund_pct", "quote_refund_rate", {"refund": str(refund), "vat": str(vat)}))
    number = stated.get("declaration_no", "")
    if number and not DECLARATION_NO.fullmatch(number):
        raise Refused(Fault("/declaration_no", "bad_declaration_no", {"value": number}))
    values = {"claim": claim_id, "item": item, "number": number, "vat": vat, "refund": refund, "basis": basis}
    run(uow.connection, _MEND, values)


def state_collection(
    uow: UnitOfWork, merchant: UUID, claim_id: UUID, item: UUID, collection: str, note: str, actor: str, clock: Clock
) -> None:
    """State whether the money for an item came in (``collected``, ``not_collected``), and if not why. Raises ``Refused``."""
    draft(uow, merchant, claim_id, actor, clock)
    if collection not in ("collected", "not_collected"):
        raise Refused(Fault("/collection", "required"))
    if len(note) > _LONGEST_NOTE:
        raise Refused(Fault("/note", "too_long", {"max": str(_LONGEST_NOTE), "actual": str(len(note))}))
    values = {"claim": claim_id, "item": item, "collection": collection, "note": note if collection == "not_collected" else ""}
    if not run(uow.connection, _COLLECTION, values):
        raise NotFound(Fault("", "not_found"))


def add_invoice(uow: UnitOfWork, merchant: UUID, claim_id: UUID, invoice: Invoice, actor: str, clock: Clock) -> None:
    """Put a VAT invoice behind an item. Raises ``Refused``: a wrong number, or one that a live claim uses already."""
    draft(uow, merchant, claim_id, actor, clock)
    faults = []
    if not INVOICE_NO.fullmatch(invoice.invoice_no):
        faults.append(Fault("/invoice_no", "refund_invoice_no", {"value": invoice.invoice_no}))
    if not check_uscc(invoice.seller_uscc).valid:
        faults.append(Fault("/seller_uscc", "bad_uscc", {"value": invoice.seller_uscc}))
    known = {
        row[0] for row in fetch(uow.connection, "SELECT item_id FROM refund_claim_item WHERE claim_id = %(c)s", {"c": claim_id})
    }
    if invoice.item_id not in known:
        faults.append(Fault("/item_id", "required"))
    faults += _range_faults({"amount": invoice.amount}, least=_FEN) + _range_faults({"vat": invoice.vat})
    faults += _range_faults({"vat_pct": invoice.vat_pct}, _MOST_PERCENT)
    if faults:
        raise Refused(*faults)
    values = {"id": uuidv7(), "claim": claim_id, "item": invoice.item_id, "number": invoice.invoice_no}
    values |= {"seller": invoice.seller_uscc, "day": invoice.issued_on, "amount": invoice.amount}
    try:
        run(uow.connection, _INVOICE, {**values, "vat_pct": invoice.vat_pct, "vat": invoice.vat})
    except UniqueViolation:
        raise Refused(Fault("/invoice_no", "refund_invoice_used", {"value": invoice.invoice_no})) from None


def drop_invoice(uow: UnitOfWork, merchant: UUID, claim_id: UUID, invoice_id: UUID, actor: str, clock: Clock) -> None:
    """Take an invoice out again."""
    draft(uow, merchant, claim_id, actor, clock)
    run(
        uow.connection,
        "DELETE FROM refund_invoice WHERE claim_id = %(claim)s AND id = %(id)s",
        {"claim": claim_id, "id": invoice_id},
    )


def _judge_opening(opening: Opening, clock: Clock) -> None:
    faults = []
    try:
        begins = date.fromisoformat(f"{opening.period}-01")
    except ValueError:
        begins = None
    if begins is None or begins > clock.now().astimezone(SHANGHAI).date():
        faults.append(Fault("/period", "refund_period", {"value": opening.period}))
    if opening.taxpayer_class not in (1, 2, 3, 4):
        faults.append(Fault("/taxpayer_class", "required"))
    faults += _figure_faults(opening.figures)
    if faults:
        raise Refused(*faults)


def _figure_faults(figures: Figures) -> list[Fault]:
    amounts = {name: value for name, value in asdict(figures).items() if name != "domestic_vat_pct"}
    return [*_range_faults(amounts), *_range_faults({"domestic_vat_pct": figures.domestic_vat_pct}, _MOST_PERCENT)]


def _range_faults(stated: Mapping[str, Decimal], most: Decimal = _MOST_YUAN, least: Decimal = Decimal(0)) -> list[Fault]:
    """Judge amounts and percents: none is below ``least`` or beyond ``most``."""
    wrong = [name for name, value in stated.items() if not least <= value <= most]
    return [Fault(f"/{name}", "out_of_range", {"low": f"{least:f}", "high": f"{most:f}"}) for name in wrong]


def _entry_numbers(connection: Connection, lists: Sequence[str]) -> Mapping[tuple[str, int], str]:
    """Tell the customs declarations that summaries of these lists became, by (list, line)."""
    return {
        (str(found), line): number for (found, line), number in entry_numbers(connection, [int(each) for each in lists]).items()
    }


def _rate(rate: RefundRate | None) -> Mapping[str, object]:
    if rate is None or rate.vat_pct is None or rate.refund_pct is None:
        return {"vat": None, "refund": None, "basis": ""}
    return {"vat": rate.vat_pct, "refund": rate.refund_pct, "basis": f"{rate.document} ({rate.status})"}


def _percent(stated: Mapping[str, str], name: str) -> Decimal | None:
    text = stated.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 8 or Decimal(text) >= 100:
        raise Refused(Fault(f"/{name}", "quote_percent", {"value": text}))
    return Decimal(text)
