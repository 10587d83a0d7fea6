"""A firm's yearly statement of assessed income tax on paper (STA Announcement 2019 No.36)."""

from decimal import Decimal
from uuid import UUID

from ccezone.enterprises.queries import directory
from ccezone.parameters.queries import book
from ccezone.printing.documents import Column, Composed, Document, Facts, Locale, Section, Source, Table
from ccezone.printing.words import money, say
from ccezone.tax_refunds.queries.exemption import IncomeStatement, income_statement

_YUAN = "142"


def compose_income_tax(source: Source, subject: str) -> Composed | None:
    """Read a statement by ``zone.enterprise.year``; another firm's looks like none."""
    zone, firm, year = subject.split(".")
    if source.viewer not in (None, UUID(firm)):
        return None
    party = directory(source.connection).by_id.get(UUID(firm))
    found = income_statement(source.connection, book(source.connection, zone), UUID(firm), int(year))
    if party is None or not found.months:
        return None
    facts = {
        "number": year,
        "merchant": party.name,
        "income": f"{found.revenue} {_YUAN}",
        "taxable_income": f"{found.ordinary.taxable_income} {_YUAN}" if found.ordinary else "",
        "income_tax_due": f"{found.ordinary.income_tax} {_YUAN}" if found.ordinary else "",
    }
    months = [(each.month, str(each.items), str(each.value)) for each in found.months]

    def document(locale: Locale, _clear: bool) -> Document:
        sections: list[Section] = [_head(found, party.name, party.uscc, locale), _months(found, locale)]
        return Document(say("income_tax", locale), year, party.name, sections)

    return Composed(facts, (facts, months, party.uscc), document)


def _head(found: IncomeStatement, name: str, uscc: str, locale: Locale) -> Facts:
    def yuan(value: Decimal | None) -> str:
        return "" if value is None else money(value, _YUAN, locale)

    terms, ordinary, relieved = found.terms, found.ordinary, found.relieved
    rows = [
        (say("merchant", locale), name),
        (say("uscc", locale), uscc),
        (say("year", locale), str(found.year)),
        (say("income", locale), yuan(found.revenue)),
        (say("income_rate", locale), f"{terms.income_rate_pct.normalize():f}%" if terms else ""),
        (say("taxable_income", locale), yuan(ordinary.taxable_income if ordinary else None)),
        (say("tax_rate", locale), f"{terms.tax_rate_pct.normalize():f}%" if terms else ""),
        (say("income_tax_due", locale), yuan(ordinary.income_tax if ordinary else None)),
        (say("small_profit_tax", locale), yuan(relieved.income_tax if relieved and relieved.relieved else None)),
        (say("legal_basis", locale), terms.document if terms else ""),
    ]
    return Facts(say("summary", locale), rows)


def _months(found: IncomeStatement, locale: Locale) -> Table:
    columns = [Column(say("month", locale)), Column(say("lines", locale), True), Column(say("income", locale), True)]
    rows = [[each.month, str(each.items), money(each.value, _YUAN, locale)] for each in found.months]
    note = say("without_rate", locale, n=found.without_value) if found.without_value else say("income_note", locale)
    return Table(say("by_month", locale), columns, rows, note)
