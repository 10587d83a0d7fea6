"""``POST /api/v1/orders|payments|waybills|shipping-links``: bills as JSON, in the shape of the official messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from ccezone.accounts.rules import Permission
from ccezone.api import examples
from ccezone.api.bodies import JSON, json_body
from ccezone.api.operations import Media, Resource
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.api.v1.intake import refuse_unreadable, store
from ccezone.bills.ports import Party, UnreadableDelivery
from ccezone.bills.rules import BillKind
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.errors import Fault
from schemas.rest.answers import Delivery
from schemas.rest.documents import sent
from schemas.rest.queries import FlowQuery
from schemas.rest.words import Words

DOCUMENTS = 10_000
RESOURCE = Resource("三单报送", "Sending bills")
_NAMES = {
    BillKind.ORDER: ("orders", "postOrders", Words("报送订单", "Send orders")),
    BillKind.PAYMENT: ("payments", "postPayments", Words("报送支付单", "Send payments")),
    BillKind.WAYBILL: ("waybills", "postWaybills", Words("报送运单", "Send waybills")),
    BillKind.LINK: ("shipping-links", "postShippingLinks", Words("报送订单运单关联", "Send shipping links")),
}
_TYPES = {
    BillKind.ORDER: ("CEB303Message", "CEB311Message"),
    BillKind.PAYMENT: ("CEB403Message", "CEB411Message"),
    BillKind.WAYBILL: ("CEB505Message", "CEB511Message"),
    BillKind.LINK: ("ShippingLink",),
}
_DETAILS = Words(
    "一个对象或数组（最多 10,000 份）。逐份判断：好的接收，坏的在 errors 中说明位置、代码与处理办法，与网页和报文入口相同。"
    "guid、appType、appTime、appStatus 可省略；一次报送同属出口或进口。重复报送相同内容无害。",
    "One object or an array (10,000 at most). Each document is judged for itself: the good ones are kept, for the others errors "
    "says where, what and how to mend it, as on the pages. guid, appType, appTime and appStatus may be left out. All are of one "
    "flow, export or import. Sending the same again does no harm.",
)


def _shape(kind: BillKind) -> dict[str, object]:
    shapes = [sent(message_type) for message_type in _TYPES[kind]]
    return {"anyOf": [*shapes, {"type": "array", "items": {"anyOf": shapes}, "minItems": 1, "maxItems": DOCUMENTS}]}


def _offer(kind: BillKind) -> None:
    path, name, summary = _NAMES[kind]

    @RESOURCE.post(
        f"/{path}",
        name,
        summary,
        details=_DETAILS,
        permission=Permission.BILLS_WRITE,
        query=FlowQuery,
        media=[Media(media_type, _shape(kind), examples.BILLS[kind]) for media_type in JSON],
        status=202,
        links=[("getBatch", "batch_id", "/batch")],
        answer=Delivery,
    )
    def post_bills(by: Caller, query: Mapping[str, Any]) -> Response:
        """Take one object or an array of them in; 202 once they are durable."""
        bodies = documents()
        flow = query["flow"] or flow_of(kind, bodies)
        demand_one_flow(flow, bodies)
        try:
            batch = services().deliveries.documents(kind, flow, stripped(bodies), party(by.enterprise), "json")
        except UnreadableDelivery as error:
            raise refuse_unreadable(error) from error
        return store(batch, by)


for _kind in BillKind:
    _offer(_kind)


def documents() -> Sequence[object]:
    """Return the JSON objects of the body. Raises ``Problem`` 400, 413, 415, 422."""
    found = json_body()
    if not isinstance(found, list | dict):
        raise Problem(400, [Fault("", "not_an_object_or_array")])
    bodies: Sequence[object] = found if isinstance(found, list) else [found]
    if not bodies:
        raise Problem(422, [Fault("", "no_documents")])
    if len(bodies) > DOCUMENTS:
        raise Problem(413, [Fault("", "too_many_documents", {"max": str(DOCUMENTS)})])
    return bodies


def flow_of(kind: BillKind, bodies: Sequence[object]) -> str:
    """Return the flow the first object names or speaks of."""
    first = bodies[0] if isinstance(bodies[0], Mapping) else {}
    if first.get("flow"):
        return str(first["flow"])
    marks = {BillKind.ORDER: "acturalPaid", BillKind.PAYMENT: "payTransactionId", BillKind.WAYBILL: "orderNo"}
    return "I" if marks.get(kind) in first or first.get("orderType") == "I" else "E"


def demand_one_flow(flow: str, bodies: Sequence[object]) -> None:
    """Raise ``Problem`` 422 for objects that name another flow: they would be taken as bills of this one."""
    stated = [each.get("flow") if isinstance(each, Mapping) else None for each in bodies]
    faults = [
        Fault(f"/{place}/flow", "flow_differs", {"flow": flow}) for place, said in enumerate(stated) if said and str(said) != flow
    ]
    if faults:
        raise Problem(422, faults)


def stripped(bodies: Sequence[object]) -> Sequence[object]:
    """The flow is ours, not an element of the messages."""
    return [{key: value for key, value in each.items() if key != "flow"} if isinstance(each, Mapping) else each for each in bodies]


def party(enterprise: EnterpriseView) -> Party:
    """The enterprise in whose name the hub writes the message."""
    return Party(enterprise.uscc, enterprise.name, enterprise.dxp_id or "DXPENT0000000000")
