"""What forms said of orders' declarations."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from ccezone.declarations.rules.wishes import NO_WISH, Filing, Wish, merged
from ccezone.storage.copying import fetch

ALL_PARCELS = 0
_WISHES = """
SELECT order_key, waybill_key, trade_mode, declaration_path, filing, head, lines, statements
FROM declaration_wish WHERE order_key = ANY(%(keys)s)
"""
Wishes = Mapping[tuple[int, int], Wish]
_Texts = Mapping[str, str]


def wishes_of(connection: Connection, order_keys: Sequence[int]) -> Wishes:
    """Return the wishes about orders, by (order, waybill); waybill 0 speaks of all parcels of an order."""
    return {(row[0], row[1]): _wish(*row[2:]) for row in fetch(connection, _WISHES, {"keys": list(order_keys)})}


def wish_for(wishes: Wishes, order_key: int, waybill_key: int) -> Wish:
    """Return what holds for one parcel: what was said of it, over what was said of the order."""
    if not wishes:
        return NO_WISH
    general, own = wishes.get((order_key, ALL_PARCELS), NO_WISH), wishes.get((order_key, waybill_key))
    return general if own is None or waybill_key == ALL_PARCELS else merged(general, own)


def wish_of(connection: Connection, order_key: int, waybill_key: int = ALL_PARCELS) -> Wish:
    """Return what holds for one parcel, or for an order as a whole. The caller has judged who may read it."""
    return wish_for(wishes_of(connection, [order_key]), order_key, waybill_key)


def _wish(mode: str, path: str, filing: str, head: _Texts, lines: Mapping[str, _Texts], statements: _Texts) -> Wish:
    return Wish(mode, path, Filing(filing), head, {int(number): line for number, line in lines.items()}, statements)
