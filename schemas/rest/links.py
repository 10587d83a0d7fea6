"""The shipping link: the hub's own document that says which order travels in which waybill (CEB505 carries no order number)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.codec import DecodedDocument

MESSAGE_TYPE = "ShippingLink"
_CODE = validate.Length(min=1, max=18)


class LinkLine(Schema):
    """A line of the order, and how much of it is in this parcel."""

    class Meta:
        unknown = RAISE

    line_no = fields.Integer(
        required=True, data_key="gnum", validate=validate.Range(1), metadata={"label_zh": "商品序号", "label_en": "Line number"}
    )
    qty = fields.Decimal(
        required=True,
        places=None,
        validate=validate.Range(min=0, min_inclusive=False),
        metadata={"label_zh": "数量", "label_en": "Quantity"},
    )


class ShippingLink(Schema):
    """One order in one waybill; without lines, all of it."""

    class Meta:
        unknown = RAISE

    merchant_code = fields.String(
        required=True, data_key="ebcCode", validate=_CODE, metadata={"label_zh": "电商企业代码", "label_en": "Merchant code"}
    )
    platform_code = fields.String(
        required=True, data_key="ebpCode", validate=_CODE, metadata={"label_zh": "电商平台代码", "label_en": "Platform code"}
    )
    order_no = fields.String(
        required=True,
        data_key="orderNo",
        validate=validate.Length(1, 60),
        metadata={"label_zh": "订单编号", "label_en": "Order number"},
    )
    carrier_code = fields.String(
        required=True, data_key="logisticsCode", validate=_CODE, metadata={"label_zh": "物流企业代码", "label_en": "Carrier code"}
    )
    waybill_no = fields.String(
        required=True,
        data_key="logisticsNo",
        validate=validate.Length(1, 60),
        metadata={"label_zh": "物流运单编号", "label_en": "Waybill number"},
    )
    lines = fields.List(fields.Nested(LinkLine), load_default=list, metadata={"label_zh": "商品", "label_en": "Lines"})
    app_type = fields.String(
        data_key="appType",
        load_default="1",
        validate=validate.OneOf(["1", "2", "3"]),
        metadata={"label_zh": "报送类型", "label_en": "Submission type"},
    )
    app_time = fields.String(
        data_key="appTime",
        required=True,
        validate=validate.Regexp(r"\d{14}\Z"),
        metadata={"label_zh": "报送时间", "label_en": "Submission time"},
    )


_SCHEMA = ShippingLink()


def load_link(body: object, defaults: Mapping[str, str], *, position: int = 0) -> DecodedDocument:
    """Load one JSON object as a shipping link; ``defaults`` (official names) fill what it leaves out."""
    if not isinstance(body, Mapping):
        return DecodedDocument(position, position + 1, None, faults=[Fault("", "not_an_object")], fault_lines=[position + 1])
    plain = _plainly(body, defaults)
    if plain is not None:
        return DecodedDocument(position, position + 1, plain)
    given = {str(key): value for key, value in body.items() if key != "flow"}
    try:
        return DecodedDocument(position, position + 1, dict(_SCHEMA.load({**defaults, **given})))
    except ValidationError as error:
        faults = list(_faults(error.messages_dict, ""))
        return DecodedDocument(position, position + 1, None, faults=faults, fault_lines=[position + 1] * len(faults))


_LIMITS = (
    ("ebcCode", "merchant_code", 18),
    ("ebpCode", "platform_code", 18),
    ("orderNo", "order_no", 60),
    ("logisticsCode", "carrier_code", 18),
    ("logisticsNo", "waybill_no", 60),
)


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


def _faults(messages: Mapping[Any, Any], pointer: str) -> list[Fault]:
    found = []
    for key, value in messages.items():
        here = f"{pointer}/{key}"
        if isinstance(value, Mapping):
            found += _faults(value, here)
        else:
            found.append(Fault(here, _code(str(value[0]))))
    return found


def _code(message: str) -> str:
    if "required" in message or "null" in message:
        return "required"
    if "Unknown" in message:
        return "unknown_element"
    if "number" in message or "integer" in message or "greater" in message:
        return "not_a_number"
    return "unknown_code" if "one of" in message else "bad_value"


def wire_pointer(pointer: str) -> str:
    """Spell a pointer into domain values with the names of the JSON shape."""
    *start, last = pointer.split("/")
    known: Schema = LinkLine() if "lines" in start else _SCHEMA
    field = known.fields.get(last)
    return "/".join([*start, (field.data_key or last) if field else last])
