"""Whoever reads lists gets theirs and no others, and every count is the number of its rows."""

from collections.abc import Sequence

import pytest

from ccezone.declarations.queries import (
    STAGES,
    ListFilter,
    ListRow,
    Scope,
    count_stages,
    find_lists,
    list_detail,
    lists_of_order,
    missing_fault,
    personal_value,
    scope_of,
    search_lists,
    tab_counts,
)
from ccezone.declarations.rules.facts import Missing
from ccezone.declarations.rules.lifecycle import OWN_STATES, TABS, tab_of
from ccezone.declarations.service import recheck_lists
from ccezone.demo.zone import product
from ccezone.enterprises.service import remove_product, save_products
from ccezone.storage.copying import run
from schemas.codes import rows
from schemas.codes.problems import text
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage

OFFICE, EVERY = Scope(), ListFilter()
STATES = sorted({*OWN_STATES, *(state for states in TABS.values() for state in states), "-621003", "-1"})


def lists(hub: Hub, wanted: ListFilter = EVERY, scope: Scope = OFFICE) -> Sequence[ListRow]:
    with hub.database.reading() as connection:
        return search_lists(connection, scope, wanted, limit=1000)


def scope(hub: Hub, key: str) -> Scope:
    with hub.database.reading() as connection:
        return scope_of(connection, hub.party(key).id)


def set_state(hub: Hub, declaration_id: int, state: str) -> None:
    with hub.database.begin() as uow:
        run(uow.connection, "UPDATE declaration_state SET state = %(s)s WHERE id = %(id)s", {"s": state, "id": declaration_id})


def test_a_merchant_sees_its_own_lists_only(hub: Hub) -> None:
    hub.imports(6)
    own = lists(hub, scope=scope(hub, "cosmetics"))
    assert own
    assert {row.merchant_id for row in own} == {hub.party("cosmetics").id}
    assert len(own) + len(lists(hub, scope=scope(hub, "milk"))) == 6


def test_a_broker_sees_what_it_transmits_and_bystanders_see_nothing(hub: Hub) -> None:
    hub.imports(4)
    assert len(lists(hub, scope=scope(hub, "agent"))) == 4
    for bystander in ("platform_import", "payment_import", "logistics_import", "furniture"):
        assert lists(hub, scope=scope(hub, bystander)) == [], bystander


def test_one_list_of_somebody_else_looks_like_none(hub: Hub) -> None:
    (wanted,) = hub.imports(1)
    with hub.database.reading() as connection:
        owner = search_lists(connection, OFFICE, ListFilter())[0].merchant_id
        mine = scope_of(connection, owner)
        rival = scope(hub, "furniture")
        assert list_detail(connection, hub.vault, mine, wanted) is not None
        assert list_detail(connection, hub.vault, rival, wanted) is None
        assert personal_value(connection, hub.vault, mine, wanted, "buyer_name")
        assert personal_value(connection, hub.vault, rival, wanted, "buyer_name") is None


def test_every_state_is_counted_in_the_tab_the_rules_name(hub: Hub) -> None:
    (only,) = hub.imports(1)
    for state in STATES:
        set_state(hub, only, state)
        with hub.database.reading() as connection:
            counts = tab_counts(connection, OFFICE, ListFilter())
            stages = count_stages(connection, OFFICE, ListFilter())
        assert {tab for tab, number in counts.items() if number} == {tab_of(state)}, state
        assert [entry.stage for entry in stages] == [state if state in ("held", "incomplete", "ready") else tab_of(state)]
        assert stages[0].stage in STAGES


def test_counts_are_the_numbers_of_their_rows(hub: Hub) -> None:
    ids = hub.imports(6)
    hub.dispatch()
    hub.answer(ids[0], 2, 120, 800)
    hub.answer(ids[1], 2, 100)
    set_state(hub, ids[2], "held")
    wanted = ListFilter(flow="I", since=hub.clock.now().replace(hour=0))
    with hub.database.reading() as connection:
        counts = tab_counts(connection, OFFICE, wanted)
        stages = count_stages(connection, OFFICE, wanted)
    assert sum(counts.values()) == 6
    for tab, number in counts.items():
        assert len(lists(hub, ListFilter(tab, flow="I"))) == number, tab
    for entry in stages:
        narrow = ListFilter(entry.stage, flow=entry.flow, trade_mode=entry.trade_mode)
        assert len(lists(hub, narrow)) == entry.number, entry


def test_a_list_is_found_by_each_of_its_numbers(hub: Hub) -> None:
    ids = hub.imports(3)
    hub.dispatch()
    hub.answer(ids[1], 2, list_no="401720261000000001")
    wanted = next(row for row in lists(hub) if row.id == ids[1])
    for number in (wanted.order_no, wanted.waybill_no, wanted.cop_no, str(wanted.id), "401720261000000001"):
        assert [row.id for row in lists(hub, ListFilter(text=number))] == [ids[1]], number
    assert lists(hub, ListFilter(text="401799999999999999")) == []


def test_a_part_of_a_number_finds_own_lists(hub: Hub) -> None:
    hub.imports(2)
    own = lists(hub, scope=scope(hub, "cosmetics"))
    part = own[0].order_no[3:]
    assert own[0].id in [row.id for row in lists(hub, ListFilter(text=part), scope(hub, "cosmetics"))]
    with hub.database.reading() as connection:
        assert find_lists(connection, part) == []


def test_pages_follow_one_another_without_gap_or_repeat(hub: Hub) -> None:
    hub.imports(5)
    seen: list[int] = []
    after = None
    with hub.database.reading() as connection:
        while page := search_lists(connection, OFFICE, ListFilter(), after, limit=2):
            seen += [row.id for row in page]
            after = seen[-1]
    assert seen == sorted(hub.list_ids(), reverse=True)


def test_the_lists_of_an_order_are_those_in_view(hub: Hub) -> None:
    hub.imports(1)
    (row,) = lists(hub)
    with hub.database.reading() as connection:
        assert [each.id for each in lists_of_order(connection, row.order_key)] == [row.id]
        assert lists_of_order(connection, row.order_key, scope(hub, "furniture")) == []


@pytest.mark.parametrize(
    "missing",
    [
        Missing("product", "LOTION", {"name": "乳液", "unit": "011"}),
        Missing("defaults", "assure_code"),
        Missing("tax", "tax_rate_unknown", {"pointer": "/lines/0/hs_code", "hs_code": "3304990039"}),
        *(Missing("rule", rule, {"line": "1"}) for rule in ("E05", "E06", "E07", "E08", "I20", "I21", "I22", "I23", "I27")),
    ],
)
def test_whatever_is_missing_can_be_said_in_both_languages(missing: Missing) -> None:
    fault = missing_fault(missing)
    for language in ("zh", "en"):
        message, remedy = text(fault, language)
        assert message != fault.code
        assert remedy
        assert "…" not in message + remedy


def test_a_list_that_lacks_a_product_goes_out_once_it_is_there_and_rechecked(hub: Hub) -> None:
    merchant = hub.party("cosmetics").id
    goods = [row for row in rows("example_goods") if row["merchant"] == "cosmetics"]
    with hub.database.begin() as uow:
        for row in goods:
            remove_product(uow, merchant, row["key"].upper(), hub.clock)
    hub.imports(2)
    assert [row.missing for row in lists(hub, ListFilter("incomplete"))] == [1]
    with hub.database.begin() as uow:
        save_products(uow, merchant, [product(row) for row in goods], hub.clock)
        assert recheck_lists(uow, hub.party("milk").id, hub.clock) == 0
        assert recheck_lists(uow, merchant, hub.clock) == 1
    hub.merge()
    assert lists(hub, ListFilter("incomplete")) == []
    assert {row.state for row in lists(hub)} == {"queued"}
