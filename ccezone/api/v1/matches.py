"""``POST /api/v1/matches/preview``: what the merge would say, before anything is sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ccezone.accounts.rules import Permission
from ccezone.api import examples
from ccezone.api.operations import Example, Resource
from ccezone.api.problems import Problem, described
from ccezone.api.services import Caller, services
from ccezone.api.v1.bills import party, stripped
from ccezone.api.v1.intake import refuse_unreadable
from ccezone.api.v1.stored_bills import merged
from ccezone.bills.ports import Batch, IntakeDocument, UnreadableDelivery
from ccezone.bills.queries import key_of
from ccezone.bills.rules import SENDERS, BillKind
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.errors import Fault
from ccezone.matching.service import Supposed, preview
from schemas.rest.matches import MOST_BILLS, PreviewAnswer, PreviewBody
from schemas.rest.words import Words

RESOURCE = Resource("比对", "Matching")
_KINDS = {"payments": BillKind.PAYMENT, "waybills": BillKind.WAYBILL, "links": BillKind.LINK}


def _example() -> dict[str, object]:
    trade = {"payments": [examples.document("CEB403Message")], "waybills": [examples.document("CEB505Message")]}
    return {"flow": "E", "order": examples.document("CEB303Message"), **trade, "links": [examples.link()]}


@RESOURCE.post(
    "/matches/preview",
    "previewMatch",
    Words("预比对", "Preview a merge"),
    details=Words(
        "按正式规则比对尚未报送的单证（与已报送的一起），不保存任何内容。他人名义的单证只判断内容。",
        "The real rules on bills that are not sent yet, together with those that are; nothing is kept. Of bills in others' names "
        "only the content is judged.",
    ),
    permission=Permission.BILLS_READ,
    body=PreviewBody,
    answer=PreviewAnswer,
    examples=[Example("export", Words("一票出口", "An export trade"), _example)],
)
def post_preview(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """What the merge would say of an order."""
    for name in _KINDS:
        if len(body[name]) > MOST_BILLS:
            raise Problem(422, [Fault(f"/{name}", "preview_too_many", {"max": str(MOST_BILLS)})])
    order = _decoded(by, BillKind.ORDER, body["flow"], [body["order"]])
    supposed = [("order", Supposed(by.enterprise, order))]
    for name, kind in _KINDS.items():
        if body[name]:
            supposed += [(name, each) for each in _by_sender(by, _decoded(by, kind, body["flow"], body[name]))]
    values = order.documents[0].values
    if values is None:
        errors = [error for name, each in supposed for error in _schema_errors(name, each.batch)]
        return {"order_id": None, **merged(None), "errors": errors}
    work = services()
    with work.database.reading() as connection:
        key = key_of(connection, BillKind.ORDER, body["flow"], values)
    found = preview(work.database, work.vault, work.clock, by.enterprise, key, [each for _, each in supposed], work.merging)
    errors = [
        _error(name, each.batch.message_type, fault.position, fault.fault)
        for (name, each), faults in zip(supposed, found.faults, strict=True)
        for fault in faults
    ]
    refused = any(fault.position == 0 for fault in found.faults[0])
    return {"order_id": None if refused else str(key), **merged(None if refused else found.match), "errors": errors}


def _decoded(by: Caller, kind: BillKind, flow: str, bodies: Sequence[object]) -> Batch:
    try:
        return services().deliveries.documents(kind, flow, stripped(bodies), party(by.enterprise), "preview")
    except UnreadableDelivery as error:
        raise refuse_unreadable(error) from error


def _by_sender(by: Caller, batch: Batch) -> Iterator[Supposed]:
    """Suppose that each bill is sent by the enterprise it names as its sender."""
    grouped: dict[str, tuple[EnterpriseView, list[IntakeDocument]]] = {}
    for document in batch.documents:
        sender = _sender(by, batch, document)
        grouped.setdefault(sender.uscc, (sender, []))[1].append(document)
    for sender, documents in grouped.values():
        yield Supposed(sender, replace(batch, documents=documents))


def _sender(by: Caller, batch: Batch, document: IntakeDocument) -> EnterpriseView:
    named = []
    for field, role in SENDERS[batch.kind, batch.flow]:
        known = by.parties.find(str((document.values or {}).get(field) or ""))
        if known is not None and role in known.roles:
            named.append(known)
    return next((each for each in named if each.id == by.enterprise.id), named[0] if named else by.enterprise)


def _schema_errors(name: str, batch: Batch) -> list[dict[str, object]]:
    return [_error(name, batch.message_type, each.position, fault) for each in batch.documents for fault in each.faults]


def _error(name: str, message_type: str, position: int, fault: Fault) -> dict[str, object]:
    start = f"/{name}" if name == "order" else f"/{name}/{position}"
    pointer = services().deliveries.pointer(message_type, fault.pointer) if fault.pointer else ""
    return described(Fault(f"{start}{pointer}", fault.code, fault.params))
