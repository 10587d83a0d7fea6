"""Holding a name until the transaction ends, so that one change at a time reads and then writes what bears it."""

from sqlalchemy import Connection, text

from ccezone.kernel.ids import key8

_HOLD = text("SELECT pg_advisory_xact_lock(:key)")


def hold(connection: Connection, *names: object) -> None:
    """Wait until nobody else holds these names, and hold them."""
    connection.execute(_HOLD, {"key": key8("hold", *map(str, names))})
