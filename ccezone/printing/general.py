"""The record of a general declaration (报关单) on paper."""

from uuid import UUID

from ccezone.declarations.queries import GeneralView, general_declaration
from ccezone.declarations.rules.modes import EXPORT_LIST
from ccezone.enterprises.queries import directory
from ccezone.printing.documents import Column, Composed, Document, Facts, Locale, Section, Source, Table
from ccezone.printing.words import money, named, say
from schemas.derive.labels import labels

_LINE = ("hs_code", "goods_name", "qty", "unit", "total_price", "country")


def compose_general(source: Source, subject: str) -> Composed | None:
    """Read a record by its id."""
    found = general_declaration(source.connection, source.viewer, UUID(subject))
    if found is None:
        return None
    party = directory(source.connection).by_id.get(found.merchant_id)
    facts = {
        "number": found.declaration_no,
        "merchant": party.name if party else "",
        "flow": found.flow,
        "trade_mode": found.trade_mode,
        "declared_on": str(found.declared_on),
        "released_on": str(found.released_on or ""),
        "value": f"{found.total_value} {found.currency}",
        "lines": str(len(found.lines)),
        "version": str(found.version),
        "removed": "yes" if found.removed_at else "",
    }
    lines = [[str(getattr(line, name)) for name in _LINE] for line in found.lines]
    more = (found.customs_code, found.country, found.transport_mode, found.net_weight, found.order_nos, found.note)

    def document(locale: Locale, _clear: bool) -> Document:
        sections: list[Section] = [_head(found, facts["merchant"], locale), _lines(found, locale)]
        return Document(say("general", locale), found.declaration_no, facts["merchant"], sections)

    return Composed(facts, (facts, lines, more), document)


def _head(found: GeneralView, merchant: str, locale: Locale) -> Facts:
    known = labels(EXPORT_LIST).head

    def official(name: str, value: str) -> tuple[str, str]:
        return known[name].text(locale), named(value, known[name].code_list, locale)

    rows = [
        (say("declaration_no", locale), found.declaration_no),
        (say("merchant", locale), merchant),
        (say("flow", locale), say(found.flow, locale)),
        (say("trade_mode", locale), named(found.trade_mode, "supervision_modes", locale)),
        official("customs_code", found.customs_code),
        (say("declared_on", locale), str(found.declared_on)),
        (say("released_on", locale), str(found.released_on or "")),
        official("country", found.country),
        official("transport_mode", found.transport_mode),
        (say("total_value", locale), money(found.total_value, found.currency, locale)),
        official("net_weight", str(found.net_weight or "")),
        (say("order_nos", locale), "、".join(found.order_nos)),
        official("note", found.note),
        (say("removed", locale), say("yes", locale) if found.removed_at else ""),
    ]
    return Facts(say("head", locale), rows)


def _lines(found: GeneralView, locale: Locale) -> Table:
    known = labels(EXPORT_LIST).line
    columns = [Column(known[name].text(locale), name in ("qty", "total_price")) for name in _LINE]
    rows = [
        [
            line.hs_code,
            line.goods_name,
            f"{line.qty:f}",
            named(line.unit, "units", locale),
            money(line.total_price, found.currency, locale),
            named(line.country, "countries", locale),
        ]
        for line in found.lines
    ]
    return Table(say("goods", locale), columns, rows)
