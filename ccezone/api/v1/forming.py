"""``POST /api/v1/declarations`` and its kin: file a transaction, look ahead at its lists, change or cancel a list."""

from collections.abc import Mapping
from typing import Any

from ccezone.accounts.rules import Permission
from ccezone.api import examples
from ccezone.api.operations import Example
from ccezone.api.problems import Problem, described
from ccezone.api.services import Caller, services
from ccezone.api.v1.bills import stripped
from ccezone.api.v1.declarations import RESOURCE, lacking
from ccezone.declarations.rules.modes import EXPORT_LIST, IMPORT_LIST
from ccezone.declarations.rules.wishes import Filing, Wish
from ccezone.declarations.service import Form, FormFault, ListPreview, cancel_list, change_list, file_form, preview_form
from ccezone.kernel.errors import Fault
from schemas.rest.declarations import Applied, CancelBody, Filed, FormBody, FormPreview, Queued
from schemas.rest.documents import spelled
from schemas.rest.wishes import WishBody, wish_faults
from schemas.rest.words import Words

__all__ = ["RESOURCE"]

_NUMBER = {"number": {"description": Words("清单标识", "Id of the list")}}
_PARTS = ("order", "payment", "waybill", "link")


def _example() -> dict[str, object]:
    stated = {"trade_mode": "9610", "declaration_path": "A", "statements": {"no_export_duty": "yes", "no_licence": "yes"}}
    return {"flow": "E", "order": examples.document("CEB303Message", 5), "declaration": stated}


_EXAMPLES = [Example("export", Words("一票 9610 出口", "A 9610 export"), _example)]


@RESOURCE.post(
    "/declarations",
    "fileDeclaration",
    Words("填报一票", "File a transaction"),
    details=Words(
        "单证按批量报送的同一路径入库，申报内容留存至单证齐备时生成清单；任何一处有误则全部不入库。",
        "Its bills go the way of all bills, and what is stated of the declaration waits until they match; a fault anywhere keeps "
        "all of it out.",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    body=FormBody,
    examples=_EXAMPLES,
    status=202,
    answer=Filed,
)
def post_form(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Store a transaction."""
    form = _form(by, body)
    filed = file_form(services().forms, by.enterprise, form, by.principal.actor)
    if filed.faults or filed.order_key is None:
        raise Problem(422, [_placed(each) for each in filed.faults] or [Fault("/order", "required")])
    return {"order_id": str(filed.order_key)}


@RESOURCE.post(
    "/declarations/preview",
    "previewDeclaration",
    Words("预览一票", "Preview a transaction"),
    details=Words(
        "不保存任何内容：比对结论、将生成的清单、四项条件、税款与额度、所缺内容。",
        "Nothing is kept: the merge's opinion, the lists to be, the tests, tax and quota, what is lacking.",
    ),
    permission=Permission.DECLARATIONS_READ,
    body=FormBody,
    examples=_EXAMPLES,
    answer=FormPreview,
)
def post_preview(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """What would become of a transaction."""
    seen = preview_form(services().forms, by.enterprise, _form(by, body))
    return {
        "order_id": str(seen.order_key) if seen.order_key is not None else None,
        "verdict": seen.match.verdict.value if seen.match else None,
        "waiting": list(seen.match.waiting) if seen.match else [],
        "lists": [_to_be(each) for each in seen.lists],
        "errors": [described(_placed(each)) for each in seen.faults],
    }


@RESOURCE.post(
    "/declarations/<int:number>/cancel",
    "cancelDeclaration",
    Words("申请撤销清单", "Apply to cancel a list"),
    details=Words(
        "放行前、海关未在查验时可以申请（CEB605、CEB623）；回执见时间线。",
        "Before release and not during inspection (CEB605, CEB623); its receipts are in the timeline.",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    body=CancelBody,
    examples=[Example("reason", Words("原因", "A reason"), lambda: {"reason": "买家取消订单"})],
    status=202,
    answer=Applied,
    parameters=_NUMBER,
)
def post_cancel(by: Caller, body: Mapping[str, Any], number: int) -> dict[str, object]:
    """Apply to cancel a list. 202: the application waits in the outbox."""
    work, actor = services(), by.principal.actor
    count = cancel_list(work.database, work.vault, work.deliveries, work.clock, number, by.enterprise.id, body["reason"], actor)
    return {"id": str(number), "number": count}


@RESOURCE.post(
    "/declarations/<int:number>/change",
    "changeDeclaration",
    Words("修改清单", "Change a list"),
    details=Words(
        "未发送前重新生成；审核前或退单后以变更申报（appType 2）报送。",
        "Made anew before it is sent; before review or after a rejection it goes out as a change (appType 2).",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    body=WishBody,
    examples=[Example("note", Words("更正备注", "Another note"), lambda: {"head": {"note": "更正"}})],
    status=202,
    answer=Queued,
    parameters=_NUMBER,
)
def post_change(by: Caller, body: Mapping[str, Any], number: int) -> dict[str, object]:
    """Change a list; 202 once that is queued."""
    change_list(services().forms, number, by.enterprise.id, _wish(body), by.principal.actor)
    return {"id": str(number), "state": "queued"}


def _form(by: Caller, body: Mapping[str, Any]) -> Form:
    if not by.reaches(body["flow"]):
        raise Problem(403, [Fault("/flow", "not_permitted", {"permission": str(Permission.DECLARATIONS_WRITE)})])
    wish = {**WishBody().load({}), **body["declaration"]}
    message_type = EXPORT_LIST if body["flow"] == "E" else IMPORT_LIST
    if faults := wish_faults(message_type, wish, "/declaration"):
        raise Problem(422, faults)
    stated = {part: stripped([body[part]])[0] for part in _PARTS if body[part] is not None}
    bodies = {part: bill for part, bill in stated.items() if isinstance(bill, Mapping)}
    if wrong := stated.keys() - bodies.keys():
        raise Problem(422, [Fault(f"/{part}", "not_an_object") for part in sorted(wrong)])
    order_id = body["order_id"]
    if not order_id and "order" not in bodies:
        raise Problem(422, [Fault("/order", "required")])
    if order_id and not order_id.removeprefix("-").isdecimal():
        raise Problem(404, [Fault("/order_id", "order_not_found", {"id": order_id})])
    return Form(body["flow"], _wish(wish), bodies, int(order_id) if order_id else None)


def _wish(body: Mapping[str, Any]) -> Wish:
    lines = {line["line_no"]: {name: value or "" for name, value in line["values"].items()} for line in body["lines"]}
    head = {name: value or "" for name, value in body["head"].items()}
    said = {name: value or "" for name, value in body["statements"].items()}
    return Wish(body["trade_mode"], body["declaration_path"], Filing(body["filing"]), head, lines, said)


def _placed(each: FormFault) -> Fault:
    return Fault(f"/{each.part}{each.fault.pointer}", each.fault.code, each.fault.params)


def _to_be(each: ListPreview) -> dict[str, object]:
    personal = {name for name in each.head if name.startswith("buyer_") or name == "consignee_address"}
    head = {name: value for name, value in each.head.items() if name not in personal}
    return {
        "waybill_id": str(each.waybill_key),
        "trade_mode": each.trade_mode,
        "declaration_path": each.path,
        "document": spelled(each.message_type, {**head, "lines": each.lines}),
        "missing": [lacking(lack) for lack in each.missing],
        "tests": [
            {
                "condition": test.condition.value,
                "outcome": test.outcome.value,
                "ground": test.ground,
                "source": test.source,
                "params": dict(test.params),
            }
            for test in each.tests
        ],
        "hs_digits": each.digits,
        "tax_total": str(each.tax.total) if each.tax else None,
        "used_before": str(each.used_before),
    }
