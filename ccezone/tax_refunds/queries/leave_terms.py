"""What parameters say of the refund upon leaving the country: its business code, the end of its window, when to remind."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.tax_refunds.queries.claims import ClaimItem
from ccezone.tax_refunds.rules.leave import MODE, unsold

CODE, DUE, REMIND = "refund.leave_business_code", "refund.leave_reconcile_due", "refund.leave_remind_days"


def business_code(book: ParameterBook, exported_on: date | None) -> str:
    """Return the code under which unsold goods are claimed; empty for exports before it was in force."""
    try:
        return book.text(CODE, exported_on) if exported_on else ""
    except ParameterMissing:
        return ""


def reconcile_due(book: ParameterBook, day: date) -> str:
    """Return month and day (``MM-DD``) of the VAT filing deadline of April, the end of the window. Raises ``ParameterMissing``."""
    return book.text(DUE, day)


def remind_days(book: ParameterBook, day: date) -> Sequence[int]:
    """Return how many days before the end of its window a firm is reminded."""
    try:
        return [int(each) for each in book.texts(REMIND, day)]
    except ParameterMissing:
        return []


def code_of(item: ClaimItem, book: ParameterBook) -> str:
    """Return the business code of an item's unsold goods; empty where the rule does not reach it."""
    return business_code(book, item.exported_on) if item.trade_mode == MODE and item.quantity else ""


def declared_apart(item: ClaimItem, book: ParameterBook) -> Mapping[str, object]:
    """Return an item's lines of sold and of unsold goods, the latter under the business code; nothing where the rule does not
    reach it (REF-004: declared apart, undivided counts as unsold)."""
    code = code_of(item, book)
    if not code:
        return {}
    exported, sold = item.quantity or Decimal(0), item.sold or Decimal(0)
    parts = [("sold", sold, ""), ("unsold", unsold(exported, item.sold), code)]
    return {"lines": [{"part": name, "quantity": f"{qty:f}", "business_code": known} for name, qty, known in parts if qty]}
