"""A preview of the merge: bills that are not stored, and what the merge would say."""

from typing import Any

from marshmallow import fields

from schemas.rest.answers import Fault
from schemas.rest.inputs import Input, choice, refusals
from schemas.rest.stored import Merge, shown_text
from schemas.rest.words import Words, labelled

MOST_BILLS = 20
_LACKING = refusals("not_an_object")


class Sent(fields.Field[Any]):
    """A bill in the shape in which it is sent (one of those of ``message_types``); intake judges it."""

    def __init__(self, *message_types: str, **more: Any) -> None:
        super().__init__(**more)
        self.message_types = message_types


def _bills(zh: str, en: str, *message_types: str) -> fields.List[Any]:
    metadata = labelled(zh, en)
    return fields.List(Sent(*message_types), load_default=list, metadata=metadata, error_messages=refusals("not_an_array"))


class PreviewBody(Input):
    """An order, and bills that might belong to it; stored ones count as well."""

    flow = choice("进出口", "Direction", ["E", "I"])
    order = Sent("CEB303Message", "CEB311Message", required=True, metadata=labelled("订单", "Order"), error_messages=_LACKING)
    payments = _bills("支付单", "Payments", "CEB403Message", "CEB411Message")
    waybills = _bills("运单", "Waybills", "CEB505Message", "CEB511Message")
    links = _bills("订单运单关联", "Shipping links", "ShippingLink")


class PreviewAnswer(Merge):
    """What the merge would say; ``errors`` is what intake would refuse."""

    order_id = shown_text(
        "订单标识", "Id of the order", optional=True, help=Words("订单本身有误时为 null。", "Null when the order itself is wrong.")
    )
    errors = fields.List(fields.Nested(Fault), required=True, metadata=labelled("单证问题", "What is wrong with the bills"))
