"""Whether so many lists are on their way that what only looks at them had better wait."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

MANY = 1_000
"""So many lists that moved within the last ten seconds are many."""
_SPAN = timedelta(seconds=10)  # lists move in lots, with rests between
_MOVED = "SELECT count(*) FROM (SELECT FROM declaration_state WHERE updated_at > %(since)s LIMIT %(many)s) AS moved"


def many_move(connection: Connection, now: datetime) -> bool:
    """Say whether ``MANY`` lists moved within the ten seconds before ``now``."""
    [(number,)] = fetch(connection, _MOVED, {"since": now - _SPAN, "many": MANY})
    return int(number) >= MANY
