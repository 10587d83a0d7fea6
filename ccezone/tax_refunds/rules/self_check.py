"""The self-check before filing (疑点): what would make the bureau doubt a claim, and what it amounts to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ccezone.kernel.money import round_half_up
from ccezone.tax_refunds.rules.amounts import Method, Period, RatedValue, credit_refund, purchase_refund
from ccezone.tax_refunds.rules.terms import NEW_WINDOW_BEGINS, claim_until, collected_until

DECLARATION_NO = re.compile(r"[0-9]{18}")
INVOICE_NO = re.compile(r"[0-9]{20}|[0-9]{18}")
"""A digital invoice has twenty digits; older ones a code of ten or twelve and a number of eight."""
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """A VAT invoice behind an item, in yuan."""

    invoice_no: str
    issued_on: date
    amount: Decimal
    vat_pct: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An exported item in a claim: ``value`` is its FOB value in yuan, ``None`` without an exchange rate.

    ``collected``: whether its money came in; ``None``: nobody said. ``collection_note`` is why it did not.
    """

    name: str
    declaration_no: str
    exported_on: date | None
    complete: bool
    value: Decimal | None
    vat_pct: Decimal | None
    refund_pct: Decimal | None
    invoices: Sequence[InvoiceFacts] = ()
    collected: bool | None = None
    collection_note: str = ""

    @property
    def purchased(self) -> Decimal:
        """What its invoices say it cost, without VAT."""
        return sum((each.amount for each in self.invoices), _ZERO)


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim as it would be filed on ``today``; the last four count for manufacturers."""

    method: Method
    items: Sequence[ItemFacts]
    today: date
    window_months: int | None
    tolerance: Decimal
    domestic_sales: Decimal = _ZERO
    domestic_vat_pct: Decimal = _ZERO
    input_vat: Decimal = _ZERO
    carried_credit: Decimal = _ZERO
    collection_due: str = ""
    """``MM-DD`` of the year after export by which money should be in; empty: no such rule."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the bureau would doubt. What ``blocks`` must be mended before filing; ``subject`` is the item or invoice."""

    code: str
    blocks: bool
    subject: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


def self_check(claim: ClaimFacts) -> Sequence[Doubt]:
    """Return everything doubtful about a claim."""
    if not claim.items:
        return [Doubt("refund_doubt_no_items", blocks=True)]
    found = [doubt for item in claim.items for doubt in _of_item(claim, item)]
    if not any(each.blocks for each in found) and not amount_claimed(claim):
        found.append(Doubt("refund_doubt_nothing_to_refund", blocks=True))
    return found


def amount_claimed(claim: ClaimFacts) -> Decimal | None:
    """Return the refund a claim comes to, ``None`` while rates or values are missing."""
    rated = [_rated(claim.method, item) for item in claim.items]
    whole = [each for each in rated if each is not None]
    if len(whole) < len(rated) or not whole:
        return None
    if claim.method is Method.EXEMPT_REFUND:
        return purchase_refund(whole).refund
    period = Period(whole, (), claim.domestic_sales, claim.domestic_vat_pct, claim.input_vat, claim.carried_credit)
    return credit_refund(period).refund


def _rated(method: Method, item: ItemFacts) -> RatedValue | None:
    value = item.purchased if method is Method.EXEMPT_REFUND else item.value
    if value is None or item.vat_pct is None or item.refund_pct is None:
        return None
    return RatedValue(value, item.vat_pct, item.refund_pct)


def _of_item(claim: ClaimFacts, item: ItemFacts) -> list[Doubt]:
    found = []
    if not DECLARATION_NO.fullmatch(item.declaration_no):
        found.append(Doubt("refund_doubt_declaration_no_missing", blocks=True, subject=item.name))
    if item.vat_pct is None or item.refund_pct is None:
        found.append(Doubt("refund_doubt_rate_unknown", blocks=True, subject=item.name))
    elif item.refund_pct == 0:
        found.append(Doubt("refund_doubt_refund_cancelled", blocks=True, subject=item.name))
    if not item.complete:
        found.append(Doubt("refund_doubt_ledger_gaps", blocks=False, subject=item.name))
    if item.value is None:
        found.append(Doubt("refund_doubt_value_unknown", blocks=claim.method is Method.EXEMPT_CREDIT_REFUND, subject=item.name))
    found += _of_window(claim, item) + _of_collection(claim, item)
    return found + (_of_invoices(claim, item) if claim.method is Method.EXEMPT_REFUND else [])


def _of_window(claim: ClaimFacts, item: ItemFacts) -> list[Doubt]:
    if item.exported_on is None:
        return [Doubt("refund_doubt_export_date_missing", blocks=True, subject=item.name)]
    until = claim_until(item.exported_on, claim.window_months)
    if until is not None and claim.today > until:
        return [Doubt("refund_doubt_window_over", blocks=True, subject=item.name, params={"until": until.isoformat()})]
    if item.exported_on < NEW_WINDOW_BEGINS and claim.today.year > item.exported_on.year + 1:
        return [
            Doubt(
                "refund_doubt_claimed_late", blocks=False, subject=item.name, params={"exported_on": item.exported_on.isoformat()}
            )
        ]
    return []


def _of_collection(claim: ClaimFacts, item: ItemFacts) -> list[Doubt]:
    """Money that is late holds a claim until the firm says that it came, or why it did not (STA 2013 No.30)."""
    if item.exported_on is None or not claim.collection_due or item.collected:
        return []
    until = collected_until(item.exported_on, claim.collection_due)
    if claim.today <= until:
        return []
    if item.collected is None:
        return [Doubt("refund_doubt_collection_unstated", blocks=True, subject=item.name, params={"until": until.isoformat()})]
    held = not item.collection_note.strip()
    code = "refund_doubt_uncollected_unexplained" if held else "refund_doubt_uncollected"
    return [Doubt(code, blocks=held, subject=item.name, params={"until": until.isoformat()})]


def _of_invoices(claim: ClaimFacts, item: ItemFacts) -> list[Doubt]:
    if not item.invoices:
        return [Doubt("refund_doubt_invoice_missing", blocks=True, subject=item.name)]
    found = []
    for each in item.invoices:
        due = round_half_up(each.amount * each.vat_pct / _HUNDRED)
        if abs(due - each.vat) > claim.tolerance:
            said = {"stated": f"{each.vat:,.2f}", "due": f"{due:,.2f}"}
            found.append(Doubt("refund_doubt_invoice_vat_differs", blocks=True, subject=each.invoice_no, params=said))
        if item.vat_pct is not None and each.vat_pct != item.vat_pct:
            rates = {"invoice": f"{each.vat_pct.normalize():f}", "goods": f"{item.vat_pct.normalize():f}"}
            found.append(Doubt("refund_doubt_invoice_rate_differs", blocks=False, subject=each.invoice_no, params=rates))
        if each.issued_on > claim.today:
            found.append(Doubt("refund_doubt_invoice_to_come", blocks=True, subject=each.invoice_no))
    if item.value is not None and item.purchased > item.value:
        said = {"purchased": f"{item.purchased:,.2f}", "value": f"{item.value:,.2f}"}
        found.append(Doubt("refund_doubt_purchase_above_export", blocks=False, subject=item.name, params=said))
    return found
