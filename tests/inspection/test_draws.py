"""Random inspections from plan to archive: frozen with a committed secret, drawn with a word, published, worked off."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from ccezone.inspection.queries import order, orders_from
from ccezone.inspection.queries.draws import PlanView, drawn_objects, plan, progress, publication, strata, token_of
from ccezone.inspection.rules.drawing import commitment, drawn_in, parse, replay
from ccezone.inspection.service import (
    Check,
    Conclusion,
    InspectorEntry,
    PlanEntry,
    conclude,
    draft_plan,
    draw_plan,
    drop_plan,
    freeze,
    save_inspector,
    sign,
)
from ccezone.kernel.errors import Refused, Stale
from ccezone.storage.copying import run
from tests.credit.test_keeping import file
from tests.hub.harness import Hub
from tests.inspection.test_orders import codes, shown, today

pytestmark = pytest.mark.storage
ZONE = "GZ"
AGENCIES = ("customs", "market_supervision")


def inspectors(hub: Hub, *related: str) -> None:
    """Three of each agency; the first of each must not see firms of these codes."""
    with hub.database.begin() as uow:
        for agency in AGENCIES:
            for number in range(1, 4):
                recused = related if number == 1 else ()
                save_inspector(uow, InspectorEntry(f"{agency[0]}-{number}", f"人员{number}", agency, today(hub), None, recused))


def drafted(hub: Hub, kind: str = "firm", **wanted: str) -> UUID:
    day = today(hub)
    entry = PlanEntry("一季度抽查", kind, day - timedelta(days=30), day, day + timedelta(days=20), AGENCIES, 2, wanted)
    with hub.database.begin() as uow:
        return draft_plan(uow, entry, "user:officer", hub.clock)


def seen(hub: Hub, plan_id: UUID) -> PlanView:
    with hub.database.reading() as connection:
        found = plan(connection, plan_id)
    assert found is not None
    return found


def frozen(hub: Hub, plan_id: UUID) -> None:
    version = seen(hub, plan_id).version
    with hub.database.begin() as uow:
        freeze(uow, hub.vault, ZONE, plan_id, version, "user:officer", hub.clock)


def drawn(hub: Hub, plan_id: UUID, word: str = "三十六") -> int:
    version = seen(hub, plan_id).version
    with hub.database.begin() as uow:
        return draw_plan(uow, hub.vault, plan_id, version, word, "user:officer", hub.clock)


def told(hub: Hub, plan_id: UUID, stage: str) -> bytes:
    with hub.database.reading() as connection:
        found = publication(connection, plan_id, stage)
    assert found is not None
    return found.document


def test_a_plan_is_frozen_drawn_published_and_replays(hub: Hub) -> None:
    inspectors(hub, hub.party("furniture").uscc)
    plan_id = drafted(hub, role="merchant")
    frozen(hub, plan_id)
    before = told(hub, plan_id, "frozen")
    assert b"secret" not in before
    number = drawn(hub, plan_id)
    after = told(hub, plan_id, "drawn")
    assert replay(after).same
    assert parse(after) == parse(before)
    assert len(drawn_in(after)) == number >= 1
    with hub.database.reading() as connection:
        objects = drawn_objects(connection, plan_id, today(hub))
        orders = orders_from(connection, f"draw:{plan_id}")
        assert sum(chosen for _grade, _number, chosen in strata(connection, plan_id)) == number
    assert [each.token for each in objects] == [each.token for each in drawn_in(after)]
    assert {each.order_id for each in objects} == {row.id for row in orders}
    assert all(row.reason == "drawn" and row.checks == 2 for row in orders)


def test_the_secret_is_committed_before_and_kept_sealed(hub: Hub) -> None:
    inspectors(hub)
    plan_id = drafted(hub)
    frozen(hub, plan_id)
    sealed = hub.rows("SELECT secret FROM inspection_plan")[0][0]
    secret = hub.vault.open_bytes(bytes(sealed)).decode()
    assert secret.encode() not in bytes(sealed)
    assert commitment(secret).encode() in told(hub, plan_id, "frozen")


@pytest.mark.parametrize("statement", ["UPDATE {} SET actor = 'other'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["inspection_publication", "inspection_step"])
def test_what_was_published_and_what_happened_cannot_be_changed(hub: Hub, table: str, statement: str) -> None:
    inspectors(hub)
    plan_id = drafted(hub, role="merchant")
    frozen(hub, plan_id)
    drawn(hub, plan_id)
    with pytest.raises(psycopg.Error), hub.database.begin() as uow:
        run(uow.connection, statement.format(table))


def test_a_drawn_firm_finds_its_public_name_and_recused_inspectors_stay_away(hub: Hub) -> None:
    codes_of = [hub.party(key).uscc for key in ("furniture", "oranges", "textiles", "electronics", "cosmetics", "milk")]
    inspectors(hub, *codes_of)
    plan_id = drafted(hub, role="merchant")
    frozen(hub, plan_id)
    drawn(hub, plan_id)
    with hub.database.reading() as connection:
        for each in drawn_objects(connection, plan_id, today(hub)):
            assert each.order_id is not None
            assert token_of(connection, plan_id, each.enterprise_id, each.order_id) == each.token
            found = order(connection, each.order_id)
            assert found is not None
            assert [set(check.inspectors) for check in found.checks] == [{"C-2", "C-3"}, {"M-2", "M-3"}]


def test_results_move_the_progress_and_what_is_late_is_listed(hub: Hub) -> None:
    inspectors(hub)
    plan_id = drafted(hub, role="merchant")
    frozen(hub, plan_id)
    number = drawn(hub, plan_id)
    with hub.database.reading() as connection:
        first = drawn_objects(connection, plan_id, today(hub))[0].order_id
    assert first is not None
    with hub.database.begin() as uow:
        for agency in AGENCIES:
            sign(uow, first, Check(agency, "pass"), "user:officer", hub.clock)
    with hub.database.begin() as uow:
        conclude(uow, ZONE, first, shown(hub, first).row.version, Conclusion("pass"), "user:officer", hub.clock)
    late = today(hub) + timedelta(days=21)
    with hub.database.reading() as connection:
        found = progress(connection, plan_id, late)
        overdue = drawn_objects(connection, plan_id, late, "overdue")
    assert (found.drawn, found.passed, found.unfinished, found.overdue) == (number, 1, number - 1, number - 1)
    assert len(overdue) == number - 1


def test_released_lists_are_drawn_and_named_by_the_end_of_their_number(hub: Hub) -> None:
    inspectors(hub)
    ids = file(hub, range(4))
    for each in ids[:3]:
        hub.answer(each, 2, 3, 120, 399, 400, 800)
    plan_id = drafted(hub, "list", flow="E")
    frozen(hub, plan_id)
    population = parse(told(hub, plan_id, "frozen")).population
    assert sorted(thing.label for thing in population) == sorted(f"****{str(each)[-4:]}" for each in ids[:3])
    assert drawn(hub, plan_id) == 1


def test_what_cannot_be_drawn_is_refused(hub: Hub) -> None:
    with pytest.raises(Refused) as nobody:
        frozen(hub, drafted(hub))
    inspectors(hub)
    with pytest.raises(Refused) as empty:
        frozen(hub, drafted(hub, role="no such role"))
    plan_id = drafted(hub)
    with pytest.raises(Refused) as early:
        drawn(hub, plan_id)
    frozen(hub, plan_id)
    with pytest.raises(Refused) as wordless:
        drawn(hub, plan_id, "  ")
    drawn(hub, plan_id)
    with pytest.raises(Refused) as twice:
        drawn(hub, plan_id)
    assert codes(nobody) == ["draw_inspectors_short", "draw_inspectors_short"]
    assert [codes(each) for each in (empty, early, wordless, twice)] == [
        ["draw_population"],
        ["draw_state"],
        ["draw_word"],
        ["draw_state"],
    ]


def test_more_than_can_be_drawn_at_once_is_refused(hub: Hub) -> None:
    inspectors(hub)
    plan_id = drafted(hub, role="merchant")
    with pytest.raises(Refused) as crowd, hub.database.begin() as uow:
        freeze(uow, hub.vault, ZONE, plan_id, 1, "user:officer", hub.clock, most=2)
    frozen(hub, plan_id)
    with pytest.raises(Refused) as many, hub.database.begin() as uow:
        draw_plan(uow, hub.vault, plan_id, 2, "word", "user:officer", hub.clock, most=0)
    assert (codes(crowd), codes(many)) == (["draw_population"], ["draw_too_many"])


def test_a_draft_says_everything_that_is_wrong_and_can_be_dropped(hub: Hub) -> None:
    day = today(hub)
    wrong = PlanEntry(" ", "person", day, day - timedelta(days=1), day - timedelta(days=1), ("police",), 0, {})
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        draft_plan(uow, wrong, "user:officer", hub.clock)
    assert codes(refused) == [
        *("required", "required", "ends_before_begin", "inspection_due_past"),
        *("inspection_agency_unknown", "draw_inspectors_number"),
    ]
    with pytest.raises(Refused) as lonely, hub.database.begin() as uow:
        draft_plan(uow, PlanEntry("t", "firm", day, day, day, (), 1, {}), "user:officer", hub.clock)
    assert codes(lonely) == ["inspection_agency_needed"]
    plan_id = drafted(hub)
    with pytest.raises(Stale), hub.database.begin() as uow:
        drop_plan(uow, plan_id, 7)
    with hub.database.begin() as uow:
        drop_plan(uow, plan_id, 1)
    assert seen(hub, plan_id).state == "dropped"


def test_inspectors_are_kept_with_number_days_and_firms(hub: Hub) -> None:
    day = today(hub)
    entry = InspectorEntry("c-9", "王某", "customs", day, None, [hub.party("furniture").customs_code or ""])
    with hub.database.begin() as uow:
        known = save_inspector(uow, entry)
    for wrong, code in (
        (entry, "inspector_known"),
        (InspectorEntry("编号", "x", "customs", day), "inspector_code"),
        (InspectorEntry("C-8", "x", "customs", day, day - timedelta(days=1)), "ends_before_begin"),
        (InspectorEntry("C-8", "x", "customs", day, None, ["nobody"]), "inspection_subject_unknown"),
        (InspectorEntry("", "x", "police", day), "required"),
    ):
        with pytest.raises(Refused) as refused, hub.database.begin() as uow:
            save_inspector(uow, wrong)
        assert code in codes(refused)
    with pytest.raises(Stale), hub.database.begin() as uow:
        save_inspector(uow, entry, known, 9)
    with hub.database.begin() as uow:
        assert save_inspector(uow, entry, known, 1) == known
    assert hub.rows("SELECT code, related, version FROM inspector") == [("C-9", [hub.party("furniture").uscc], 2)]
