"""``POST /api/v1/orders|payments|waybills|shipping-links``: bills as JSON, in the shape of the official messages."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, request

from ccezone.api.problems import Problem
from ccezone.api.services import services
from ccezone.api.v1.intake import refuse_unreadable, sender, store
from ccezone.bills.ports import Party, UnreadableDelivery
from ccezone.bills.rules import BillKind
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.errors import Fault

RESOURCES = {
    "orders": BillKind.ORDER,
    "payments": BillKind.PAYMENT,
    "waybills": BillKind.WAYBILL,
    "shipping-links": BillKind.LINK,
}
DOCUMENTS = 10_000


def register(blueprint: Blueprint) -> None:
    """Add the resources to the API."""
    for path in RESOURCES:
        blueprint.post(f"/{path}", endpoint=path, defaults={"path": path})(post_bills)


def post_bills(path: str) -> Response:
    """Take one object or an array of them in; 202 once they are durable. ``?flow=E|I`` or a ``flow`` in the objects."""
    by = sender()
    bodies = documents()
    kind = RESOURCES[path]
    try:
        batch = services().deliveries.documents(kind, flow_of(kind, bodies), stripped(bodies), party(by.enterprise), "json")
    except UnreadableDelivery as error:
        raise refuse_unreadable(error) from error
    return store(batch, by)


def documents() -> Sequence[object]:
    """Return the JSON objects of the body. Raises ``Problem`` 400, 413."""
    found = request.get_json(silent=True)
    if found is None:
        raise Problem(400, [Fault("", "bad_json", {"reason": "expected an object or an array"})])
    bodies: Sequence[object] = found if isinstance(found, list) else [found]
    if not bodies:
        raise Problem(422, [Fault("", "no_documents")])
    if len(bodies) > DOCUMENTS:
        raise Problem(413, [Fault("", "too_many_documents", {"max": str(DOCUMENTS)})])
    return bodies


def flow_of(kind: BillKind, bodies: Sequence[object]) -> str:
    """Return the flow the caller named, or the one the first object speaks of."""
    if named := request.args.get("flow"):
        return named
    first = bodies[0] if isinstance(bodies[0], Mapping) else {}
    if "flow" in first:
        return str(first["flow"])
    marks = {BillKind.ORDER: "acturalPaid", BillKind.PAYMENT: "payTransactionId", BillKind.WAYBILL: "orderNo"}
    return "I" if marks.get(kind) in first or first.get("orderType") == "I" else "E"


def stripped(bodies: Sequence[object]) -> Sequence[object]:
    """The flow is ours, not an element of the messages."""
    return [{key: value for key, value in each.items() if key != "flow"} if isinstance(each, Mapping) else each for each in bodies]


def party(enterprise: EnterpriseView) -> Party:
    """The enterprise in whose name the hub writes the message."""
    return Party(enterprise.uscc, enterprise.name, enterprise.dxp_id or "DXPENT0000000000")
