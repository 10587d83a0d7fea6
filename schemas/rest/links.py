"""The shipping link: the hub's own document that says which order travels in which waybill (CEB505 carries no order number)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.codec import DecodedDocument
from schemas.rest.bills import HUB_FILLED
from schemas.rest.faults import faults_of
from schemas.rest.inputs import Above, Amount, Longest, RealTime, choice, line_number, text
from schemas.rest.words import labelled

MESSAGE_TYPE = "ShippingLink"


class LinkLine(Schema):
    """A line of the order, and how much of it is in this parcel."""

    class Meta:
        unknown = RAISE

    line_no = line_number(data_key="gnum")
    qty = Amount(required=True, validate=Above(0), metadata=labelled("数量", "Quantity"))


class ShippingLink(Schema):
    """One order in one waybill; without lines, all of it."""

    class Meta:
        unknown = RAISE

    merchant_code = text("电商企业代码", "Merchant code", least=1, most=18, data_key="ebcCode")
    platform_code = text("电商平台代码", "Platform code", least=1, most=18, data_key="ebpCode")
    order_no = text("订单编号", "Order number", least=1, most=60, data_key="orderNo")
    carrier_code = text("物流企业代码", "Carrier code", least=1, most=18, data_key="logisticsCode")
    waybill_no = text("物流运单编号", "Waybill number", least=1, most=60, data_key="logisticsNo")
    lines = fields.List(fields.Nested(LinkLine), load_default=list, metadata=labelled("商品", "Lines"))
    app_type = choice("报送类型", "Submission type", ["1", "2", "3"], default="1", data_key="appType")
    app_time = text("报送时间", "Submission time", most=14, data_key="appTime", check=RealTime())


_SCHEMA = ShippingLink()
_MOST_DIGITS = 10  # more than any line has, fewer than would take long to read


def load_link(body: object, defaults: Mapping[str, str], *, position: int = 0) -> DecodedDocument:
    """Load one JSON object as a shipping link; ``defaults`` (official names) fill what it leaves out."""
    if not isinstance(body, Mapping):
        return DecodedDocument(position, position + 1, None, faults=[Fault("", "not_an_object")], fault_lines=[position + 1])
    plain = _plainly(body, defaults)
    if plain is not None:
        return DecodedDocument(position, position + 1, plain)
    given = {str(key): value for key, value in body.items() if key != "flow"}
    if isinstance(given.get("lines"), list):
        given["lines"] = [_numbered(line) for line in given["lines"]]
    try:
        return DecodedDocument(position, position + 1, dict(_SCHEMA.load({**defaults, **given})))
    except ValidationError as error:
        faults = faults_of(error.messages_dict)
        return DecodedDocument(position, position + 1, None, faults=faults, fault_lines=[position + 1] * len(faults))


_LIMITS = tuple(
    (known.data_key, name, check.max)
    for name, known in _SCHEMA.fields.items()
    if known.required and known.data_key not in HUB_FILLED
    for check in known.validators
    if isinstance(check, Longest) and check.max
)
"""Element, domain name and length of each mandatory text."""


def _plainly(body: Mapping[Any, object], defaults: Mapping[str, str]) -> dict[str, object] | None:
    """The short way for what nearly all links are, five texts; ``None`` means: let marshmallow speak (a test holds both equal)."""
    if len(body) != len(_LIMITS):
        return None
    values: dict[str, object] = {}
    for key, name, most in _LIMITS:
        text = body.get(key)
        if type(text) is not str or not 0 < len(text) <= most:
            return None
        values[name] = text
    return {**values, "lines": [], "app_type": defaults["appType"], "app_time": defaults["appTime"]}


def wire_pointer(pointer: str) -> str:
    """Spell a pointer into domain values with the names of the JSON shape."""
    *start, last = pointer.split("/")
    known: Schema = LinkLine() if "lines" in start else _SCHEMA
    field = known.fields.get(last)
    return "/".join([*start, (field.data_key or last) if field else last])


def _numbered(line: object) -> object:
    """Forms and workbooks spell a line's number as text."""
    number = line.get("gnum") if isinstance(line, Mapping) else None
    if not isinstance(line, Mapping) or not isinstance(number, str) or not (number.isascii() and number.isdecimal()):
        return line
    return {**line, "gnum": int(number[:_MOST_DIGITS])}
