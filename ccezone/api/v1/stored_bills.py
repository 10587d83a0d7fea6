"""``GET /api/v1/orders|payments|waybills|shipping-links``: lists of bills, and one bill with its versions.

An enterprise sees what it sent, its own orders as a merchant, and the bills that belong to these. Values of people are masked.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from ccezone.accounts.rules import Permission
from ccezone.api import examples
from ccezone.api.operations import Resource
from ccezone.api.paging import cut, read_cursor
from ccezone.api.problems import Problem, locale
from ccezone.api.services import Caller, services
from ccezone.bills.queries import BillRow, BillView, Cursor, Scope, VersionView, Wanted, bill, search_bills
from ccezone.bills.rules import BillKind
from ccezone.declarations.queries import lists_of_order, scope_of
from ccezone.kernel.errors import Fault
from ccezone.matching.queries import Difference, MatchRow, match
from ccezone.storage import Connection
from schemas.rest.documents import element_names, spelled
from schemas.rest.queries import BillsQuery
from schemas.rest.stored import BillPage, StoredLink, StoredOrder, StoredPayment, StoredWaybill
from schemas.rest.words import Words

RESOURCE = Resource("三单查询", "Reading bills")
_BIGINT = 2**63


def _offer(kind: BillKind, path: str, names: tuple[str, str], words: tuple[Words, Words], shape: type[Schema]) -> None:
    listing, one = names

    @RESOURCE.get(
        f"/{path}",
        listing,
        words[0],
        permission=Permission.BILLS_READ,
        query=BillsQuery,
        links=[(one, "bill_id", "/bills/0/id")],
        answer=BillPage,
    )
    def get_bills(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
        """A page of bills, the last to arrive first."""
        return _page(kind, by, query)

    sample = {"examples": {"bill": {"value": int(examples.order_id())}}} if kind == BillKind.ORDER else {}

    @RESOURCE.get(
        f"/{path}/<int(signed=True):bill_id>",
        one,
        words[1],
        permission=Permission.BILLS_READ,
        answer=shape,
        parameters={"bill_id": {"description": Words("单证标识", "Id of the bill"), **sample}},
    )
    def get_bill(by: Caller, bill_id: int) -> dict[str, object]:
        """One bill with all its versions; of an order what the merge says as well."""
        with services().database.reading() as connection:
            found = bill(connection, services().vault, services().deliveries, kind, bill_id, by.enterprise.id)
            if found is None or not by.reaches(found.flow):
                raise Problem(404, [Fault("", "bill_not_found", {"id": str(bill_id)})])
            more = _of_order(connection, bill_id, by) if kind == BillKind.ORDER else {"order_id": _key(found.order_key)}
        return {**_bill(found), **more}


def _page(kind: BillKind, by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    flow = by.flow_in_reach(query["flow"])
    wanted = Wanted(
        query["text"],
        flow,
        query["arrived_from"],
        query["arrived_before"],
        read_cursor(query["after"], bill_cursor),
        query["limit"] + 1,
    )
    with services().database.reading() as connection:
        rows = search_bills(connection, kind, Scope(query["scope"]), by.enterprise.id, wanted)
    page, following = cut(rows, query["limit"], lambda row: row.cursor)
    return {"bills": [bill_row(row) for row in page], "next": following}


_offer(
    BillKind.ORDER, "orders", ("listOrders", "getOrder"),
    (Words("订单列表", "List orders"), Words("订单及比对结果", "An order and its merge")), StoredOrder,
)  # fmt: skip
_offer(
    BillKind.PAYMENT, "payments", ("listPayments", "getPayment"),
    (Words("支付单列表", "List payments"), Words("支付单", "A payment")), StoredPayment,
)  # fmt: skip
_offer(
    BillKind.WAYBILL, "waybills", ("listWaybills", "getWaybill"),
    (Words("运单列表", "List waybills"), Words("运单", "A waybill")), StoredWaybill,
)  # fmt: skip
_offer(
    BillKind.LINK, "shipping-links", ("listShippingLinks", "getShippingLink"),
    (Words("关联列表", "List shipping links"), Words("订单运单关联", "A shipping link")), StoredLink,
)  # fmt: skip


def merged(found: MatchRow | None) -> dict[str, object]:
    """Spell what the merge says of an order."""
    return {
        "verdict": found.verdict.value if found else None,
        "waiting": list(found.waiting) if found else [],
        "fileable": found.fileable if found else False,
        "reasons": list(found.reasons) if found else [],
        "differences": [_difference(each) for each in (found.differences if found else ())],
    }


def bill_cursor(text: str) -> Cursor:
    """Read a cursor of bills. Raises ``ValueError``."""
    found = Cursor.read(text)
    if abs(found.key) >= _BIGINT or not 0 <= found.position < 2**15:
        raise ValueError(text)
    return found


def bill_row(row: BillRow) -> dict[str, object]:
    """Spell a bill of a list."""
    return {
        "id": str(row.key),
        "flow": row.flow,
        "number": row.number,
        "order_no": row.order_no,
        "order_id": _key(row.order_key),
        "party": row.party,
        "amount": row.amount,
        "currency": row.currency or "",
        "gross_weight": row.quantity,
        "version": row.version,
        "deleted": row.deleted,
        "batch": row.batch_id,
        "received_at": row.received_at,
    }


def _bill(found: BillView) -> dict[str, object]:
    names, _line = element_names(found.message_type)
    return {
        "id": str(found.key),
        "number": found.number,
        "flow": found.flow,
        "deleted": found.deleted,
        "locked": found.locked,
        "message_type": found.message_type,
        "document": spelled(found.message_type, found.newest.values),
        "versions": [_version(each, names) for each in found.versions],
    }


def _version(version: VersionView, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "version": version.version,
        "app_type": str(version.app_type),
        "app_time": version.app_time,
        "batch": version.batch_id,
        "received_at": version.received_at,
        "source": version.source,
        "signed": version.signed,
        "changed": [names.get(name, name) for name in version.changed],
    }


def _of_order(connection: Connection, key: int, by: Caller) -> dict[str, object]:
    lists = lists_of_order(connection, key, scope_of(connection, by.enterprise.id, by.principal.scope))
    made = [{"id": str(each.id), "state": each.state, "waybill_no": each.waybill_no} for each in lists]
    return {**merged(match(connection, key, by.enterprise.id)), "declarations": made}


def _difference(found: Difference) -> dict[str, object]:
    return {
        "rule": found.rule.id,
        "severity": found.rule.severity.value,
        "bill": found.rule.right_bill,
        "left": found.left,
        "right": found.right,
        "message": found.text.text(locale()),
        "remedy": found.text.remedy(locale()),
    }


def _key(key: int | None) -> str | None:
    return None if key is None else str(key)
