"""The tests' own database: emptied of everything, whatever guards it, and never with a table left out."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ccezone.storage import Database
from tests.hub.emptying import empty, filled_tables
from tests.hub.founding import copy_zone

pytestmark = pytest.mark.storage


def test_every_row_goes_and_the_zone_comes_back_whole(database: Database) -> None:
    def filled() -> list[str]:
        with database.reading() as connection:
            return filled_tables(connection)

    assert filled() == []
    copy_zone(database)
    assert {"enterprise", "parameter", "product", "tariff_rate"} <= set(founded := filled())
    empty(database)
    assert filled() == []
    copy_zone(database)
    assert filled() == founded


def test_a_table_that_would_not_be_emptied_is_noticed(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE unknown (id int)"))
    try:
        with pytest.raises(DBAPIError, match="would not be emptied"):
            empty(database)
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("DROP TABLE unknown"))
    empty(database)


def test_a_test_has_its_triggers_and_foreign_keys(database: Database) -> None:
    with database.reading() as connection:
        assert connection.execute(text("SHOW session_replication_role")).scalar_one() == "origin"
