"""A connection of the tests' own to their database, which neither triggers nor foreign keys look at.

It is so from its start: to say so for one transaction throws away every plan of the connection, and again at its end, so that a
test's own questions, and the two hundred of emptying, would be planned anew for each test.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine

from ccezone.storage import Database

_engines: dict[str, Engine] = {}


@contextmanager
def behind(database: Database) -> Iterator[Connection]:
    """Open a transaction behind the database's back; the connection stays open until ``leave``."""
    if database.url not in _engines:
        asked = {"options": "-c session_replication_role=replica", "prepare_threshold": 1}
        _engines[database.url] = create_engine(database.url, pool_size=1, connect_args=asked)
    with _engines[database.url].begin() as connection:
        yield connection


def leave(database: Database) -> None:
    """Close the connection behind a database, if there is one."""
    if database.url in _engines:
        _engines.pop(database.url).dispose()
