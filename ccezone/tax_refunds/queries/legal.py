"""What parameters say of refunds on a day: conditions of the exemption, rates of assessed income tax; each with its document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.tax_refunds.rules.exemption import Condition, LegalBasis
from ccezone.tax_refunds.rules.income_tax import SmallProfitRelief

EXEMPTION = "refund.exemption_conditions"
_RELIEF = "refund.small_profit."


@dataclass(frozen=True, slots=True)
class IncomeTaxTerms:
    """Rates of assessed income tax on a day; ``relief`` is ``None`` when none is in force."""

    income_rate_pct: Decimal
    tax_rate_pct: Decimal
    relief: SmallProfitRelief | None
    document: str
    status: str
    relief_status: str


def exemption_terms(book: ParameterBook, day: date) -> tuple[Sequence[Condition], LegalBasis]:
    """Return the conditions in force on a day, with their basis. Raises ``ParameterMissing`` when there is no exemption."""
    row = book.row(EXEMPTION, day)
    basis = LegalBasis(row.document, row.effective_from, row.effective_to, row.status, row.note)
    return [Condition(name) for name in book.texts(EXEMPTION, day)], basis


def income_tax_terms(book: ParameterBook, day: date) -> IncomeTaxTerms:
    """Return the rates of a day. Raises ``ParameterMissing`` before assessment by revenue began."""
    assessed = book.row("refund.assessed_income_rate_pct", day)
    relief, status = _relief(book, day)
    income_rate, tax_rate = Decimal(str(assessed.value)), book.decimal("refund.income_tax_rate_pct", day)
    return IncomeTaxTerms(income_rate, tax_rate, relief, assessed.document, assessed.status, status)


def _relief(book: ParameterBook, day: date) -> tuple[SmallProfitRelief | None, str]:
    try:
        limit, base, rate = (book.decimal(_RELIEF + part, day) for part in ("limit", "base_pct", "rate_pct"))
    except ParameterMissing:
        return None, ""
    return SmallProfitRelief(limit, base, rate), book.row(_RELIEF + "limit", day).status
