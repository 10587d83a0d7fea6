"""``GET /api/v1/orders/{id}``: an order, what the merge says of it, and its declaration lists."""

from flask import Blueprint, Response, jsonify

from ccezone.accounts.rules import Permission
from ccezone.api.problems import Problem
from ccezone.api.services import caller, services
from ccezone.bills.queries import bill
from ccezone.bills.rules import BillKind
from ccezone.declarations.queries import lists_of_order, scope_of
from ccezone.kernel.errors import Fault
from ccezone.matching.queries import match


def register(blueprint: Blueprint) -> None:
    """Add the resource to the API."""
    blueprint.get("/orders/<string:order_id>", endpoint="order")(get_order)


def get_order(order_id: str) -> Response:
    """One order of the caller's: verdict, what it waits for, differences with both values, lists with their states."""
    by = caller(Permission.BILLS_READ)
    key = _key(order_id)
    with services().database.reading() as connection:
        found = bill(connection, services().vault, services().deliveries, BillKind.ORDER, key, by.enterprise.id)
        if found is None:
            raise _unknown(order_id)
        merged = match(connection, key, by.enterprise.id)
        lists = lists_of_order(connection, key, scope_of(connection, by.enterprise.id))
    return jsonify(
        id=order_id,
        number=found.number,
        flow=found.flow,
        deleted=found.deleted,
        locked=found.locked,
        verdict=merged.verdict.value if merged else None,
        waiting=list(merged.waiting) if merged else [],
        fileable=merged.fileable if merged else False,
        reasons=list(merged.reasons) if merged else [],
        differences=[
            {
                "rule": each.rule.id,
                "severity": str(each.rule.severity),
                "bill": each.rule.right_bill,
                "left": each.left,
                "right": each.right,
            }
            for each in (merged.differences if merged else ())
        ],
        declarations=[{"id": str(each.id), "state": each.state, "waybill_no": each.waybill_no} for each in lists],
    )


def _key(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _unknown(text) from None


def _unknown(text: str) -> Problem:
    return Problem(404, [Fault("", "order_not_found", {"id": text[:40]})])
