"""Preparing unfinished lists again, after products or defaults were mended: their orders go through the merge once more."""

from uuid import UUID

from ccezone.kernel.clock import Clock
from ccezone.matching.service import note_orders
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch

_UNFINISHED = r"""
SELECT DISTINCT d.order_key FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.merchant_id = %(merchant)s AND CASE WHEN %(id)s::bigint IS NULL THEN s.state = 'incomplete'
    ELSE d.id = %(id)s AND (s.state IN ('held', 'incomplete', 'ready') OR s.state ~ '^(100|-[0-9]+)$') END
"""


def recheck_lists(uow: UnitOfWork, merchant_id: UUID, clock: Clock, declaration_id: int | None = None) -> int:
    """Queue a merchant's incomplete lists, or the one named unless it is on its way, to be prepared again; return their number."""
    found = fetch(uow.connection, _UNFINISHED, {"merchant": merchant_id, "id": declaration_id})
    note_orders(uow, [row[0] for row in found], clock.now())
    return len(found)
