"""Figures of lists: increments equal a recomputation, every number equals the rows it opens."""

from datetime import date, timedelta
from time import sleep

import pytest

from ccezone.declarations.queries import ListFilter, Scope, bustle, search_lists
from ccezone.statistics.queries import BY, Span, figure_rows, figures
from ccezone.statistics.rules import COUNTED, PREPARED, WHOLE_ZONE
from ccezone.statistics.service import recompute_figures, refresh_figures
from ccezone.storage.copying import fetch, run
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
_FACTS = "SELECT * FROM list_fact ORDER BY id"
_STRAY = """
INSERT INTO list_fact SELECT (jsonb_populate_record(f, jsonb_build_object('id', %(id)s::bigint))).* FROM list_fact f
ORDER BY f.id LIMIT 1
"""
_SUMS = """
SELECT merchant_id, criterion, grain, day, key, currency, lists, released, rejected, value, cleared FROM list_total
ORDER BY 1, 2, 3, 4, 5, 6
"""
_ORDERS = "SELECT * FROM order_fact ORDER BY order_key"
_ORDER_SUMS = "SELECT * FROM order_total ORDER BY 1, 2, 3"
_CONTRIBUTORS = "SELECT * FROM list_contributor ORDER BY 1, 2, 3, 4, 5"


def stored(hub: Hub) -> list[list[tuple[object, ...]]]:
    with hub.database.reading() as connection:
        return [fetch(connection, statement) for statement in (_FACTS, _SUMS, _ORDERS, _ORDER_SUMS, _CONTRIBUTORS)]


def grown(hub: Hub) -> Span:
    """Lists that were counted while they moved."""
    refresh_figures(hub.database, hub.clock)
    hub.imports(4)
    refresh_figures(hub.database, hub.clock)
    hub.dispatch()
    merchant = hub.party("cosmetics").id
    with hub.database.reading() as connection:
        first, second = (row.id for row in search_lists(connection, Scope(merchant), ListFilter()))
    hub.clock.advance(seconds=30)
    hub.answer(first, 2, 120, 800)
    hub.answer(second, 2, 100)
    refresh_figures(hub.database, hub.clock)
    return Span(merchant, date(2000, 1, 1), date(2100, 1, 1))


def move(hub: Hub, declaration: int, state: str) -> None:
    """Let a list come to a state now."""
    with hub.database.begin() as uow:
        values = {"id": declaration, "state": state, "at": hub.clock.now()}
        run(uow.connection, "UPDATE declaration_state SET state = %(state)s, updated_at = %(at)s WHERE id = %(id)s", values)


def test_increments_equal_a_recomputation_and_nothing_is_counted_twice(hub: Hub) -> None:
    grown(hub)
    increments = stored(hub)
    assert refresh_figures(hub.database, hub.clock) == 0
    assert recompute_figures(hub.database, hub.clock) == 4
    assert stored(hub) == increments
    for criterion in PREPARED:
        assert _sum(increments[1], criterion, whole_zone=False) == 4, criterion
    for criterion in COUNTED:
        assert _sum(increments[1], criterion, whole_zone=True) == (0 if criterion == "destination" else 1), criterion


def test_a_list_on_its_way_is_counted_once_it_rested_and_is_not_forgotten(hub: Hub) -> None:
    refresh_figures(hub.database, hub.clock)
    hub.imports(4)
    before = stored(hub)
    rested = timedelta(seconds=1.5)
    hub.clock.advance(seconds=1)
    assert refresh_figures(hub.database, hub.clock, rested=rested) == 0
    assert stored(hub) == before
    hub.clock.advance(seconds=1)
    assert refresh_figures(hub.database, hub.clock, rested=rested) == 4
    assert [len(rows) for rows in stored(hub)[:3:2]] == [4, 4]


def test_while_many_move_only_what_is_released_is_counted_at_once_and_nothing_is_forgotten(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bustle, "MANY", 1)
    rested = timedelta(seconds=1.5)
    refresh_figures(hub.database, hub.clock)
    hub.imports(4)
    hub.dispatch()
    with hub.database.reading() as connection:
        released, moving, *_others = (row.id for row in search_lists(connection, Scope(hub.party("cosmetics").id), ListFilter()))
    move(hub, released, "800")
    move(hub, moving, "2")
    assert refresh_figures(hub.database, hub.clock, rested=rested) == 0
    hub.clock.advance(seconds=2)
    move(hub, moving, "120")
    assert refresh_figures(hub.database, hub.clock, rested=rested) == 1
    hub.clock.advance(seconds=11)
    assert refresh_figures(hub.database, hub.clock, rested=rested) == 3
    increments = stored(hub)
    assert recompute_figures(hub.database, hub.clock) == 4
    assert stored(hub) == increments


def test_a_list_that_rested_long_enough_is_counted_while_another_moves(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bustle, "MANY", 1)
    rested = timedelta(seconds=1.5)
    refresh_figures(hub.database, hub.clock)
    hub.imports(4)
    with hub.database.reading() as connection:
        moving = search_lists(connection, Scope(hub.party("cosmetics").id), ListFilter())[0].id
    for counted in (0, 3, 0):
        hub.clock.advance(seconds=20)
        move(hub, moving, "2")
        assert refresh_figures(hub.database, hub.clock, rested=rested) == counted


def test_a_change_that_commits_late_is_counted_though_others_were_counted_meanwhile(hub: Hub) -> None:
    grown(hub)
    with hub.database.begin() as late:
        moment = hub.clock.now()
        run(late.connection, "UPDATE declaration_state SET updated_at = %(at)s WHERE state = '800'", {"at": moment})
        sleep(0.1)
        hub.clock.advance(seconds=0.1)
        assert refresh_figures(hub.database, hub.clock) == 0
    assert refresh_figures(hub.database, hub.clock) == 1


def _sum(rows: list[tuple[object, ...]], criterion: str, *, whole_zone: bool) -> int:
    """What the days of a criterion add up to; its months add up to as much."""
    days, months = (
        sum(int(str(row[6])) for row in rows if row[1:3] == (criterion, grain) and (row[0] == WHOLE_ZONE) == whole_zone)
        for grain in ("D", "M")
    )
    assert days == months
    return days


def test_a_recomputation_drops_lists_that_are_no_longer_there(hub: Hub) -> None:
    grown(hub)
    before = stored(hub)
    facts = before[0]
    with hub.database.begin() as uow:
        run(uow.connection, _STRAY, {"id": max(int(str(row[0])) for row in facts) + 1})
        run(uow.connection, _STRAY, {"id": min(int(str(row[0])) for row in facts) - 1})
        run(uow.connection, "UPDATE list_total SET lists = lists + 2")
    assert recompute_figures(hub.database, hub.clock) == 4
    assert stored(hub) == before


def test_every_number_equals_the_rows_it_opens(hub: Hub) -> None:
    span = grown(hub)
    with hub.database.reading() as connection:
        for by in BY:
            found = figures(connection, span, by)
            assert sum(each.lists for each in found) == 2, by
            for each in found:
                rows = {only: figure_rows(connection, span, by, each.key, only) for only in ("", "released", "rejected")}
                assert [len(rows[only]) for only in rows] == [each.lists, each.released, each.rejected], by
                assert sum(row.value for row in rows[""]) == sum(each.values.values())
        (total,) = figures(connection, span, "month")
        assert (total.released, total.rejected) == (1, 1)
        assert total.median == total.p90 is not None
