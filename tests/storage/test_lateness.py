"""How late a row may still appear, as readers of what is new have to know."""

from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import text

from ccezone.storage import Database
from ccezone.storage.lateness import LONGEST, lateness

pytestmark = pytest.mark.storage
MARGIN = timedelta(seconds=5)


def test_with_no_other_transaction_open_only_clocks_may_differ(database: Database) -> None:
    with database.reading() as connection:
        assert lateness(connection) == MARGIN


def test_an_open_transaction_may_commit_what_it_wrote_when_it_began(database: Database) -> None:
    with database.begin() as late, database.reading() as connection:
        late.connection.execute(text("SELECT 1"))
        sleep(0.3)
        assert MARGIN + timedelta(seconds=0.3) <= lateness(connection) < LONGEST


def test_of_sessions_that_may_not_be_looked_into_the_longest_is_assumed(database: Database) -> None:
    with database.begin() as uow, database.reading() as other:
        other.execute(text("SELECT 1"))
        uow.connection.execute(text("CREATE ROLE outsider"))
        uow.connection.execute(text("SET LOCAL ROLE outsider"))
        assert lateness(uow.connection) == LONGEST
        uow.connection.execute(text("RESET ROLE"))
        uow.connection.execute(text("DROP ROLE outsider"))
