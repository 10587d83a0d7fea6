"""The bulk paths: what is copied and spelled comes back as it was, whatever it holds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import repeat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import UniqueViolation
from sqlalchemy import Column, Integer, MetaData, Numeric, SmallInteger, Table, Text

from ccezone.storage import Connection, Database
from ccezone.storage.columns import KEY8, MOMENT
from ccezone.storage.copying import array, copy_rows, fetch, microseconds, numbers, run, text_array
from ccezone.storage.packing import PackedTable

pytestmark = pytest.mark.storage
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A connection with a table that goes away with it."""
    with database.begin() as uow:
        run(uow.connection, "CREATE TEMPORARY TABLE thing (id bigint PRIMARY KEY, word text, amount numeric, at timestamptz)")
        yield uow.connection
        run(uow.connection, "DROP TABLE IF EXISTS thing")
        run(uow.connection, "DROP TABLE IF EXISTS seen")


def test_rows_are_copied_as_they_are(connection: Connection) -> None:
    rows = [(1, "制表\t换行\n反斜\\", Decimal("1.50"), NOON), (2, "", None, None), (3, None, Decimal(0), NOON)]
    copy_rows(connection, "thing", ("id", "word", "amount", "at"), rows)
    assert fetch(connection, "SELECT * FROM thing ORDER BY id") == rows


def test_rows_are_copied_in_binary_too(connection: Connection) -> None:
    copy_rows(connection, "thing", ("id", "word"), [(1, "甲"), (2, None)], types=("int8", "text"))
    assert fetch(connection, "SELECT id, word FROM thing ORDER BY id") == [(1, "甲"), (2, None)]


def test_a_repeated_key_is_reported_as_such(database: Database) -> None:
    with pytest.raises(UniqueViolation), database.begin() as uow:
        copy_rows(uow.connection, "order_lock", ("order_key", "locked_at"), [(1, NOON), (1, NOON)])
    with database.reading() as reading:
        assert fetch(reading, "SELECT count(*) FROM order_lock") == [(0,)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.lists(st.none() | TEXT, max_size=6))
def test_texts_survive_the_spelling_of_their_array(connection: Connection, words: list[str | None]) -> None:
    found = fetch(connection, "SELECT %(words)s::text[]", {"words": text_array(words)})
    assert found == [(words,)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(wanted=st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=6))
def test_numbers_survive_either_spelling_of_their_array(connection: Connection, wanted: list[int | None]) -> None:
    for spelled in (array(wanted), numbers(wanted)):
        assert fetch(connection, "SELECT %(numbers)s::bigint[]", {"numbers": spelled}) == [(wanted,)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(moment=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda each: each.replace(tzinfo=UTC)))  # noqa: DTZ001
def test_a_moment_survives_its_count(connection: Connection, moment: datetime) -> None:
    statement = "SELECT timestamptz 'epoch' + %(count)s::bigint * interval '1 microsecond'"
    assert fetch(connection, statement, {"count": microseconds(moment)}) == [(moment,)]


def test_moments_survive_the_spelling_of_their_array(connection: Connection) -> None:
    assert fetch(connection, "SELECT %(times)s::timestamptz[]", {"times": array([NOON, None])}) == [([NOON, None],)]


def test_a_statement_says_how_many_rows_it_touched(connection: Connection) -> None:
    copy_rows(connection, "thing", ("id",), [(1,), (2,), (3,)])
    assert run(connection, "UPDATE thing SET word = 'x' WHERE id > %(least)s", {"least": 1}) == 2


SEEN_TABLE = Table(
    "seen",
    MetaData(),
    Column("a", SmallInteger),
    Column("b", Integer),
    Column("c", KEY8),
    Column("at", MOMENT),
    Column("word", Text),
)
PACKED = PackedTable(SEEN_TABLE)
SEEN = st.tuples(
    st.integers(-(2**15), 2**15 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds have none
    TEXT,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(SEEN, min_size=1, max_size=5))
def test_packed_rows_come_back_as_they_were(connection: Connection, rows: list[tuple[int, int, int, datetime, str]]) -> None:
    run(connection, "DROP TABLE IF EXISTS seen")
    run(connection, "CREATE TEMPORARY TABLE seen (a smallint, b integer, c bigint, at timestamptz, word text)")
    a, b, c, moments, words = zip(*rows, strict=True)
    PACKED.copy(connection, [a, b, c, [microseconds(moment) for moment in moments]], words)
    assert sorted(fetch(connection, "SELECT a, b, c, at, word FROM seen")) == sorted(rows)


def test_a_table_with_a_column_of_another_kind_is_not_packed() -> None:
    with pytest.raises(KeyError, match="NUMERIC"):
        PackedTable(Table("priced", MetaData(), Column("price", Numeric), Column("word", Text)))


def test_a_packed_column_may_be_the_same_throughout(connection: Connection) -> None:
    run(connection, "CREATE TEMPORARY TABLE seen (a smallint, b integer, c bigint, at timestamptz, word text)")
    PACKED.copy(connection, [repeat(1), repeat(2), [3, 4], repeat(microseconds(NOON))], ["甲", ""])
    assert fetch(connection, "SELECT * FROM seen ORDER BY c") == [(1, 2, 3, NOON, "甲"), (1, 2, 4, NOON, "")]
