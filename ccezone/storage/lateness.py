"""How late a row may still appear: a transaction writes its moment down, and others see the row only when it commits.

Whoever reads what is new since a moment must read again from before the oldest transaction that is still open.
"""

from datetime import timedelta

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

LONGEST = timedelta(seconds=60)
"""No transaction that writes moments down stays open longer; and what is assumed of sessions we may not look into."""
_MARGIN = timedelta(seconds=5)  # the moment is taken a little before the transaction begins, perhaps by another host's clock
_OPEN = """
SELECT extract(epoch FROM clock_timestamp() - min(xact_start))::float8, count(*) FILTER (WHERE state IS NULL)
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND coalesce(backend_type, '') IN ('client backend', '')
"""


def lateness(connection: Connection) -> timedelta:
    """Return how far before now rows may still appear. Ask before reading: what begins afterwards is later than now."""
    [(oldest, hidden)] = fetch(connection, _OPEN)
    if hidden:
        return LONGEST
    return min(LONGEST, timedelta(seconds=oldest or 0.0) + _MARGIN)
