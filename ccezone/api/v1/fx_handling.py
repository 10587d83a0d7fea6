"""``/api/v1/fx-receipts/…`` and ``/api/v1/fx-settlements``: matching, declaring, asking the bank; as the pages do."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from ccezone.accounts.service import record
from ccezone.api.examples import order_id, values
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import as_bigint, as_uuid, cut, read_cursor
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.api.v1.fx_receipts import READ, RECEIPT, WRITE
from ccezone.api.v1.fx_shown import asked_shown, whole_shown
from ccezone.credit.queries.fx_standing import fx_firm
from ccezone.fx.queries.instructions import instruction, search_instructions
from ccezone.fx.rules.matching import LineKind
from ccezone.fx.rules.parts import Action, Part
from ccezone.fx.rules.routing import Firm
from ccezone.fx.service.matching import Wish, match, unmatch
from ccezone.fx.service.orders import OrderName
from ccezone.fx.service.settling import Back, declare, instruct, send_back
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, UnitOfWork
from schemas.rest.fx import FxReceipt, FxSettlement, FxSettlementPage, FxSettlementsQuery
from schemas.rest.fx_inputs import (
    NETTINGS,
    FxDeclareBody,
    FxMatchBody,
    FxReturnBody,
    FxSettlementBody,
    FxUnmatchBody,
)
from schemas.rest.words import Words

RESOURCE = Resource("跨境收汇", "Foreign exchange")
EXAMPLE_ID = "00000000-0000-7000-8000-000000000001"
_SETTLEMENT = {"settlement_id": {"description": Words("办理申请标识", "The instruction's id")}}
Verb = Callable[[UnitOfWork, ParameterBook], object]


@RESOURCE.post(
    "/fx-receipts/<uuid:receipt_id>/match",
    "matchFxReceipt",
    Words("匹配订单", "Match orders"),
    details=Words(
        "一笔收汇可对多个订单，一个订单可由多笔收汇支付；扣除项按订单金额分摊。有一处不对则全部不办理。",
        "A receipt pays many orders and an order is paid by many receipts; what was kept back is spread by the orders' amounts. "
        "All or nothing.",
    ),
    permission=WRITE,
    body=FxMatchBody,
    answer=FxReceipt,
    problems=(412,),
    examples=[
        Example(
            "fee",
            Words("一个订单，平台扣除费用", "One order of which the platform kept a fee"),
            lambda: {"orders": [{"order_no": values("CEB303Message")["order_no"]}], "nettings": {"platform_fee": "1.00"}},
        )
    ],
    parameters=RECEIPT,
)
def post_match(by: Caller, body: Mapping[str, Any], receipt_id: UUID) -> dict[str, object]:
    """Match a receipt to orders."""
    firm, actor, clock = by.enterprise.id, by.principal.actor, services().clock
    wishes = [
        Wish(OrderName(each["order_no"], each["platform_code"]), each["amount"], _nettings(each["nettings"]))
        for each in body["orders"]
    ]
    kept = _nettings(body["nettings"])

    def verb(uow: UnitOfWork, rules: ParameterBook) -> None:
        match(uow, firm, receipt_id, body["version"], wishes, kept, rules, actor, clock)

    return _done(by, receipt_id, "match", verb)


@RESOURCE.post(
    "/fx-receipts/<uuid:receipt_id>/unmatch",
    "unmatchFxReceipt",
    Words("撤销订单匹配", "Take an order off"),
    details=Words("以冲回分录撤销，原分录保留。", "By entries that reverse the others, which stay."),
    permission=WRITE,
    body=FxUnmatchBody,
    answer=FxReceipt,
    problems=(412,),
    examples=[Example("order", Words("一个订单", "One order"), lambda: {"order_id": order_id()})],
    parameters=RECEIPT,
)
def post_unmatch(by: Caller, body: Mapping[str, Any], receipt_id: UUID) -> dict[str, object]:
    """Take back what a receipt explains of an order."""
    try:
        key = as_bigint(body["order_id"])
    except ValueError:
        raise Problem(422, [Fault("/order_id", "not_a_number", {"value": body["order_id"]})]) from None
    firm, actor, clock = by.enterprise.id, by.principal.actor, services().clock
    return _done(by, receipt_id, "unmatch", lambda uow, _b: unmatch(uow, firm, receipt_id, body["version"], key, actor, clock))


@RESOURCE.post(
    "/fx-receipts/<uuid:receipt_id>/declare",
    "declareFxReceipt",
    Words("国际收支申报", "Declare to the balance of payments"),
    permission=WRITE,
    body=FxDeclareBody,
    answer=FxReceipt,
    problems=(412,),
    examples=[Example("online", Words("网购", "An online purchase"), lambda: {"bop_code": "122030"})],
    parameters=RECEIPT,
)
def post_declaration(by: Caller, body: Mapping[str, Any], receipt_id: UUID) -> dict[str, object]:
    """Declare a receipt."""
    said = (body["version"], body["bop_code"], body["registration_no"])
    firm, actor, clock = by.enterprise.id, by.principal.actor, services().clock
    return _done(by, receipt_id, "declare", lambda uow, rules: declare(uow, firm, receipt_id, *said, rules, actor, clock))


@RESOURCE.post(
    "/fx-receipts/<uuid:receipt_id>/return",
    "returnFxReceipt",
    Words("退汇", "Send money back abroad"),
    details=Words(
        "已匹配订单的金额须先撤销匹配；特殊退汇须外汇局登记的，填写登记编号。",
        "Matched money must be taken off its orders first; a special refund may need SAFE's registration.",
    ),
    permission=WRITE,
    body=FxReturnBody,
    answer=FxReceipt,
    problems=(412,),
    examples=[Example("part", Words("退回一部分", "A part of it"), lambda: {"amount": "5.00", "reason": "买家取消订单"})],
    parameters=RECEIPT,
)
def post_return(by: Caller, body: Mapping[str, Any], receipt_id: UUID) -> dict[str, object]:
    """Ask the bank to send money back."""
    back = Back(body["amount"], Part(body["source"]), body["original_route"], body["registration_no"], body["reason"])
    firm, actor, clock = by.enterprise.id, by.principal.actor, services().clock

    def verb(uow: UnitOfWork, rules: ParameterBook) -> None:
        send_back(uow, firm, _standing(uow, firm), receipt_id, body["version"], back, rules, actor, clock)

    return _done(by, receipt_id, "return", verb)


@RESOURCE.get(
    "/fx-settlements",
    "listFxSettlements",
    Words("银行办理申请列表", "List instructions to the bank"),
    permission=READ,
    query=FxSettlementsQuery,
    links=[("getFxSettlement", "settlement_id", "/settlements/0/id")],
    answer=FxSettlementPage,
)
def get_settlements(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of instructions, the newest first."""
    by.demand_whole(READ)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = search_instructions(connection, by.enterprise.id, query["outcome"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.asked.id)
    return {"settlements": [asked_shown(each) for each in page], "next": following}


@RESOURCE.post(
    "/fx-settlements",
    "postFxSettlement",
    Words("办理结汇", "Ask the bank to settle"),
    details=Words(
        "settle 结汇或入账，pend 转入待核查账户，release 从待核查账户结汇。能办理多少、依据什么，见收汇的 gate；"
        "申请与资金占用在同一事务中，银行答复后更新。",
        "settle converts or credits, pend puts on the pending-check account, release settles from there. What may be done, and by "
        "which rule, stands in the receipt's gate. Money is held in the transaction that asks; the bank's answer follows.",
    ),
    permission=WRITE,
    body=FxSettlementBody,
    status=201,
    answer=FxSettlement,
    problems=(404, 412),
    links=[("getFxSettlement", "settlement_id", "/id")],
    examples=[
        Example(
            "pend",
            Words("转入待核查账户", "To the pending-check account"),
            lambda: {"receipt": EXAMPLE_ID, "action": "pend", "amount": "10.00"},
        )
    ],
)
def post_settlement(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Ask the bank for something, through the gate."""
    by.demand_whole(WRITE)
    work, firm, receipt_id = services(), by.enterprise.id, body["receipt"]
    asked = (body["version"], Action(body["action"]), body["amount"])
    with work.database.begin() as uow:
        rules = work.book.current(uow.connection)
        try:
            made = instruct(uow, firm, _standing(uow, firm), receipt_id, *asked, rules, by.principal.actor, work.clock)
        except NotFound:
            raise Problem(404, [Fault("/receipt", "not_found", {"value": str(receipt_id)})]) from None
        record(uow, by.principal, "fx.ask", f"fx_receipt:{receipt_id}", work.clock)
        return _shown(uow.connection, firm, made)


@RESOURCE.get(
    "/fx-settlements/<uuid:settlement_id>",
    "getFxSettlement",
    Words("一笔办理申请", "An instruction to the bank"),
    permission=READ,
    answer=FxSettlement,
    parameters=_SETTLEMENT,
)
def get_settlement(by: Caller, settlement_id: UUID) -> dict[str, object]:
    """One instruction and what came of it."""
    by.demand_whole(READ)
    with services().database.reading() as connection:
        return _shown(connection, by.enterprise.id, settlement_id)


def _shown(connection: Connection, firm: UUID, number: UUID) -> dict[str, object]:
    found = instruction(connection, firm, number)
    if found is None:
        raise Problem(404, [Fault("", "not_found", {"value": str(number)})])
    return asked_shown(found)


def _done(by: Caller, receipt_id: UUID, action: str, verb: Verb) -> dict[str, object]:
    """Do one thing to a receipt, on record, and answer with it. A netting that is wrong is pointed at where it stands."""
    by.demand_whole(WRITE)
    work = services()
    try:
        with work.database.begin() as uow:
            verb(uow, work.book.current(uow.connection))
            record(uow, by.principal, f"fx.{action}", f"fx_receipt:{receipt_id}", work.clock)
            return whole_shown(uow.connection, by.enterprise.id, receipt_id)
    except (NotFound, Stale):
        raise
    except Refused as refused:
        raise Refused(*(_placed(fault) for fault in refused.faults)) from refused


def _placed(fault: Fault) -> Fault:
    kept = fault.pointer.removeprefix("/") in NETTINGS
    return Fault(f"/nettings{fault.pointer}", fault.code, fault.params) if kept else fault


def _nettings(given: Mapping[str, Decimal]) -> dict[LineKind, Decimal]:
    return {LineKind(kind): Decimal(amount) for kind, amount in given.items() if amount}


def _standing(uow: UnitOfWork, firm: UUID) -> Firm:
    return fx_firm(uow.connection, firm, services().today(), services().clock.now())
