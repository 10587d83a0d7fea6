"""How far a node's people see: held by the database, table by table, for every statement on a narrowed connection."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from ccezone.bootstrap import all_tables
from ccezone.enterprises.queries import directory
from ccezone.enterprises.service import Registration, register
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotAllowed
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run
from ccezone.storage.reach import Reach, reached
from ccezone.storage.reach.conditions import CONDITIONS, OPEN
from ccezone.storage.reach.laying import lay_reach

pytestmark = pytest.mark.storage
HERE, THERE = Reach(frozenset({"X"})), Reach(frozenset({"Y", "Z"}))
CLOCK = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))
NAMES = "SELECT name FROM enterprise ORDER BY name"


@pytest.fixture
def two_firms(database: Database) -> None:
    with database.begin() as uow:
        for node, tail in (("X", "01"), ("Z", "02")):
            register(uow, Registration(complete_uscc(f"91360700MA35CAM{tail}"), f"firm of {node}", ["merchant"], node=node), CLOCK)


def names(database: Database) -> list[str]:
    with database.reading() as connection:
        return [row[0] for row in fetch(connection, NAMES)]


def test_every_table_says_how_far_it_shows() -> None:
    tables = {*all_tables().tables, "alembic_version"}
    assert not set(CONDITIONS) & set(OPEN)
    missing, gone = tables - set(CONDITIONS) - set(OPEN), (set(CONDITIONS) | set(OPEN)) - tables
    assert not missing, f"say in ccezone/storage/reach/conditions.py what a node's people see of {sorted(missing)}"
    assert not gone


@pytest.mark.usefixtures("two_firms")
def test_a_narrowed_connection_sees_the_firms_of_its_nodes(database: Database) -> None:
    assert names(database.within(HERE)) == ["firm of X"]
    assert names(database.within(THERE)) == ["firm of Z"]
    assert names(database.within(Reach(frozenset({"nowhere"})))) == []
    assert names(database.within(None)) == ["firm of X", "firm of Z"]


@pytest.mark.usefixtures("two_firms")
def test_a_connection_that_was_narrowed_is_whole_again_for_the_next(database: Database) -> None:
    for _ in range(5):
        names(database.within(HERE))
        assert len(names(database)) == 2


@pytest.mark.usefixtures("two_firms")
def test_what_is_remembered_of_one_reach_is_not_shown_to_another(database: Database) -> None:
    found = []
    for seen in (database.within(HERE), database, database.within(THERE), database.within(HERE)):
        with seen.reading() as connection:
            found.append(sorted(firm.name for firm in directory(connection).by_id.values()))
    assert found == [["firm of X"], ["firm of X", "firm of Z"], ["firm of Z"], ["firm of X"]]


@pytest.mark.usefixtures("two_firms")
def test_a_firm_of_another_node_is_neither_changed_nor_made(database: Database) -> None:
    with database.within(HERE).begin() as uow:
        assert run(uow.connection, "UPDATE enterprise SET contact = 'x'") == 1
    with pytest.raises(NotAllowed), database.within(HERE).begin() as uow:
        register(uow, Registration(complete_uscc("91360700MA35CAM03"), "new", ["merchant"], node="Z"), CLOCK)
    assert len(names(database)) == 2


def test_a_table_nobody_spoke_of_shows_nothing(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE unspoken (id int)"))
        connection.execute(text("INSERT INTO unspoken VALUES (1)"))
        lay_reach(connection)
    try:
        with database.within(HERE).reading() as connection:
            assert fetch(connection, "SELECT * FROM unspoken") == []
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("DROP TABLE unspoken"))


def test_the_whole_zone_pays_nothing(database: Database) -> None:
    """The owner's plans hold no condition of a policy, a node's do: the same question, asked twice."""
    asked = "EXPLAIN SELECT * FROM declaration_list"
    with database.reading() as connection:
        whole = str(fetch(connection, asked))
        assert reached(connection) is None
    with database.within(HERE).reading() as connection:
        narrow = str(fetch(connection, asked))
        assert reached(connection) == HERE
    assert "enterprise" not in whole
    assert "enterprise" in narrow


def test_laying_again_changes_nothing(database: Database) -> None:
    policies = "SELECT polrelid, oid FROM pg_policy ORDER BY 1"
    with database.engine.begin() as connection:
        before = fetch(connection, policies)
        lay_reach(connection)
        assert fetch(connection, policies) == before


def test_what_is_narrowed_cannot_be_widened(database: Database) -> None:
    with pytest.raises(RuntimeError):
        database.within(HERE).within(None)
