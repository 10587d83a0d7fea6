"""An order, payment, waybill or shipping link on paper; and a merge result: the bills side by side, with every difference."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from ccezone.bills import queries as bills
from ccezone.bills.queries import BillView
from ccezone.bills.rules import BillKind
from ccezone.clearance.queries import ReceiptView, receipts_of
from ccezone.enterprises.queries import directory
from ccezone.matching.queries import MatchRow, OpenedDifference, Said, Side, match, opened_differences
from ccezone.printing.documents import Column, Composed, Document, Facts, Locale, Section, Source, Step, Steps, Table
from ccezone.printing.words import moment, named, say
from schemas.derive.form import FormField, form

_MOST_BILLS = 20
Values = Mapping[str, object]


def compose_bill(source: Source, subject: str) -> Composed | None:
    """Read a bill by its kind and key (``order.-123``)."""
    kind, _dot, key = subject.partition(".")
    found = bills.bill(source.connection, source.vault, source.deliveries, BillKind(kind), int(key), source.viewer)
    if found is None:
        return None
    answer = form(found.message_type).answer
    receipts = receipts_of(source.connection, answer, found.key) if answer else []
    party = directory(source.connection).by_id.get(found.newest.submitter_id)
    facts = {
        "kind": kind,
        "number": found.number,
        "flow": found.flow,
        "submitter": party.name if party else "",
        "app_type": str(found.newest.app_type),
        "version": str(found.newest.version),
        "received_at": moment(found.newest.received_at),
    }
    content = (facts, found.newest.values, [(each.code, each.returned_at, each.info) for each in receipts])

    def document(locale: Locale, clear: bool) -> Document:
        values = _values(source, found) if clear else found.newest.values
        sections: list[Section] = [
            Facts(say("summary", locale), [(say(name, locale), fact_text(name, text, locale)) for name, text in facts.items()]),
            Facts(say("head", locale), _pairs(found, values, locale)),
        ]
        if values.get("lines"):
            sections.append(_lines(found, values, locale))
        sections.append(_versions(found, locale))
        if answer:
            sections.append(_receipts(receipts, locale))
        return Document(say(kind, locale), found.number, facts["submitter"], sections)

    return Composed(facts, content, document)


def fact_text(name: str, text: str, locale: Locale) -> str:
    """Write a fact of a bill: codes with their names."""
    if name in ("flow", "kind"):
        return say(text, locale)
    return named(text, "app_type", locale) if name == "app_type" else text


def compose_merge(source: Source, subject: str) -> Composed | None:
    """Read the merge's opinion of an order by the order's key."""
    found = match(source.connection, int(subject), source.viewer)
    if found is None:
        return None
    differences = opened_differences(source.connection, source.vault, found, source.viewer)
    columns = _bills(source, found)
    party = directory(source.connection).by_id.get(found.merchant_id) if found.merchant_id else None
    facts = {
        "number": found.order_no,
        "merchant": party.name if party else "",
        "flow": found.flow,
        "verdict": found.verdict.value,
        "fileable": "yes" if found.fileable else "no",
        "since": moment(found.since),
        "merged_at": moment(found.merged_at),
    }
    rules = [(each.difference.rule.id, [(side.kind, side.values) for side in (each.left, *each.right)]) for each in differences]
    content = (facts, found.waiting, rules, [(each.kind, each.key, each.newest.values) for each in columns])

    def document(locale: Locale, clear: bool) -> Document:
        spoken = {"flow", "verdict", "fileable"}
        rows = [(say(name, locale), say(text, locale) if name in spoken else text) for name, text in facts.items()]
        sections: list[Section] = [Facts(say("summary", locale), rows), _differences(differences, found.flow, locale)]
        if columns:
            shown = [(each, _values(source, each) if clear else each.newest.values) for each in columns]
            sections.append(_side_by_side(shown, _apart(differences), locale))
        return Document(say("merge", locale), found.order_no, facts["merchant"], sections)

    return Composed(facts, content, document)


def _bills(source: Source, found: MatchRow) -> list[BillView]:
    wanted = [(BillKind.ORDER, found.order_key), *((BillKind.PAYMENT, key) for key in found.payments)]
    wanted += [(BillKind.WAYBILL, key) for key in found.waybills]
    read = (
        bills.bill(source.connection, source.vault, source.deliveries, kind, key, source.viewer)
        for kind, key in wanted[:_MOST_BILLS]
    )
    return [each for each in read if each]


def _values(source: Source, found: BillView) -> Values:
    return bills.clear_values(source.connection, source.vault, source.deliveries, found.kind, found.key)


def _label(field: FormField, locale: Locale) -> str:
    return field.label_zh if locale == "zh" else field.label_en


def _shown(field: FormField, value: object, locale: Locale) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = str(value)
    if field.kind == "datetime" and len(text) == 14:
        return f"{datetime.strptime(text, '%Y%m%d%H%M%S'):%Y-%m-%d %H:%M:%S}"  # noqa: DTZ007  # the sender's own clock
    code = next((code for code in field.options if code.code == text), None)
    return f"{text} {code.label_zh if locale == 'zh' else code.label_en or code.label_zh}" if code else text


def _pairs(found: BillView, values: Values, locale: Locale) -> list[tuple[str, str]]:
    fields = form(found.message_type).head
    return [(_label(field, locale), _shown(field, values.get(field.attribute), locale)) for field in fields]


def _lines(found: BillView, values: Values, locale: Locale) -> Table:
    lines = values["lines"]
    rows = [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, Sequence) else []
    used = [field for field in form(found.message_type).line if any(row.get(field.attribute) for row in rows)]
    columns = [Column(_label(field, locale), field.kind in ("decimal", "integer")) for field in used]
    cells = [[_shown(field, row.get(field.attribute), locale) for field in used] for row in rows]
    return Table(say("goods", locale), columns, cells)


def _versions(found: BillView, locale: Locale) -> Table:
    columns = [Column(say("version", locale), number=True), Column(say("app_type", locale)), Column(say("received_at", locale))]
    rows = [[str(each.version), named(str(each.app_type), "app_type", locale), moment(each.received_at)] for each in found.versions]
    return Table(say("versions", locale), columns, rows)


def _receipts(receipts: Sequence[ReceiptView], locale: Locale) -> Steps:
    steps = [Step(moment(each.returned_at), named(str(each.code), "status_codes", locale), each.info) for each in receipts]
    return Steps(say("receipts", locale), steps)


def _differences(differences: Sequence[OpenedDifference], flow: str, locale: Locale) -> Table:
    columns = [Column(say(name, locale)) for name in ("rule", "says_order", "says_other", "remedy")]
    rows = [
        [
            f"{each.difference.rule.id} {each.difference.text.text(locale)}",
            _said(each.left, flow, locale),
            "\n".join(_said(side, flow, locale) for side in each.right),
            each.difference.text.remedy(locale),
        ]
        for each in differences
    ]
    return Table(say("differences", locale), columns, rows)


def _said(side: Side, flow: str, locale: Locale) -> str:
    return "\n".join(f"{_name(side.kind, said, flow, locale)} {said.value or '—'}" for said in side.values)


def _name(kind: BillKind, said: Said, flow: str, locale: Locale) -> str:
    fields = {field.attribute: _label(field, locale) for field in form(_MESSAGES[kind, flow]).head}
    return " ".join(fields.get(token, token) for token in said.name.split())


_MESSAGES = {
    (BillKind.ORDER, "E"): "CEB303Message",
    (BillKind.ORDER, "I"): "CEB311Message",
    (BillKind.PAYMENT, "E"): "CEB403Message",
    (BillKind.PAYMENT, "I"): "CEB411Message",
    (BillKind.WAYBILL, "E"): "CEB505Message",
    (BillKind.WAYBILL, "I"): "CEB511Message",
}


def _apart(differences: Sequence[OpenedDifference]) -> frozenset[tuple[BillKind, int, str]]:
    sides = (side for each in differences for side in (each.left, *each.right))
    return frozenset((side.kind, side.key, name) for side in sides for said in side.values for name in said.name.split())


def _side_by_side(shown: Sequence[tuple[BillView, Values]], apart: frozenset[tuple[BillKind, int, str]], locale: Locale) -> Table:
    """Put what every bill says of one thing into one row; what disagrees is marked."""
    fields = {field.attribute: field for bill, _ in reversed(shown) for field in form(bill.message_type).head}
    known = [{field.attribute: field for field in form(bill.message_type).head} for bill, _ in shown]
    names = list(dict.fromkeys(name for own in known for name in own))
    names = [name for name in names if any(values.get(name) not in (None, "") for _, values in shown)]
    columns = [Column(say("field", locale)), *(Column(f"{say(bill.kind.value, locale)}\n{bill.number}") for bill, _ in shown)]
    rows, marked = [], set()
    for place, name in enumerate(names):
        cells = [
            _shown(own[name], values.get(name), locale) if name in own else ""
            for own, (_, values) in zip(known, shown, strict=True)
        ]
        rows.append([_label(fields[name], locale), *cells])
        marked |= {(place, at) for at, (bill, _) in enumerate(shown, 1) if (bill.kind, bill.key, name) in apart}
    return Table(say("side_by_side", locale), columns, rows, row_heads=True, marked=frozenset(marked))
