"""What pages call kinds of bills, directions and fields; labels of fields come from the message definitions."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.bills.queries import Explained, explain
from ccezone.bills.rules import BillKind
from ccezone.kernel.errors import Fault
from ccezone.web.hub import hub
from ccezone.web.shell.i18n import language
from ccezone.web.shell.rendering import amount
from schemas.codes import code_list
from schemas.codes.statuses import status_words
from schemas.derive.form import Form, FormField, form

KINDS: Mapping[BillKind, LazyString] = {
    BillKind.ORDER: _l("订单"),
    BillKind.PAYMENT: _l("支付单"),
    BillKind.WAYBILL: _l("运单"),
    BillKind.LINK: _l("运单关联"),
}
ONE: Mapping[BillKind, LazyString] = {
    BillKind.ORDER: _l("本订单"),
    BillKind.PAYMENT: _l("本支付单"),
    BillKind.WAYBILL: _l("本运单"),
    BillKind.LINK: _l("本运单关联"),
}
NEW: Mapping[BillKind, LazyString] = {
    BillKind.ORDER: _l("新增订单"),
    BillKind.PAYMENT: _l("新增支付单"),
    BillKind.WAYBILL: _l("新增运单"),
    BillKind.LINK: _l("新增运单关联"),
}
NUMBERS: Mapping[BillKind, LazyString] = {
    BillKind.ORDER: _l("订单编号"),
    BillKind.PAYMENT: _l("支付编号"),
    BillKind.WAYBILL: _l("运单编号"),
    BillKind.LINK: _l("运单编号"),
}
PARTIES: Mapping[BillKind, LazyString] = {
    BillKind.ORDER: _l("电商企业"),
    BillKind.PAYMENT: _l("支付企业"),
    BillKind.WAYBILL: _l("物流企业"),
    BillKind.LINK: _l("物流企业"),
}
FLOWS: Mapping[str, LazyString] = {"E": _l("出口"), "I": _l("进口")}
SOURCES: Mapping[str, LazyString] = {
    "xml": _l("官方报文"),
    "json": _l("数据接口"),
    "form": _l("网页填报"),
    "workbook": _l("表格导入"),
}


def fields_of(kind: BillKind, flow: str) -> Form:
    """Return the fields of a kind of bill, as its message defines them."""
    return form(hub().deliveries.message_type(kind, flow))


def label(known: FormField) -> str:
    """Return a field's label in the reader's language."""
    return known.label_zh if language() == "zh" else known.label_en


def shown(known: FormField, value: object) -> str:
    """Write a value of a bill as people read it: codes with names, times in full, amounts with separators."""
    if value is None or value == "":
        return "—"
    if isinstance(value, Decimal):
        return amount(value)
    text = str(value)
    if known.kind == "datetime" and len(text) == 14:
        return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:]}"
    named = next((code for code in known.options if code.code == text), None)
    if named is None:
        return text
    return f"{text} {named.label_zh if language() == 'zh' else named.label_en or named.label_zh}"


def app_type(value: int) -> str:
    """Write what a version asked for: new, change, delete."""
    return code_list("app_type").label(str(value), language())


def explained(message_type: str, fault: Fault) -> Explained:
    """Put a fault into words, with official field names."""
    return explain(hub().deliveries, message_type, fault, language())


def place(message_type: str, pointer: str) -> str:
    """Write where a fault is: the field's label, and the line it stands in. ``pointer`` in official names."""
    parts = pointer.strip("/").split("/")
    shape = form(message_type)
    fields: Sequence[FormField] = shape.line if parts[0] == "lines" else shape.head
    found = next((known for known in fields if known.name == parts[-1]), None)
    words = label(found) if found else ""
    if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit():
        return f"#{int(parts[1]) + 1} {words}".strip()
    return words


def status(code: int) -> str:
    """Return what a receipt's code means; every negative one is a processing error, which its text explains."""
    return status_words(str(code)).label(language())
