"""When reports are due and remembered, how figures are read, and that every check finds what it is there for."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.queries import default_book
from ccezone.reporting.queries.definitions import ZONE, asked, dues, indicators, reporting_terms
from ccezone.reporting.rules.checking import Beside, Check, Limits, added, read_figures, variances
from ccezone.reporting.rules.due import due_on, reminder
from ccezone.statistics.rules.periods import Kind

MONTHLY = asked(Kind.MONTHLY)
LIMITS = Limits(jump=Decimal(50), tolerance=Decimal(5))
SOUND = {
    **{each.key: "0" for each in MONTHLY if not each.by_country},
    "export_value": "1000",
    "export_9610": "1000",
    "export_country.502": "600",
    "export_country.344": "400",
}


def doubts(former: dict[str, str] | None = None, facts: dict[str, str] | None = None, **changes: str) -> list[tuple[str, str]]:
    typed = {**SOUND, **changes}
    figures, faults = read_figures(MONTHLY, typed, {"502", "344"})
    assert not faults
    beside = Beside(*({key: Decimal(value) for key, value in (given or {}).items()} for given in (former, facts)))
    return [(each.check, each.key) for each in variances(MONTHLY, figures, beside, LIMITS)]


def test_a_sound_report_is_not_doubted() -> None:
    assert doubts(former={"export_value": "800"}, facts={"export_value": "1000"}) == []


def test_parts_that_do_not_add_up_are_doubted_by_every_split() -> None:
    assert doubts(export_9610="999") == [(Check.BALANCE, "export_value")]
    assert doubts(None, None, **{"export_country.344": "300"}) == [(Check.BALANCE, "export_country")]


def test_services_are_asked_for_by_the_quarter_beside_goods_and_their_kinds_come_to_their_total() -> None:
    quarterly = asked(Kind.QUARTERLY)
    typed = {each.key: "0" for each in quarterly if not each.by_country}
    services = {"service_export": "500", "service_outsourcing": "300", "service_technology": "150", "service_other": "50"}
    none, wide = Beside({}, {}), {"502"}
    for other, doubted in (("50", []), ("60", [(Check.BALANCE, "service_export")])):
        figures, faults = read_figures(quarterly, {**typed, **services, "service_other": other}, wide)
        assert not faults
        assert [(each.check, each.key) for each in variances(quarterly, figures, none, LIMITS)] == doubted
    assert not [each.key for each in MONTHLY if each.key.startswith("service")]


def test_a_leap_from_the_period_before_is_doubted_and_what_stays_within_is_not() -> None:
    assert doubts(former={"export_value": "600"}) == [(Check.JUMP, "export_value")]
    assert doubts(former={"export_value": "667"}) == []


def test_what_is_left_empty_is_doubted() -> None:
    assert doubts(employees="") == [(Check.MISSING, "employees")]


def test_what_the_hub_knows_otherwise_is_doubted_in_both_directions() -> None:
    for fact in ("940", "1060"):
        assert doubts(facts={"export_value": fact}) == [(Check.CONTRADICTION, "export_value")]
    assert doubts(facts={"export_value": "960"}) == []


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("orders", "ten", "not_a_number"),
        ("orders", "1.5", "report_decimals"),
        ("orders", "-1", "report_out_of_range"),
        ("orders", "NaN", "not_a_number"),
        ("profit", "1", "report_unknown_indicator"),
        ("export_country", "1", "report_unknown_indicator"),
        ("export_country.999", "1", "report_unknown_country"),
    ],
)
def test_a_wrong_figure_is_named(key: str, text: str, code: str) -> None:
    _figures, faults = read_figures(MONTHLY, {key: text}, {"502"})
    assert [(fault.pointer, fault.code) for fault in faults] == [(f"/{key}", code)]


def test_a_park_adds_its_firms_up_key_by_key() -> None:
    total = added(MONTHLY, [{"orders": Decimal(1)}, {"export_country.502": Decimal(2), "orders": Decimal(3)}])
    assert list(total.items()) == [("orders", Decimal(4)), ("export_country.502", Decimal(2))]


def test_every_part_names_a_total_that_is_asked_for_as_often() -> None:
    for each in indicators().values():
        if each.part_of:
            assert set(each.kinds) <= set(indicators()[each.part_of].kinds)


def test_a_due_day_moves_to_the_next_working_day() -> None:
    spring = due_on(date(2026, 1, 31), 15, published_calendar())  # 15 February 2026 lies in the Spring Festival holiday
    assert spring > date(2026, 2, 15)
    assert published_calendar().works(spring)
    assert due_on(date(2026, 10, 31), 5, published_calendar()) == date(2026, 11, 5)


def test_the_latest_reminder_counts_and_none_comes_early() -> None:
    due = date(2026, 11, 10)
    told = [reminder(due + timedelta(days=n), due, (3, 1), (1, 3)) for n in (-4, -3, -2, -1, 0, 1, 2, 3, 9)]
    assert told == [None, -3, -3, -1, -1, 1, 1, 3, 3]


def test_the_calendar_of_a_month_holds_each_level() -> None:
    book = default_book("GZ")
    for level in ("firm", "park", ZONE):
        found = dues(book, level, date(2026, 10, 1), date(2026, 10, 31))
        assert {each.period.kind for each in found} == {Kind.WEEKLY, Kind.MONTHLY, Kind.QUARTERLY}
        assert all(each.period.until < each.due_on for each in found)
    assert reporting_terms(book, date(2026, 10, 1)).remind_before == (3, 1)
