"""Matching by itself: a new receipt that names orders, or a payment institution's settlement, is matched if all of it fits."""

import re
from collections.abc import Callable, Sequence
from uuid import UUID

from ccezone.fx.rules.matching import LineKind
from ccezone.fx.service.filing import settlement_lines
from ccezone.fx.service.matching import Wish, match, note_tried
from ccezone.fx.service.orders import OrderName
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Refused
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, Database
from ccezone.storage.copying import fetch

_HUB = "hub"
_REPORTED = """
SELECT id, enterprise_id, settlement_reference FROM fx_receipt WHERE state = 'reported' AND NOT tried ORDER BY id LIMIT %(limit)s
"""
_BETWEEN = re.compile(r"[\s,;，；、]+")


def match_reported(database: Database, book: Callable[[Connection], ParameterBook], clock: Clock, most: int = 200) -> int:
    """Try every receipt nobody has tried yet, each in a transaction of its own; return how many were tried."""
    with database.reading() as connection:
        waiting = fetch(connection, _REPORTED, {"limit": most})
        rules = book(connection)
    for receipt, firm, reference in waiting:
        why = ""
        try:
            with database.begin() as uow:
                if wishes := wishes_of(uow.connection, firm, reference):
                    match(uow, firm, receipt, None, wishes, {}, rules, _HUB, clock)
                    continue
        except Refused as refused:
            why = " ".join(sorted({fault.code for fault in refused.faults}))
        with database.begin() as uow:
            note_tried(uow, receipt, why, _HUB, clock)
    return len(waiting)


def wishes_of(connection: Connection, firm: UUID, reference: str) -> Sequence[Wish]:
    """Read a reference: a settlement's lines, gross with their fees, or else the order numbers it spells out."""
    lines = settlement_lines(connection, firm, reference) if reference else []
    if lines:
        return [Wish(OrderName(each.order_no), each.gross, {LineKind.PLATFORM_FEE: each.fee}) for each in lines]
    return [Wish(OrderName(number)) for number in dict.fromkeys(_BETWEEN.split(reference.strip())) if number]
