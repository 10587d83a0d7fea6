"""A shipping link as partners write it in JSON."""

from collections.abc import Mapping, Sequence

from tests.hub.bills import Bill

_NAMES = {
    "merchant_code": "ebcCode",
    "platform_code": "ebpCode",
    "order_no": "orderNo",
    "carrier_code": "logisticsCode",
    "waybill_no": "logisticsNo",
    "app_type": "appType",
    "app_time": "appTime",
}


def link_json(bill: Bill) -> dict[str, object]:
    """Spell a link with the names partners use."""
    body: dict[str, object] = {wire: bill.values[name] for name, wire in _NAMES.items() if name in bill.values}
    lines = bill.values["lines"]
    assert isinstance(lines, Sequence)
    if lines:
        body["lines"] = [_line(line) for line in lines]
    return body


def _line(line: Mapping[str, object]) -> dict[str, object]:
    return {"gnum": line["line_no"], "qty": str(line["qty"])}
