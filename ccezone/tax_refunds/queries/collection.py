"""Whether the money for exports came in, as far as the hub itself knows; the one place where refunds ask for it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ccezone.storage import Connection


def collected(connection: Connection, merchant: UUID, order_nos: Sequence[str]) -> Mapping[str, bool]:
    """Say of a merchant's orders whether their money came in; an order that is not named here is not known.

    The hub records no receipts of money yet, so that nothing is known and the firm's own statement counts.
    """
    del connection, merchant, order_nos
    return {}
