"""``/api/v1/tax-refunds`` and ``/api/v1/goods-ledger``: claims and the goods they are made of, by the services of the site."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from ccezone.accounts.rules import Permission
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.problems import Problem, locale
from ccezone.api.services import Caller, services
from ccezone.enterprises.rules.authority import MODES
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries.claims import ClaimRow, Invoice, claim, search_claims
from ccezone.tax_refunds.queries.ledger import LedgerFilter, LedgerRow, search_ledger
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims, filing
from ccezone.tax_refunds.service.held import held
from schemas.codes.problems import text
from schemas.rest.refunds import (
    GoodsLedgerPage,
    GoodsLedgerQuery,
    RefundVersionBody,
    RefundWordsBody,
    TaxRefund,
    TaxRefundBody,
    TaxRefundPage,
    TaxRefundsQuery,
)
from schemas.rest.words import Words

RESOURCE = Resource("出口退税", "Tax refunds")
_UNFILED = ("draft", "checked", "not_accepted")
_FLOWS = frozenset({"E", "I"})
_FIGURES = ("domestic_sales", "domestic_vat_pct", "input_vat", "carried_credit")


@RESOURCE.get(
    "/goods-ledger",
    "listGoodsLedger",
    Words("出口商品台账", "List exported goods"),
    details=Words(
        "放行后自动登记；`use` 说明已申报退税、已免税或未用。", "Entered upon release; `use` says open, claimed or exempt."
    ),
    permission=Permission.DECLARATIONS_READ,
    query=GoodsLedgerQuery,
    answer=GoodsLedgerPage,
)
def get_ledger(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of the ledger, the newest first."""
    demand_whole(by)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        wanted = LedgerFilter(query["text"], query["standing"])
        rows = search_ledger(connection, by.enterprise.id, wanted, after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"items": [_item(row) for row in page], "next": following}


@RESOURCE.get(
    "/tax-refunds",
    "listTaxRefunds",
    Words("退税申报列表", "List refund claims"),
    permission=Permission.DECLARATIONS_READ,
    query=TaxRefundsQuery,
    links=[("getTaxRefund", "claim_id", "/claims/0/id")],
    answer=TaxRefundPage,
)
def get_claims(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of claims, the newest first."""
    demand_whole(by)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = search_claims(connection, by.enterprise.id, query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"claims": [_row(row) for row in page], "next": following}


@RESOURCE.post(
    "/tax-refunds",
    "openTaxRefund",
    Words("建立退税申报", "Open a refund claim"),
    details=Words(
        "可同时加入台账商品和发票；有一处不对则全部不办理。自检疑点在答复中。",
        "Takes items of the ledger and their invoices along: all or nothing. What the self-check doubts is in the answer.",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    body=TaxRefundBody,
    status=201,
    answer=TaxRefund,
    links=[("getTaxRefund", "claim_id", "/id"), ("submitTaxRefund", "claim_id", "/id")],
    examples=[
        Example(
            "empty",
            Words("一份空的申报", "An empty claim"),
            lambda: {"method": "exempt-refund", "period": "2025-11", "taxpayer_class": 2},
        )
    ],
)
def post_claim(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Open a claim with its items and invoices."""
    demand_whole(by)
    work, firm, actor = services(), by.enterprise.id, by.principal.actor
    figures = claims.Figures(**{name: Decimal(body[name]) for name in _FIGURES})
    opening = claims.Opening(Method(body["method"]), body["period"], body["taxpayer_class"], figures)
    with work.database.begin() as uow:
        claim_id = claims.open_claim(uow, firm, opening, actor, work.clock)
        _fill(uow, by, claim_id, body["items"])
        return _whole(uow.connection, firm, claim_id)


@RESOURCE.get(
    "/tax-refunds/<uuid:claim_id>",
    "getTaxRefund",
    Words("退税申报", "A refund claim"),
    permission=Permission.DECLARATIONS_READ,
    answer=TaxRefund,
    parameters={"claim_id": {"description": Words("申报标识", "The claim's id")}},
)
def get_claim(by: Caller, claim_id: UUID) -> dict[str, object]:
    """One claim with all that belongs to it."""
    demand_whole(by)
    with services().database.reading() as connection:
        return _whole(connection, by.enterprise.id, claim_id)


@RESOURCE.post(
    "/tax-refunds/<uuid:claim_id>/submit",
    "submitTaxRefund",
    Words("自检并提交", "Check and file"),
    details=Words("先自检；有须更正的疑点则不提交。", "The self-check comes first; with a doubt that blocks nothing is filed."),
    permission=Permission.DECLARATIONS_WRITE,
    body=RefundVersionBody,
    answer=TaxRefund,
    problems=(412,),
    examples=[Example("first", Words("首次提交", "The first filing"), lambda: {"version": 1})],
    parameters={"claim_id": {"description": Words("申报标识", "The claim's id")}},
)
def submit(by: Caller, body: Mapping[str, Any], claim_id: UUID) -> dict[str, object]:
    """Check a claim and file it."""

    def verb(uow: UnitOfWork) -> None:
        work, firm, actor = services(), by.enterprise.id, by.principal.actor
        book = work.book.current(uow.connection)
        known = held(uow.connection, firm, claim_id, body["version"])
        if known.state != "checked":
            doubts = [each for each in filing.check_claim(uow, firm, claim_id, book, actor, work.clock) if each.blocks]
            if doubts:
                raise Refused(*(Fault("", each.code, {"subject": each.subject, **each.params}) for each in doubts))
        version = held(uow.connection, firm, claim_id).version
        filing.submit_claim(uow, firm, claim_id, version, book, actor, work.clock)

    return _done(by, claim_id, verb)


@RESOURCE.post(
    "/tax-refunds/<uuid:claim_id>/answer",
    "answerTaxRefund",
    Words("答复疑点函", "Answer the bureau's letter"),
    permission=Permission.DECLARATIONS_WRITE,
    body=RefundWordsBody,
    answer=TaxRefund,
    problems=(412,),
    examples=[Example("answer", Words("答复", "An answer"), lambda: {"version": 4, "text": "已附运输单据"})],
    parameters={"claim_id": {"description": Words("申报标识", "The claim's id")}},
)
def answer(by: Caller, body: Mapping[str, Any], claim_id: UUID) -> dict[str, object]:
    """Answer a doubt."""
    return _said(by, body, claim_id, filing.answer_doubt)


@RESOURCE.post(
    "/tax-refunds/<uuid:claim_id>/withdraw",
    "withdrawTaxRefund",
    Words("作废或申请撤回", "Give a claim up"),
    details=Words("已提交的由税务机关决定是否同意。", "Of a filed one the bureau decides."),
    permission=Permission.DECLARATIONS_WRITE,
    body=RefundWordsBody,
    answer=TaxRefund,
    problems=(412,),
    examples=[Example("wrong", Words("填错作废", "Typed wrongly"), lambda: {"version": 1, "text": "填写有误"})],
    parameters={"claim_id": {"description": Words("申报标识", "The claim's id")}},
)
def withdraw(by: Caller, body: Mapping[str, Any], claim_id: UUID) -> dict[str, object]:
    """Discard a claim, or ask for it back."""
    return _said(by, body, claim_id, filing.withdraw_claim)


def _fill(uow: UnitOfWork, by: Caller, claim_id: UUID, items: Sequence[Mapping[str, Any]]) -> None:
    work, firm, actor = services(), by.enterprise.id, by.principal.actor
    if not items:
        return
    claims.add_items(uow, firm, claim_id, [each["item"] for each in items], work.book.current(uow.connection), actor, work.clock)
    for place, each in enumerate(items):
        stated = {name: each[name] for name in ("declaration_no", "vat_pct", "refund_pct") if each[name]}
        if stated:
            _at(f"/items/{place}", lambda: claims.mend_item(uow, firm, claim_id, each["item"], stated, actor, work.clock))  # noqa: B023  # called at once
        for number, given in enumerate(each["invoices"]):
            invoice = Invoice(each["item"], **{**given, "seller_uscc": given["seller_uscc"].upper()})
            _at(
                f"/items/{place}/invoices/{number}",
                lambda: claims.add_invoice(uow, firm, claim_id, invoice, actor, work.clock),  # noqa: B023  # called at once
            )


def _at(place: str, verb: Callable[[], None]) -> None:
    """Say where in the body a fault of a verb stands."""
    try:
        verb()
    except Refused as refused:
        raise Refused(*(Fault(place + each.pointer, each.code, each.params) for each in refused.faults)) from refused


def _said(by: Caller, body: Mapping[str, Any], claim_id: UUID, verb: Callable[..., None]) -> dict[str, object]:
    firm, actor, clock = by.enterprise.id, by.principal.actor, services().clock
    return _done(by, claim_id, lambda uow: verb(uow, firm, claim_id, body["version"], body["text"], actor, clock))


def _done(by: Caller, claim_id: UUID, verb: Callable[[UnitOfWork], None]) -> dict[str, object]:
    demand_whole(by)
    with services().database.begin() as uow:
        verb(uow)
        return _whole(uow.connection, by.enterprise.id, claim_id)


def demand_whole(by: Caller) -> None:
    """An agent needs an authority for both flows and all modes, as on the site."""
    scope = by.principal.scope
    if scope is not None and not (scope.flows >= _FLOWS and scope.modes >= frozenset(MODES)):
        raise Problem(403, [Fault("", "not_permitted", {"permission": str(Permission.DECLARATIONS_READ)})])


def _item(row: LedgerRow) -> dict[str, object]:
    return {**asdict(row), "use": str(row.use)}


def _row(row: ClaimRow) -> dict[str, object]:
    return {**asdict(row), "reference": row.reference, "due_back": row.account.due_back}


def _whole(connection: Connection, firm: UUID, claim_id: UUID) -> dict[str, object]:
    view = claim(connection, firm, claim_id)
    if view is None:
        raise Problem(404, [Fault("", "not_found", {"value": str(claim_id)})])
    work = services()
    unfiled = view.row.state in _UNFILED
    doubts = filing.doubts_of(view, work.book.current(connection), work.clock) if unfiled else ()
    faults = [(Fault("", each.code, {"subject": each.subject, **each.params}), each.blocks) for each in doubts]
    told = [(fault, blocks, *text(fault, locale())) for fault, blocks in faults]
    return {
        **_row(view.row),
        "items": [{**asdict(each), "item": each.item_id} for each in view.items],
        "invoices": [{**asdict(each), "item": each.item_id} for each in view.invoices],
        "steps": [asdict(each) for each in view.steps],
        "doubts": [
            {"code": fault.code, "blocks": blocks, "message": message, "remedy": remedy} for fault, blocks, message, remedy in told
        ],
    }
