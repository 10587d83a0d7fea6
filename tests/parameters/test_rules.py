"""Parameters: the newest that has begun, the zone before the nation, never a value of the wrong kind."""

from datetime import date
from decimal import Decimal

import pytest

from ccezone.credit.rules.scoring import ADDED_LATER
from ccezone.parameters.queries import catalogue, default_book, defaults
from ccezone.parameters.rules import (
    JsonValue,
    Kind,
    Parameter,
    ParameterBook,
    ParameterMissing,
    in_force,
    rate_key,
    read_value,
)

_DAY = date(2026, 3, 1)


def _row(value: JsonValue, begins: str = "2020-01-01", ends: str | None = None, zone: str = "CN") -> Parameter:
    return Parameter(zone, "k", value, date.fromisoformat(begins), date.fromisoformat(ends) if ends else None)


def _value(*rows: Parameter, day: date = _DAY, zone: str = "ganzhou") -> JsonValue | None:
    found = in_force(rows, "k", day, zone)
    return None if found is None else found.value


def test_the_newest_that_has_begun_wins_in_any_order() -> None:
    assert _value(_row("old"), _row("future", "2026-03-02"), _row("new", "2026-03-01")) == "new"


def test_the_zone_s_own_value_goes_before_the_nation_s() -> None:
    rows = _row("nation", "2025-01-01"), _row("zone", zone="ganzhou"), _row("elsewhere", zone="ningbo")
    assert _value(*rows) == "zone"
    assert _value(*rows, zone="nanchang") == "nation"


def test_the_last_day_counts_and_after_it_nothing_older_comes_back() -> None:
    rows = _row("older"), _row("ended", "2025-01-01", "2026-03-01")
    assert _value(*rows) == "ended"
    assert _value(*rows, day=date(2026, 3, 2)) is None


def test_a_zone_value_that_ended_leaves_the_nation_s() -> None:
    assert _value(_row("nation"), _row("zone", "2021-01-01", "2021-12-31", "ganzhou")) == "nation"


def test_a_value_nobody_gave_is_an_error_that_names_key_zone_and_day() -> None:
    with pytest.raises(ParameterMissing, match="k has no value for zone ganzhou on 2019-12-31"):
        ParameterBook("ganzhou", [_row("x")]).row("k", date(2019, 12, 31))


def test_a_book_gives_values_of_their_kind_only() -> None:
    assert ParameterBook("CN", [_row("0.70")]).decimal("k", _DAY) == Decimal("0.7")
    assert ParameterBook("CN", [_row(30)]).integer("k", _DAY) == 30
    assert ParameterBook("CN", [_row(True)]).flag("k", _DAY) is True
    assert ParameterBook("CN", [_row(["order", "waybill"])]).texts("k", _DAY) == ("order", "waybill")
    book = ParameterBook("CN", [_row(True)])
    for read in (book.decimal, book.integer, book.text, book.texts):
        with pytest.raises(TypeError, match="parameter k"):
            read("k", _DAY)
    with pytest.raises(TypeError, match="no flag"):
        ParameterBook("CN", [_row(1)]).flag("k", _DAY)


@pytest.mark.parametrize(
    ("kind", "text"),
    [(Kind.DECIMAL, "5,000"), (Kind.DECIMAL, "NaN"), (Kind.INTEGER, "1.5"), (Kind.FLAG, "yes")],
)
def test_a_value_of_another_kind_does_not_read(kind: Kind, text: str) -> None:
    with pytest.raises(ValueError, match=r"decimal|literal|true"):
        read_value(kind, text)


def test_every_shipped_value_names_document_source_and_certainty_and_has_a_known_key() -> None:
    for parameter in defaults():
        assert parameter.key in catalogue()
        assert parameter.document
        assert parameter.source
        assert parameter.status in {"confirmed-law", "confirmed-page", "confirmed-secondary", "unverified", "assumed"}


def test_every_known_key_has_a_value_in_2026_and_begins_once_a_day() -> None:
    book = default_book("GZ")  # some keys only a zone can fill; a hub is Ganzhou's unless it is told otherwise
    shipped = [key for key in catalogue() if not key.startswith(rate_key(""))]  # customs publishes rates month by month
    later = {f"credit.{part}.{factor}" for part in ("weight", "points") for factor in ADDED_LATER}
    assert [key for key in shipped if not book.has(key, date(2026, 11, 22) if key in later else _DAY)] == []
    begins = [(row.zone, row.key, row.effective_from) for row in defaults()]
    assert len(begins) == len(set(begins))


def test_export_payments_stopped_gating_filing_on_15_december_2024() -> None:
    book = default_book()
    assert "payment" in book.texts("filing.gating_bills.9610.E.A", date(2024, 12, 14))
    assert "payment" not in book.texts("filing.gating_bills.9610.E.A", date(2024, 12, 15))


def test_the_single_limit_rose_in_2019() -> None:
    book = default_book()
    days = date(2018, 12, 31), date(2019, 1, 1)
    assert [book.decimal("import.single_limit", day) for day in days] == [2000, 5000]
