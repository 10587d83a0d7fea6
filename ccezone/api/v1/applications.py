"""``/api/v1/summaries`` and ``/api/v1/goods-returns``: what is applied for after release, read as on the pages.

They are opened, changed and filed in ``summing`` and ``returning``.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.api.operations import Resource
from ccezone.api.paging import as_bigint, cut, read_cursor
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.declarations.queries.returns import ReturnRow, goods_return, search_returns
from ccezone.declarations.queries.summaries import SummaryRow, search_summaries, summary_detail
from ccezone.kernel.errors import Fault
from ccezone.storage import Connection, UnitOfWork
from schemas.rest.applications import ApplicationsQuery, GoodsReturn, GoodsReturnPage, Summary, SummaryPage
from schemas.rest.words import Words

RESOURCE = Resource("汇总申报与退货", "Summaries and returns")
READ, WRITE = Permission.DECLARATIONS_READ, Permission.DECLARATIONS_WRITE
Kind = Literal["summary", "goods_return"]
PLACE = {"application_id": {"description": Words("申请编号", "The application's number")}}


@RESOURCE.get(
    "/summaries",
    "listSummaries",
    Words("汇总申报列表", "List summary declarations"),
    permission=READ,
    query=ApplicationsQuery,
    links=[("getSummary", "application_id", "/summaries/0/id")],
    answer=SummaryPage,
)
def get_summaries(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of summaries, the newest first."""
    by.demand_whole(READ)
    after = read_cursor(query["after"], as_bigint)
    with services().database.reading() as connection:
        rows = search_summaries(connection, by.enterprise.id, query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"summaries": [_summary(row) for row in page], "next": following}


@RESOURCE.get(
    "/summaries/<int:application_id>",
    "getSummary",
    Words("汇总申报", "A summary declaration"),
    details=Words(
        "含清单，以及海关告知的报关单号；有了报关单号才能申报退税。",
        "With its lists and the declaration numbers customs told, which refund claims need.",
    ),
    permission=READ,
    answer=Summary,
    parameters=PLACE,
)
def get_summary(by: Caller, application_id: int) -> dict[str, object]:
    """One summary with its lists and customs declarations."""
    by.demand_whole(READ)
    with services().database.reading() as connection:
        return summary_shown(connection, by.enterprise.id, application_id)


@RESOURCE.get(
    "/goods-returns",
    "listGoodsReturns",
    Words("退货列表", "List goods returns"),
    permission=READ,
    query=ApplicationsQuery,
    links=[("getGoodsReturn", "application_id", "/returns/0/id")],
    answer=GoodsReturnPage,
)
def get_returns(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of goods returns, the newest first."""
    by.demand_whole(READ)
    after = read_cursor(query["after"], as_bigint)
    with services().database.reading() as connection:
        rows = search_returns(connection, by.enterprise.id, query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"returns": [_return(row) for row in page], "next": following}


@RESOURCE.get(
    "/goods-returns/<int:application_id>",
    "getGoodsReturn",
    Words("退货", "A goods return"),
    permission=READ,
    answer=GoodsReturn,
    parameters=PLACE,
)
def get_return(by: Caller, application_id: int) -> dict[str, object]:
    """One return with its goods."""
    by.demand_whole(READ)
    with services().database.reading() as connection:
        return return_shown(connection, by.enterprise.id, application_id)


def summary_shown(connection: Connection, firm: UUID, application_id: int) -> dict[str, object]:
    """Return a firm's summary as ``Summary`` has it. Raises ``Problem`` 404."""
    found = summary_detail(connection, firm, application_id)
    if found is None:
        raise _none(application_id)
    contents = [{**asdict(each), "id": str(each.id)} for each in found.lists]
    return {**_summary(found.row), "contents": contents, "declarations": [asdict(each) for each in found.entries]}


def return_shown(connection: Connection, firm: UUID, application_id: int) -> dict[str, object]:
    """Return a firm's goods return as ``GoodsReturn`` has it. Raises ``Problem`` 404."""
    found = goods_return(connection, firm, application_id)
    if found is None:
        raise _none(application_id)
    return {**_return(found), "lines": [_line(line, found) for line in found.lines if str(line["line_no"]) in found.quantities]}


def act(by: Caller, kind: Kind, action: str, application_id: int, verb: Callable[[UnitOfWork], object]) -> dict[str, object]:
    """Do one thing to an application, on record, and answer with it."""
    by.demand_whole(WRITE)
    work = services()
    with work.database.begin() as uow:
        verb(uow)
        record(uow, by.principal, f"{kind}.{action}", f"{kind}:{application_id}", work.clock)
        return _SHOWN[kind](uow.connection, by.enterprise.id, application_id)


_SHOWN: Mapping[Kind, Callable[[Connection, UUID, int], dict[str, object]]] = {
    "summary": summary_shown,
    "goods_return": return_shown,
}


def _summary(row: SummaryRow) -> dict[str, object]:
    return {**asdict(row), "id": str(row.id), "tab": row.tab, "filings": row.submission}


def _return(row: ReturnRow) -> dict[str, object]:
    told = {**asdict(row), "id": str(row.id), "declaration_id": str(row.declaration_id)}
    return {**told, "tab": row.tab, "filings": row.submission}


def _line(line: Mapping[str, str], row: ReturnRow) -> dict[str, object]:
    named = {name: line.get(name, "") for name in ("hs_code", "goods_name", "unit")}
    number = str(line["line_no"])
    return {**named, "line_no": int(number), "quantity": Decimal(row.quantities[number]), "declared": Decimal(line["qty"])}


def _none(application_id: int) -> Problem:
    return Problem(404, [Fault("", "application_not_found", {"id": str(application_id)})])
