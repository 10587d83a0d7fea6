"""``/api/v1/special-area/declarations``: deliveries of a period gathered, the customs declaration made of them, or taken back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.services import Caller, services
from ccezone.api.v1.special_area import delivery_page, missing
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries.area import SummaryRow, search_summaries, summary
from ccezone.tax_refunds.service.area import declare, gather, gathered_period, withdraw
from schemas.rest.queries import Paging
from schemas.rest.refunds import RefundVersionBody
from schemas.rest.special_area import (
    AreaDeclaration,
    AreaDeclarationPage,
    AreaDeclarationsQuery,
    AreaDeclareBody,
    AreaDeliveryPage,
    AreaGatherBody,
)
from schemas.rest.words import Words

RESOURCE = Resource("特殊区域集中申报", "Special-area declarations")
_PLACE = {"summary_id": {"description": Words("集中申报标识", "The consolidated declaration's id")}}
_DECLARED = {"version": 1, "declaration_no": "400320260000121001", "declared_on": "2026-01-04"}


@RESOURCE.get(
    "/special-area/declarations",
    "listAreaDeclarations",
    Words("集中申报列表", "List consolidated declarations"),
    details=Words("每份汇集一个周期内分送出区的货物。", "Each gathers the deliveries of a period."),
    permission=Permission.DECLARATIONS_READ,
    query=AreaDeclarationsQuery,
    answer=AreaDeclarationPage,
)
def get_declarations(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of consolidated declarations, the newest first."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = search_summaries(connection, by.enterprise.id, query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"declarations": [_row(row) for row in page], "next": following}


@RESOURCE.post(
    "/special-area/declarations",
    "gatherAreaDeliveries",
    Words("汇集分送出区", "Gather deliveries"),
    details=Words(
        "起草一份集中申报，汇集该日所在周期内尚未汇集的全部出区。",
        "Drafts a consolidated declaration of all deliveries of the day's period that stand in none.",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    body=AreaGatherBody,
    answer=AreaDeclaration,
    examples=[Example("period", Words("一个周期", "A period"), lambda: {"day": "2025-12-20"})],
)
def post_declaration(by: Caller, body: Mapping[str, Any]) -> dict[str, object]:
    """Draft a consolidated declaration."""
    by.demand_whole(Permission.DECLARATIONS_WRITE)
    work, firm = services(), by.enterprise.id
    with work.database.begin() as uow:
        period = gathered_period(work.book.current(uow.connection), body["day"])
        made = gather(uow, firm, period, by.principal.actor, work.clock)
        record(uow, by.principal, "special_area.gather", f"area_summary:{made}", work.clock)
        return _whole(uow.connection, firm, made)


@RESOURCE.get(
    "/special-area/declarations/<uuid:summary_id>",
    "getAreaDeclaration",
    Words("一份集中申报", "A consolidated declaration"),
    permission=Permission.DECLARATIONS_READ,
    answer=AreaDeclaration,
    parameters=_PLACE,
)
def get_declaration(by: Caller, summary_id: UUID) -> dict[str, object]:
    """One consolidated declaration."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    with services().database.reading() as connection:
        return _whole(connection, by.enterprise.id, summary_id)


@RESOURCE.get(
    "/special-area/declarations/<uuid:summary_id>/deliveries",
    "listGatheredDeliveries",
    Words("一份集中申报汇集的出区", "List what a consolidated declaration gathers"),
    permission=Permission.DECLARATIONS_READ,
    query=Paging,
    answer=AreaDeliveryPage,
    parameters=_PLACE,
)
def get_gathered(by: Caller, query: Mapping[str, Any], summary_id: UUID) -> dict[str, object]:
    """A page of what it gathers."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    with services().database.reading() as connection:
        _whole(connection, by.enterprise.id, summary_id)
        return delivery_page(connection, query, summary=summary_id)


@RESOURCE.post(
    "/special-area/declarations/<uuid:summary_id>/declare",
    "declareAreaDeliveries",
    Words("登记集中申报的报关单", "Note its customs declaration"),
    permission=Permission.DECLARATIONS_WRITE,
    body=AreaDeclareBody,
    answer=AreaDeclaration,
    problems=(412,),
    examples=[Example("declared", Words("已申报", "Declared"), lambda: _DECLARED)],
    parameters=_PLACE,
)
def post_declared(by: Caller, body: Mapping[str, Any], summary_id: UUID) -> dict[str, object]:
    """Note the customs declaration that was made of a draft."""
    firm, clock, said = by.enterprise.id, services().clock, (body["version"], body["declaration_no"], body["declared_on"])
    return _done(by, summary_id, "declare", lambda uow: declare(uow, firm, summary_id, *said, clock))


@RESOURCE.post(
    "/special-area/declarations/<uuid:summary_id>/withdraw",
    "withdrawAreaDeclaration",
    Words("撤回集中申报", "Take a consolidated declaration back"),
    details=Words("汇集的出区可另行汇集。", "Its deliveries are free to be gathered again."),
    permission=Permission.DECLARATIONS_WRITE,
    body=RefundVersionBody,
    answer=AreaDeclaration,
    problems=(412,),
    examples=[Example("draft", Words("撤回草稿", "A draft"), lambda: {"version": 1})],
    parameters=_PLACE,
)
def post_withdrawn(by: Caller, body: Mapping[str, Any], summary_id: UUID) -> dict[str, object]:
    """Take one back."""
    firm, clock, version = by.enterprise.id, services().clock, body["version"]
    return _done(by, summary_id, "withdraw", lambda uow: withdraw(uow, firm, summary_id, version, clock))


def _done(by: Caller, summary_id: UUID, what: str, verb: Callable[[UnitOfWork], None]) -> dict[str, object]:
    """Do one thing, on record."""
    by.demand_whole(Permission.DECLARATIONS_WRITE)
    work = services()
    with work.database.begin() as uow:
        verb(uow)
        record(uow, by.principal, f"special_area.{what}", f"area_summary:{summary_id}", work.clock)
        return _whole(uow.connection, by.enterprise.id, summary_id)


def _whole(connection: Connection, firm: UUID, summary_id: UUID) -> dict[str, object]:
    row = summary(connection, firm, summary_id)
    if row is None:
        raise missing(summary_id)
    return _row(row)


def _row(row: SummaryRow) -> dict[str, object]:
    return {**asdict(row), "reference": row.reference}
