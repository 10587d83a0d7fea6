"""Locking orders whose goods customs released: a declaration sets the lock, intake honours it."""

from collections.abc import Sequence
from datetime import datetime

from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run

_LOCK = """
INSERT INTO order_lock (order_key, locked_at) SELECT key, %(at)s FROM unnest(%(keys)s::bigint[]) AS key
ON CONFLICT (order_key) DO NOTHING
"""


def lock_orders(uow: UnitOfWork, order_keys: Sequence[int], at: datetime) -> None:
    """Lock orders against later changes of their bills; locking twice changes nothing."""
    if order_keys:
        run(uow.connection, _LOCK, {"keys": list(order_keys), "at": at})
