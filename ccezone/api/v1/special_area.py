"""``/api/v1/special-area/lots``: goods that entered a special area (1210), deliveries out of them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from ccezone.accounts.rules import Permission
from ccezone.api.operations import Example, Resource
from ccezone.api.paging import as_uuid, cut, read_cursor
from ccezone.api.problems import Problem
from ccezone.api.services import Caller, services
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.area import (
    DeliveryRow,
    LotRow,
    count_deliveries,
    deliveries_after,
    deliveries_of_lots,
    lot,
    search_lots,
)
from ccezone.tax_refunds.service.area import Delivery, record_delivery
from schemas.rest.queries import Paging
from schemas.rest.special_area import (
    AreaDeliveriesBody,
    AreaDeliveryPage,
    AreaLot,
    AreaLotPage,
    AreaLotsQuery,
)
from schemas.rest.words import Words

RESOURCE = Resource("特殊区域出口", "Special-area export")
_EXAMPLE = {"delivery_no": "CK-1001", "delivered_on": "2025-12-20", "quantity": "12", "waybill_no": "YD1001"}
_PLACE = {"item_id": {"description": Words("入区批次标识", "The lot's id")}}


@RESOURCE.get(
    "/special-area/lots",
    "listAreaLots",
    Words("入区批次列表", "List lots"),
    details=Words("1210 入区货物：入区＝已集报＋已送未报＋在区。", "Goods that entered (1210): entered = declared + open + stock."),
    permission=Permission.DECLARATIONS_READ,
    query=AreaLotsQuery,
    links=[("getAreaLot", "item_id", "/lots/0/id")],
    answer=AreaLotPage,
)
def get_lots(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of lots, the newest first."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = search_lots(connection, by.enterprise.id, query["tab"], query["text"], after, query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"lots": [_row(row) for row in page], "next": following}


@RESOURCE.get(
    "/special-area/lots/<uuid:item_id>",
    "getAreaLot",
    Words("入区批次", "A lot"),
    permission=Permission.DECLARATIONS_READ,
    answer=AreaLot,
    parameters=_PLACE,
)
def get_lot(by: Caller, item_id: UUID) -> dict[str, object]:
    """One lot with its newest deliveries."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    with services().database.reading() as connection:
        return _whole(connection, by.enterprise.id, item_id)


@RESOURCE.post(
    "/special-area/lots/<uuid:item_id>/deliveries",
    "recordAreaDeliveries",
    Words("登记分送出区", "Record deliveries"),
    details=Words(
        "一次可登记多笔，合计不超过在区数量；有一处不对则全部不登记。",
        "Several at once, together not above the stock: all or none.",
    ),
    permission=Permission.DECLARATIONS_WRITE,
    body=AreaDeliveriesBody,
    answer=AreaLot,
    examples=[Example("one", Words("一笔出区", "One delivery"), lambda: {"deliveries": [_EXAMPLE]})],
    parameters=_PLACE,
)
def post_deliveries(by: Caller, body: Mapping[str, Any], item_id: UUID) -> dict[str, object]:
    """Record deliveries."""
    by.demand_whole(Permission.DECLARATIONS_WRITE)
    work, firm = services(), by.enterprise.id
    with work.database.begin() as uow:
        for place, each in enumerate(body["deliveries"]):
            try:
                record_delivery(uow, firm, item_id, Delivery(**each), by.principal.actor, work.clock)
            except Refused as refused:
                raise _placed(refused, place) from None
        return _whole(uow.connection, firm, item_id)


@RESOURCE.get(
    "/special-area/lots/<uuid:item_id>/deliveries",
    "listAreaDeliveries",
    Words("一个批次的出区列表", "List a lot's deliveries"),
    details=Words("后登记的在前，可逐页读完。", "The last recorded first, page by page to the end."),
    permission=Permission.DECLARATIONS_READ,
    query=Paging,
    answer=AreaDeliveryPage,
    parameters=_PLACE,
)
def get_deliveries(by: Caller, query: Mapping[str, Any], item_id: UUID) -> dict[str, object]:
    """A page of what was delivered out of a lot."""
    by.demand_whole(Permission.DECLARATIONS_READ)
    with services().database.reading() as connection:
        if lot(connection, by.enterprise.id, item_id) is None:
            raise missing(item_id)
        return delivery_page(connection, query, lot=item_id)


def _placed(refused: Refused, place: int) -> Refused:
    """Say which of the deliveries is wrong. What is not there stays what it is."""
    if type(refused) is not Refused:
        return refused
    return Refused(*(Fault(f"/deliveries/{place}{each.pointer}", each.code, each.params) for each in refused.faults))


def _whole(connection: Connection, firm: UUID, item_id: UUID) -> dict[str, object]:
    row = lot(connection, firm, item_id)
    if row is None:
        raise missing(item_id)
    shown = [_delivery(each) for each in deliveries_of_lots(connection, [item_id])]
    return {**_row(row), "deliveries": shown, "deliveries_total": count_deliveries(connection, item_id)}


def delivery_page(
    connection: Connection, query: Mapping[str, Any], *, lot: UUID | None = None, summary: UUID | None = None
) -> dict[str, object]:
    """Answer with a page of deliveries of a lot or a consolidated declaration."""
    after = read_cursor(query["after"], as_uuid)
    rows = deliveries_after(connection, lot=lot, summary=summary, after=after, limit=query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"deliveries": [_delivery(each) for each in page], "next": following}


def missing(named: UUID) -> Problem:
    """What is not there, or not the firm's."""
    return Problem(404, [Fault("", "not_found", {"value": str(named)})])


def _delivery(row: DeliveryRow) -> dict[str, object]:
    return {**asdict(row), "summary_reference": row.summary_reference}


def _row(row: LotRow) -> dict[str, object]:
    return {**asdict(row), "reference": row.reference, "stock": row.account.stock}
