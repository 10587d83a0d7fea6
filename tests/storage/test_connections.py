"""Pooled connections: used again while they live, replaced when their server hung up."""

import pytest
from sqlalchemy import text

from ccezone.storage import Database

pytestmark = pytest.mark.storage


def test_a_connection_whose_server_hung_up_is_replaced_unnoticed(database: Database) -> None:
    own = Database(database.url)
    with own.reading() as connection:
        before = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = Database(database.url)
    with other.engine.begin() as connection:
        assert connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before}).scalar_one()
    with own.begin() as uow:
        assert uow.connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != before
    own.close()
    other.close()


def test_a_connection_that_is_alive_is_used_again(database: Database) -> None:
    own, pids = Database(database.url), set()
    for _ in range(3):
        with own.reading() as connection:
            pids.add(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
    own.close()
    assert len(pids) == 1
