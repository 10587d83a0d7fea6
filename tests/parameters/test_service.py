"""Parameters in the database: shipped values load once, decisions add rows, books go stale within seconds."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import Refused
from ccezone.parameters import queries, service
from ccezone.parameters.rules import Parameter
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run

pytestmark = pytest.mark.storage

_CLOCK = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
_LIMIT = "import.single_limit"
_DAY = date(2026, 3, 1)


def _decide(uow: UnitOfWork, value: str = "6000", key: str = _LIMIT, day: date = _DAY, document: str = "x") -> Parameter:
    return service.set_parameter(
        uow, _CLOCK, zone="ganzhou", key=key, value=value, effective_from=day, document=document, created_by="officer"
    )


def test_shipped_values_load_once_and_read_back_as_they_were(database: Database) -> None:
    with database.begin() as uow:
        assert service.load_defaults(uow, _CLOCK) == len(queries.defaults())
        assert service.load_defaults(uow, _CLOCK) == 0
        book = queries.book(uow.connection, "ganzhou")
        seen = [row for row in queries.defaults() if row.zone in ("CN", "ganzhou")]
        assert set(map(repr, book.rows)) == set(map(repr, seen))
        assert queries.value(uow.connection, "ganzhou", "filing.auto_submit", _DAY) is True


def test_a_zone_decision_holds_in_that_zone_from_its_day_on(database: Database) -> None:
    with database.begin() as uow:
        service.load_defaults(uow, _CLOCK)
        assert _decide(uow).value == "6000"
        here, elsewhere = (queries.book(uow.connection, zone) for zone in ("ganzhou", "nanchang"))
    assert here.decimal(_LIMIT, _DAY) == 6000
    assert here.decimal(_LIMIT, date(2026, 2, 28)) == 5000
    assert elsewhere.decimal(_LIMIT, _DAY) == 5000


def test_a_decision_of_a_later_day_leaves_what_ships_with_us_in_force_until_then(database: Database) -> None:
    with database.begin() as uow:
        _decide(uow, day=date(2026, 6, 1))
        book = queries.book(uow.connection, "ganzhou")
    assert book.decimal(_LIMIT, _DAY) == 5000
    assert book.decimal(_LIMIT, date(2026, 6, 1)) == 6000


def test_a_second_value_from_the_same_day_is_refused_and_the_first_stays(database: Database) -> None:
    with database.begin() as uow:
        _decide(uow)
        with pytest.raises(Refused, match="parameter_begins_already"):
            _decide(uow, "7000")
        assert queries.value(uow.connection, "ganzhou", _LIMIT, _DAY) == "6000"


def test_all_reasons_against_a_decision_are_told(database: Database) -> None:
    with database.begin() as uow:
        with pytest.raises(Refused) as unknown:
            _decide(uow, key="import.lucky_number", document=" ")
        with pytest.raises(Refused) as wrong_kind:
            _decide(uow, "much")
        with pytest.raises(Refused) as backwards:
            service.set_parameter(
                uow,
                _CLOCK,
                zone="ganzhou",
                key=_LIMIT,
                value="1",
                effective_from=_DAY,
                effective_to=date(2026, 2, 1),
                document="x",
                created_by="officer",
            )
    assert [fault.code for fault in unknown.value.faults] == ["unknown_parameter", "required"]
    assert [fault.code for fault in wrong_kind.value.faults] == ["parameter_kind"]
    assert [fault.code for fault in backwards.value.faults] == ["ends_before_begin"]


def test_a_cached_book_is_loaded_again_after_five_seconds(database: Database) -> None:
    seconds = [0.0]
    cached = queries.CachedBook("ganzhou", monotonic=lambda: seconds[0])
    with database.begin() as uow:
        service.load_defaults(uow, _CLOCK)
        before = cached.current(uow.connection)
        _decide(uow)
        seconds[0] = 4.9
        assert cached.current(uow.connection) is before
        seconds[0] = 5.0
        assert cached.current(uow.connection).decimal(_LIMIT, _DAY) == Decimal(6000)


def _decide_and_fail(database: Database, value: str, day: date) -> None:
    with database.begin() as uow:
        _decide(uow, value, day=day)
        assert queries.book(uow.connection, "ganzhou").text(_LIMIT, day) == value
        _decide(uow, "9000", day=day)


def test_a_book_is_read_once_and_again_after_every_change_even_one_that_is_taken_back(database: Database) -> None:
    with database.begin() as uow:
        service.load_defaults(uow, _CLOCK)
    with database.reading() as connection:
        before = queries.book(connection, "ganzhou")
        assert queries.book(connection, "ganzhou") is before
    with database.begin() as uow:
        _decide(uow)
        assert queries.book(uow.connection, "ganzhou").decimal(_LIMIT, _DAY) == 6000
    with pytest.raises(Refused):
        _decide_and_fail(database, "8000", date(2026, 3, 2))
    with database.reading() as connection:
        assert queries.book(connection, "ganzhou").decimal(_LIMIT, date(2026, 3, 2)) == 6000
    with database.begin() as uow:
        run(uow.connection, """UPDATE parameter SET value = '"7000"' WHERE zone = 'ganzhou'""")
    with database.reading() as connection:
        assert queries.book(connection, "ganzhou").decimal(_LIMIT, _DAY) == 7000
    with database.begin() as uow:
        run(uow.connection, "DELETE FROM parameter WHERE zone = 'ganzhou'")
    with database.reading() as connection:
        assert queries.book(connection, "ganzhou").decimal(_LIMIT, _DAY) == 5000
