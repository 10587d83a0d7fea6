"""``/api/v1/pre-refunds``: refunds upon leaving the country of goods for warehouses abroad, by the services of the site."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from ccezone.accounts.rules import Permission
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.leave import PrerefundRow, prerefund, sales_of, search_prerefunds
from ccezone.tax_refunds.service.leave import Sale, reconcile_sales, record_sales
from schemas.rest.prerefunds import OverseasSalesBody, PreRefund, PreRefundPage, PreRefundsQuery, ReconcileBody
from schemas.rest.words import Words

RESOURCE = Resource("离境即退税", "Refunds upon leaving")
_EXAMPLE = {"sale_no": "US-1001", "sold_on": "2025-12-20", "quantity": "12", "amount": "236.40", "currency": "502"}
_PLACE = {"prerefund_id": {"description": Words("预退税标识", "The pre-refund's id")}}


@RESOURCE.get(
    "/pre-refunds",
    "listPreRefunds",
    Words("预退税列表", "List pre-refunds"),
    details=Words("海外仓（9810）未售货物的预退税及核算期。", "Pre-refunds of unsold goods abroad (9810), and their windows."),
    permission=Permission.DECLARATIONS_READ,
    query=PreRefundsQuery,
    links=[("getPreRefund", "prerefund_id", "/prerefunds/0/id")],
    answer=PreRefundPage,
)
def get_prerefunds(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of pre-refunds, the newest first."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = search_prerefunds(connection, by.enterprise.id, _today(), query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"prerefunds": [_row(row) for row in page], "next": following}


@RESOURCE.get(
    "/pre-refunds/<uuid:prerefund_id>",
    "getPreRefund",
    Words("预退税", "A pre-refund"),
    permission=Permission.DECLARATIONS_READ,
    answer=PreRefund,
    parameters=_PLACE,
)
def get_prerefund(by: Caller, prerefund_id: UUID) -> dict[str, object]:
    """One pre-refund with its sales."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    with services().database.reading() as connection:
        return _whole(connection, by.enterprise.id, prerefund_id)


@RESOURCE.post(
    "/pre-refunds/<uuid:prerefund_id>/sales",
    "recordOverseasSales",
    Words("登记境外销售", "Record sales abroad"),
    details=Words("一次可登记多笔；有一处不对则全部不登记。", "Several at once: all or none."),
    permission=Permission.DECLARATIONS_WRITE,
    body=OverseasSalesBody,
    answer=PreRefund,
    examples=[Example("one", Words("一笔销售", "One sale"), lambda: {"sales": [_EXAMPLE]})],
    parameters=_PLACE,
)
def post_sales(by: Caller, body: Mapping[str, Any], prerefund_id: UUID) -> dict[str, object]:
    """Record sales."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    work, firm = services(), by.enterprise.id
    with work.database.begin() as uow:
        sales = [Sale(**each) for each in body["sales"]]
        record_sales(uow, firm, prerefund_id, sales, "api", by.principal.actor, work.clock)
        return _whole(uow.connection, firm, prerefund_id)


@RESOURCE.post(
    "/pre-refunds/<uuid:prerefund_id>/reconcile",
    "reconcilePreRefund",
    Words("核算", "Account for sales"),
    details=Words(
        "账载数量须与已登记、未核算的销售一致；只在核算期内办理。",
        "Your books must agree with the recorded sales; within the window only.",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    body=ReconcileBody,
    answer=PreRefund,
    problems=(412,),
    examples=[Example("first", Words("首次核算", "The first account"), lambda: {"version": 2, "quantity": "12"})],
    parameters=_PLACE,
)
def reconcile(by: Caller, body: Mapping[str, Any], prerefund_id: UUID) -> dict[str, object]:
    """Account for the recorded sales."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    work, firm = services(), by.enterprise.id
    with work.database.begin() as uow:
        told = (body["version"], body["quantity"], body["note"])
        reconcile_sales(uow, firm, prerefund_id, *told, by.principal.actor, work.clock)
        return _whole(uow.connection, firm, prerefund_id)


def _whole(connection: Connection, firm: UUID, prerefund_id: UUID) -> dict[str, object]:
    row = prerefund(connection, firm, prerefund_id)
    if row is None:
        raise Problem(404, [Fault("", "not_found", {"value": str(prerefund_id)})])
    return {**_row(row), "sales": [asdict(each) for each in sales_of(connection, prerefund_id)]}


def _row(row: PrerefundRow) -> dict[str, object]:
    return {**asdict(row), "reference": row.reference, "claim_reference": row.claim_reference}


def _today() -> date:
    return services().clock.now().astimezone(SHANGHAI).date()
