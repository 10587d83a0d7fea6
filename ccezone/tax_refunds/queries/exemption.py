"""Exempt goods for pages and returns: months with what was exempt, a month's items, the year's assessed income tax."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.legal import IncomeTaxTerms, income_tax_terms
from ccezone.tax_refunds.rules.income_tax import AssessedTax, assessed_tax

_MONTHS = """
SELECT month, count(*), coalesce(sum(value_cny), 0), count(*) FILTER (WHERE value_cny IS NULL),
    count(*) FILTER (WHERE filed_on IS NULL), max(filed_on)
FROM goods_exemption WHERE live AND merchant_id = %(merchant)s AND month >= %(since)s AND month <= %(until)s
GROUP BY month ORDER BY month DESC
"""
_ITEMS = """
SELECT x.item_id, i.document_no, i.line_no, i.goods_name, i.hs_code, i.exported_on, i.quantity, i.unit, i.amount, i.currency,
    x.value_cny, x.document, x.confirmed, x.chosen_at, x.filed_on
FROM goods_exemption x JOIN goods_ledger_item i ON i.id = x.item_id
WHERE x.live AND x.merchant_id = %(merchant)s AND x.month = %(month)s ORDER BY i.exported_on, i.id LIMIT %(limit)s
"""
MOST = 2000
"""As many items of a month as are shown and printed one by one; the sums count all."""


@dataclass(frozen=True, slots=True)
class ExemptMonth:
    """A month of export: items taken as exempt, their value in yuan, how many lack a rate, how many are not declared yet."""

    month: str
    items: int
    value: Decimal
    without_value: int
    unfiled: int
    filed_on: date | None


@dataclass(frozen=True, slots=True)
class ExemptItem:
    """An item taken as exempt; ``confirmed`` are the conditions the firm vouched for."""

    item_id: UUID
    document_no: str
    line_no: int
    goods_name: str
    hs_code: str
    exported_on: date
    quantity: Decimal | None
    unit: str
    amount: Decimal | None
    currency: str
    value_cny: Decimal | None
    document: str
    confirmed: Sequence[str]
    chosen_at: datetime
    filed_on: date | None


@dataclass(frozen=True, slots=True)
class IncomeStatement:
    """A firm's year by assessed income tax (STA Announcement 2019 No.36): revenue of exempt exports, and the tax on it.

    ``relieved`` is what it would be as a small low-profit firm, which the firm must judge itself; ``terms`` is ``None``
    when assessment was not in force.
    """

    year: int
    months: Sequence[ExemptMonth]
    revenue: Decimal
    terms: IncomeTaxTerms | None
    ordinary: AssessedTax | None
    relieved: AssessedTax | None

    @property
    def without_value(self) -> int:
        """How many items are missing in the revenue, for want of an exchange rate."""
        return sum(each.without_value for each in self.months)


def exempt_months(connection: Connection, merchant: UUID, since: str = "2018-10", until: str = "9999-12") -> Sequence[ExemptMonth]:
    """Return the months in which a firm's exempt goods left, the newest first."""
    return [ExemptMonth(*row) for row in fetch(connection, _MONTHS, {"merchant": merchant, "since": since, "until": until})]


def exempt_items(connection: Connection, merchant: UUID, month: str) -> Sequence[ExemptItem]:
    """Return a month's exempt items in the order of export, at most ``MOST``."""
    return [ExemptItem(*row) for row in fetch(connection, _ITEMS, {"merchant": merchant, "month": month, "limit": MOST})]


def income_statement(connection: Connection, book: ParameterBook, merchant: UUID, year: int) -> IncomeStatement:
    """Return a firm's statement of a year, by the rates in force at its end."""
    months = list(reversed(exempt_months(connection, merchant, f"{year}-01", f"{year}-12")))
    revenue = sum((each.value for each in months), Decimal("0.00"))
    try:
        terms = income_tax_terms(book, date(year, 12, 31))
    except ParameterMissing:
        return IncomeStatement(year, months, revenue, None, None, None)
    rates = (terms.income_rate_pct, terms.tax_rate_pct)
    relieved = assessed_tax(revenue, *rates, terms.relief) if terms.relief else None
    return IncomeStatement(year, months, revenue, terms, assessed_tax(revenue, *rates, None), relieved)
