"""``/api/v1/bank/consents``: a bank's system reads what a firm consented to; each look is on record, as on its portal."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from ccezone.accounts.queries import credential
from ccezone.accounts.rules import Permission
from ccezone.api.operations import Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.problems import Problem
from ccezone.api.services import BankCaller, services
from ccezone.api.v1.stored_bills import bill_cursor, bill_row, merged
from ccezone.bills.queries import BillRow, Scope, Wanted, search_bills
from ccezone.bills.rules import BillKind
from ccezone.consents.queries import ConsentFilter, ConsentView, consent, search_consents
from ccezone.consents.queries.comparing import compare
from ccezone.consents.rules import THREE_BILLS, DataKind
from ccezone.consents.service import look
from ccezone.kernel.errors import Fault
from ccezone.matching.queries import match
from ccezone.storage import UnitOfWork
from schemas.rest.consented import ComparedOrder, ConsentedBillsQuery, ConsentPage, ConsentsQuery
from schemas.rest.stored import BillPage
from schemas.rest.words import Words

RESOURCE = Resource("银行", "Banks")
_CONSENT = {"consent_id": {"description": Words("授权标识", "The consent's id")}}
_DETAILS = Words(
    "须有企业的有效授权；每次查询（含被拒绝的）都有记录，企业可见。授权到期或撤回后答复 403。",
    "Under the firm's consent. Every look, a refused one too, is on record and the firm sees it. 403 once the consent is over.",
)
_KINDS = {
    DataKind.ORDERS: (BillKind.ORDER, "listConsentedOrders", Words("查询企业订单", "Read a firm's orders")),
    DataKind.PAYMENTS: (BillKind.PAYMENT, "listConsentedPayments", Words("查询企业支付单", "Read a firm's payments")),
    DataKind.LOGISTICS: (BillKind.WAYBILL, "listConsentedWaybills", Words("查询企业运单", "Read a firm's waybills")),
}


@RESOURCE.get(
    "/bank/consents",
    "listConsents",
    Words("企业授权列表", "List consents of firms"),
    permission=Permission.CONSENTED_READ,
    bank=True,
    query=ConsentsQuery,
    answer=ConsentPage,
)
def get_consents(by: BankCaller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of consents to this bank, the newest first."""
    work, after = services(), read_cursor(query["after"], as_uuid)
    wanted = ConsentFilter(work.today(), bank=by.bank.id, text=query["text"])
    with work.database.reading() as connection:
        rows = search_consents(connection, wanted, query["tab"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"consents": [_consent(row) for row in page], "next": following}


def _offer(kind: DataKind) -> None:
    bill, name, summary = _KINDS[kind]

    @RESOURCE.get(
        f"/bank/consents/<uuid:consent_id>/{kind.value}",
        name,
        summary,
        details=_DETAILS,
        permission=Permission.CONSENTED_READ,
        bank=True,
        query=ConsentedBillsQuery,
        answer=BillPage,
        parameters=_CONSENT,
    )
    def get_bills(by: BankCaller, query: Mapping[str, Any], consent_id: UUID) -> dict[str, object]:
        """A page of the firm's bills, the last to arrive first."""
        wanted = Wanted(text=query["text"], after=read_cursor(query["after"], bill_cursor), limit=query["limit"] + 1)
        rows: list[BillRow] = []
        with services().database.begin() as uow:
            allowed = _look(uow, by, consent_id, (kind,), query["text"])
            if allowed:
                rows = [*search_bills(uow.connection, bill, Scope.OWN, allowed.enterprise_id, wanted)]
        if allowed is None:
            raise _shut()
        page, following = cut(rows, query["limit"], lambda row: row.cursor)
        return {"bills": [bill_row(row) for row in page], "next": following}


for _kind in _KINDS:
    _offer(_kind)


@RESOURCE.get(
    "/bank/consents/<uuid:consent_id>/orders/<int(signed=True):order_id>/comparison",
    "compareConsentedOrder",
    Words("数字比对一个订单", "Compare an order with its bills"),
    details=_DETAILS,
    permission=Permission.CONSENTED_READ,
    bank=True,
    answer=ComparedOrder,
    parameters={**_CONSENT, "order_id": {"description": Words("订单标识", "The order's id")}},
)
def get_comparison(by: BankCaller, consent_id: UUID, order_id: int) -> dict[str, object]:
    """One order beside its payments and waybills, by the hub's own verdict."""
    work = services()
    with work.database.begin() as uow:
        known = consent(uow.connection, consent_id, bank=by.bank.id)
        named = match(uow.connection, order_id, known.enterprise_id) if known else None
        allowed = _look(uow, by, consent_id, THREE_BILLS, named.order_no if named else "")
        found = compare(uow.connection, work.vault, allowed.enterprise_id, [order_id]).orders if allowed else ()
    if allowed is None:
        raise _shut()
    if not found:
        raise Problem(404, [Fault("", "not_found", {"value": str(order_id)})])
    one = found[0]
    return {
        **merged(one.match),
        "order_id": str(one.match.order_key),
        "order_no": one.match.order_no,
        "amount": one.amount,
        "currency": one.currency or "",
        "agrees": one.agrees,
        "payments": [bill_row(row) for row in one.payments],
        "waybills": [bill_row(row) for row in one.waybills],
    }


def _look(uow: UnitOfWork, by: BankCaller, consent_id: UUID, kinds: tuple[DataKind, ...], what: str) -> ConsentView | None:
    """Judge and write down a look, in the name of the credential; ``None``: shut, and the caller commits before saying so."""
    known = credential(uow.connection, by.bank.id, by.principal.credential_id) if by.principal.credential_id else None
    principal = replace(by.principal, name=known.name) if known else by.principal
    seen = look(uow, consent_id, kinds, what, principal, services().clock)
    return seen.consent if seen.allowed else None


def _shut() -> Problem:
    return Problem(403, [Fault("", "consent_shut")])


def _consent(row: ConsentView) -> dict[str, object]:
    return {
        "id": row.id,
        "reference": row.spelled,
        "uscc": row.uscc,
        "firm": row.firm,
        "kinds": list(row.kinds),
        "purpose": row.purpose,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "standing": row.standing(services().today()).value,
    }
