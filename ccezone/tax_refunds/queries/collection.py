"""Whether the money for exports came in, as far as the hub itself knows; the one place where refunds ask for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch, text_array

_IN_FULL = """
SELECT order_no FROM fx_order WHERE enterprise_id = %(merchant)s AND order_no = ANY (%(numbers)s::text[])
GROUP BY order_no HAVING bool_and(received + netted >= expected)
"""


def collected(connection: Connection, merchant: UUID, order_nos: Sequence[str]) -> Mapping[str, bool]:
    """Name the orders of a merchant whose money came in whole, by the receipts matched to them.

    Of any other the hub does not know: its money may have come through a bank that tells the hub nothing, so that the firm's own
    statement counts.
    """
    found = fetch(connection, _IN_FULL, {"merchant": merchant, "numbers": text_array(order_nos)}) if order_nos else []
    return {order_no: True for (order_no,) in found}
