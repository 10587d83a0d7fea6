"""A declaration list on paper: head, lines, tax, course of clearance."""

from collections.abc import Iterator, Mapping, Sequence

from ccezone.clearance.queries import TaxBillView, TimelineStep, tax_bills_of, timeline
from ccezone.declarations.queries import ListDetail, list_detail, scope_of
from ccezone.printing.documents import Column, Composed, Document, Facts, Locale, Section, Source, Step, Steps, Table
from ccezone.printing.words import moment, money, named, say
from ccezone.storage.personal import masked
from schemas.codes import code_list
from schemas.codes.statuses import reason_of, status_words
from schemas.derive.labels import labels

_TAXES = ("dutiable_price", "tariff", "consumption_tax", "vat", "total")
_YUAN = "142"


def compose_list(source: Source, subject: str) -> Composed | None:
    """Read a list by its id."""
    scope = scope_of(source.connection, source.viewer)
    found = list_detail(source.connection, source.vault, scope, int(subject))
    if found is None:
        return None
    steps = timeline(source.connection, found.row.id)
    bills = tax_bills_of(source.connection, found.row.list_no)
    row = found.row
    facts = {
        "number": row.list_no or row.cop_no,
        "merchant": row.merchant_name,
        "state": row.state,
        "flow": row.flow,
        "trade_mode": row.trade_mode,
        "order_no": row.order_no,
        "waybill_no": row.waybill_no,
        "value": f"{row.total_value} {row.currency}",
        "lines": str(len(found.lines)),
    }
    content = (
        facts, row.eport_no, found.head, found.lines, masked(found.personal), found.tax,
        [(step.kind, step.at, step.submission, step.code, step.info, step.name, step.document) for step in steps],
        [(bill.tax_no, bill.status, bill.total) for bill in bills],
    )  # fmt: skip

    def document(locale: Locale, clear: bool) -> Document:
        sections: list[Section] = [_summary(found, locale), _head(found, locale, clear), _lines(found, locale)]
        if found.tax:
            sections.append(_tax(found, locale))
        if bills:
            sections.append(_tax_bills(bills, locale))
        sections.append(Steps(say("timeline", locale), [_step(step, locale) for step in steps]))
        return Document(say(f"list_{row.flow}", locale), facts["number"], row.merchant_name, sections)

    return Composed(facts, content, document)


def _summary(found: ListDetail, locale: Locale) -> Facts:
    row = found.row
    rows = [
        (say("state", locale), f"{row.state} {status_words(row.state).label(locale)}"),
        (say("list_no", locale), row.list_no or ""),
        (say("eport_no", locale), row.eport_no or ""),
        (say("cop_no", locale), row.cop_no),
        (say("merchant", locale), row.merchant_name),
        (say("trade_mode", locale), named(row.trade_mode, "supervision_modes", locale)),
        (say("value", locale), money(row.total_value, row.currency, locale)),
        (say("submission", locale), str(row.submission)),
        (say("created_at", locale), moment(row.created_at)),
    ]
    return Facts(say("summary", locale), rows)


def _head(found: ListDetail, locale: Locale, clear: bool) -> Facts:
    values = {**found.head, **(found.personal if clear else masked(found.personal))}
    known = labels(found.row.message_type).head
    rows = [(label.text(locale), named(values[name], label.code_list, locale)) for name, label in known.items() if values.get(name)]
    return Facts(say("head", locale), rows)


def _lines(found: ListDetail, locale: Locale) -> Table:
    label = {name: known.text(locale) for name, known in labels(found.row.message_type).line.items()}
    taxed = {str(line["line_no"]): line for line in (found.tax or {}).get("lines", [])}
    columns = [
        *(Column(label["line_no"], number=True), Column(label["goods_name"]), Column(label["hs_code"]), Column(label["country"])),
        *(Column(label["qty"], number=True), Column(say("statutory_qty", locale), number=True)),
        *(Column(label["price"], number=True), Column(label["total_price"], number=True)),
    ]
    if taxed:
        columns.append(Column(say("tax", locale), number=True))
    rows = [[*_line(line, locale), *([_line_tax(taxed.get(line["line_no"]), locale)] if taxed else [])] for line in found.lines]
    return Table(say("goods", locale), columns, rows)


def _line(line: Mapping[str, str], locale: Locale) -> Iterator[str]:
    def quantity(number: str, unit: str) -> str:
        return f"{line[number]} {named(line.get(unit, ''), 'units', locale, bare=True)}" if line.get(number) else ""

    yield line["line_no"]
    yield "\n".join(line[name] for name in ("goods_name", "specification", "item_no") if line.get(name))
    yield line.get("hs_code", "")
    yield named(line.get("country", ""), "countries", locale)
    yield quantity("qty", "unit")
    yield "\n".join(text for text in (quantity("qty1", "unit1"), quantity("qty2", "unit2")) if text)
    yield line.get("price", "")
    yield f"{line.get('total_price', '')} {named(line.get('currency', ''), 'currencies', locale, bare=True)}"


def _line_tax(tax: Mapping[str, str] | None, locale: Locale) -> str:
    names = ("tariff", "consumption_tax", "vat")
    return "\n".join(f"{say(name, locale)} {tax[name]}" for name in names) if tax else ""


def _tax(found: ListDetail, locale: Locale) -> Facts:
    tax = found.tax or {}
    yuan = named(_YUAN, "currencies", locale, bare=True)
    return Facts(say("tax", locale), [(say(name, locale), f"{tax[name]} {yuan}") for name in _TAXES if name in tax])


def _tax_bills(bills: Sequence[TaxBillView], locale: Locale) -> Table:
    columns = [Column(say("tax_no", locale)), Column(say("state", locale)), Column(say("total", locale), number=True)]
    rows = [[bill.tax_no, named(str(bill.status), "tax_status", locale), money(bill.total, _YUAN, locale)] for bill in bills]
    return Table(say("tax_bills", locale), columns, rows)


def _step(step: TimelineStep, locale: Locale) -> Step:
    if step.kind == "receipt":
        title = f"{step.state} {status_words(step.state).label(locale)}"
        reason = reason_of(step.code or 0)
        text = "；".join(part for part in (step.info, reason.text(locale) if reason else "") if part)
    else:
        change = step.kind == "filed" and step.app_type == 2
        title, text = say("change" if change else f"step_{step.kind}", locale), step.info
    if step.kind == "tax_bill":
        text = f"{step.name} {code_list('tax_status').label(str(step.code), locale)}"
    if step.document == "cancellation":
        title = f"{say('cancellation', locale)} · {title}"
    return Step(moment(step.at), title, text)
