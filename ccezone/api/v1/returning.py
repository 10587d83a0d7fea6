"""``/api/v1/goods-returns``, as firms write them: what comes back of a released list, filing it, its arrival; as on the pages."""

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ccezone.accounts.service import record
from ccezone.api.operations import Example
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.api.v1.applications import PLACE, WRITE, act, return_shown
from ccezone.api.v1.summing import EXAMPLE_LIST, RESOURCE
from ccezone.clearance.queries.receipts import released_at
from ccezone.declarations.rules.returns import ReturnWish
from ccezone.declarations.service.returns import (
    ReturnDesk,
    change_return,
    drop_return,
    file_return,
    note_arrival,
    open_return,
)
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import UnitOfWork
from schemas.rest.applications import GoodsReturn
from schemas.rest.applying import ArrivalBody, GoodsReturnBody, ReturnWishBody
from schemas.rest.words import Words

__all__ = ["RESOURCE"]
_WISH = {"lines": [{"line_no": 1, "quantity": "1"}], "reason": "买家退货", "way": {"waybill_no": "BACK0001", "country": "502"}}
_LEADS = [
    (name, "application_id", "/id") for name in ("getGoodsReturn", "changeGoodsReturn", "submitGoodsReturn", "dropGoodsReturn")
]
Verb = Callable[[UnitOfWork, ReturnDesk], object]


@RESOURCE.post(
    "/goods-returns",
    "openGoodsReturn",
    Words("申请退货", "Open a goods return"),
    details=Words(
        "已放行清单的商品退回，各次合计不超过申报数量；草稿即占用数量，提交见 submit。",
        "Goods of a released list that come back, never more than declared over all returns; a draft takes its share at once and "
        "is filed by `submit`.",
    ),
    permission=WRITE,
    body=GoodsReturnBody,
    status=201,
    answer=GoodsReturn,
    links=_LEADS,
    examples=[Example("one", Words("退回一件", "One piece"), lambda: {"declaration_id": EXAMPLE_LIST, **_WISH})],
)
def post_return(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Open a draft."""
    by.demand_whole(WRITE)
    work, firm, wish = services(), by.enterprise.id, _wish(body)
    with work.database.begin() as uow:
        try:
            number = open_return(uow, _desk(), firm, int(body["declaration_id"]), wish, by.principal.actor)
        except NotFound as none:
            raise Problem(404, [Fault("/declaration_id", each.code, each.params) for each in none.faults]) from none
        except Refused as refused:
            raise _placed(refused, body) from refused
        record(uow, by.principal, "goods_return.open", f"goods_return:{number}", work.clock)
        return return_shown(uow.connection, firm, number)


@RESOURCE.post(
    "/goods-returns/<int:application_id>/change",
    "changeGoodsReturn",
    Words("修改退货", "Change a goods return"),
    details=Words(
        "只在海关未受理或退单之后；整份重填。", "While customs does not have it, or after it was turned down; states it anew."
    ),
    permission=WRITE,
    body=ReturnWishBody,
    answer=GoodsReturn,
    examples=[Example("one", Words("改为退回一件", "One piece"), lambda: _WISH)],
    parameters=PLACE,
)
def post_change(by: Caller, body: Mapping[str, Any], application_id: int) -> dict[str, object]:
    """State anew what comes back."""
    firm, actor, wish = by.enterprise.id, by.principal.actor, _wish(body)

    def verb(uow: UnitOfWork, desk: ReturnDesk) -> None:
        try:
            change_return(uow, desk, firm, application_id, wish, actor)
        except NotFound:
            raise
        except Refused as refused:
            raise _placed(refused, body) from refused

    return _done(by, application_id, "change", verb)


@RESOURCE.post(
    "/goods-returns/<int:application_id>/submit",
    "submitGoodsReturn",
    Words("提交退货", "File a goods return"),
    details=Words(
        "提交海关，或在退单后再次提交（出口 CEB213、进口 CEB625）。入队后答复 202。",
        "Files it, or again after it was turned down (CEB213 of exports, CEB625 of imports). 202 once queued.",
    ),
    permission=WRITE,
    status=202,
    answer=GoodsReturn,
    parameters=PLACE,
)
def post_submit(by: Caller, application_id: int) -> dict[str, object]:
    """File a return; 202: it waits in the outbox."""
    given = (by.enterprise.id, application_id, by.principal.actor)
    return _done(by, application_id, "submit", lambda uow, desk: file_return(uow, desk, *given))


@RESOURCE.post(
    "/goods-returns/<int:application_id>/drop",
    "dropGoodsReturn",
    Words("作废退货", "Give a goods return up"),
    details=Words("只在海关未受理时；所占数量可以重新申请。", "While customs does not have it; what it took is free again."),
    permission=WRITE,
    answer=GoodsReturn,
    parameters=PLACE,
)
def post_drop(by: Caller, application_id: int) -> dict[str, object]:
    """Give a return up."""
    given = (by.enterprise.id, application_id, by.principal.actor)
    return _done(by, application_id, "drop", lambda uow, desk: drop_return(uow, *given, desk.clock))


@RESOURCE.post(
    "/goods-returns/<int:application_id>/arrival",
    "noteReturnArrival",
    Words("登记运抵", "Note the arrival"),
    details=Words(
        "货物运抵原监管作业场所的日期，须在期限内。", "The day the goods arrived at the site they left from, within the term."
    ),
    permission=WRITE,
    body=ArrivalBody,
    answer=GoodsReturn,
    examples=[Example("day", Words("运抵日期", "A day"), lambda: {"day": "2026-01-05"})],
    parameters=PLACE,
)
def post_arrival(by: Caller, body: Mapping[str, Any], application_id: int) -> dict[str, object]:
    """Note the day the goods arrived."""
    firm, actor = by.enterprise.id, by.principal.actor
    return _done(by, application_id, "arrival", lambda uow, desk: note_arrival(uow, desk, firm, application_id, body["day"], actor))


def _done(by: Caller, application_id: int, action: str, verb: Verb) -> dict[str, object]:
    desk = _desk()
    return act(by, "goods_return", action, application_id, lambda uow: verb(uow, desk))


def _desk() -> ReturnDesk:
    work = services()
    return ReturnDesk(work.vault, work.deliveries, work.clock, work.book.zone, released_at)


def _wish(body: Mapping[str, Any]) -> ReturnWish:
    """Read what a firm asks for. Raises ``Problem`` 422 for a line that is named twice."""
    named = Counter(line["line_no"] for line in body["lines"])
    twice = [place for place, line in enumerate(body["lines"]) if named[line["line_no"]] > 1]
    if twice:
        numbers = {place: str(body["lines"][place]["line_no"]) for place in twice}
        raise Problem(422, [Fault(f"/lines/{place}/line_no", "return_line_twice", {"line": numbers[place]}) for place in twice])
    quantities = {line["line_no"]: Decimal(line["quantity"]) for line in body["lines"]}
    return ReturnWish(quantities, body["reason"], body["relief"], body["way"])


def _placed(refused: Refused, body: Mapping[str, Any]) -> Refused:
    """Point into the body: at the line by its place, where a fault names its number."""
    places = {str(line["line_no"]): place for place, line in enumerate(body["lines"])}
    return Refused(*(_at(fault, places) for fault in refused.faults))


def _at(fault: Fault, places: Mapping[str, int]) -> Fault:
    place = places.get(str(fault.params.get("line", "")))
    if place is None:
        return fault
    member = "line_no" if fault.code == "return_line_unknown" else "quantity"
    return Fault(f"/lines/{place}/{member}", fault.code, fault.params)
