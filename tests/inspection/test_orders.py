"""Orders that several agencies share: opened, joined, signed in, concluded once; and what they do to credit."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.credit.queries import evidence_of, recomputed, scores_of
from ccezone.credit.service import keep_credit
from ccezone.inspection.queries import OrderFilter, OrderView, count_orders, order, orders_about, search_orders
from ccezone.inspection.service import (
    Check,
    Conclusion,
    Wanted,
    appoint,
    conclude,
    follow_customs,
    invite,
    open_order,
    sign,
)
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import NotFound, Refused, Stale
from ccezone.notices.service import tell_digests
from tests.credit.test_keeping import file, merchant
from tests.hub.harness import Hub
from tests.hub.people import let_in

pytestmark = pytest.mark.storage
ZONE = "GZ"


def today(hub: Hub) -> date:
    return hub.clock.now().astimezone(SHANGHAI).date()


def opened(hub: Hub, subject: str, agencies: Sequence[str] = ("customs",), kind: str = "list", party: str = "") -> UUID:
    wanted = Wanted(kind, subject, agencies, today(hub) + timedelta(days=5), party=party, what="look at the goods")
    with hub.database.begin() as uow:
        return open_order(uow, wanted, "user:officer", hub.clock)


def signed(hub: Hub, order_id: UUID, agency: str, opinion: str = "pass", findings: Sequence[str] = ()) -> None:
    with hub.database.begin() as uow:
        sign(uow, order_id, Check(agency, opinion, findings, "seen"), "user:officer", hub.clock)


def concluded(hub: Hub, order_id: UUID, result: str, findings: Sequence[str] = ()) -> None:
    version = shown(hub, order_id).row.version
    with hub.database.begin() as uow:
        conclude(uow, ZONE, order_id, version, Conclusion(result, findings, "so it is"), "user:officer", hub.clock)


def shown(hub: Hub, order_id: UUID) -> OrderView:
    with hub.database.reading() as connection:
        found = order(connection, order_id)
    assert found is not None
    return found


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def follow(hub: Hub) -> int:
    return follow_customs(hub.database, ZONE, hub.clock)


def test_agencies_sign_in_and_one_result_ends_the_order(hub: Hub) -> None:
    order_id = opened(hub, hub.party("furniture").uscc, ("customs", "market_supervision"), "firm")
    signed(hub, order_id, "customs")
    with pytest.raises(Refused) as early:
        concluded(hub, order_id, "pass")
    signed(hub, order_id, "market_supervision", "fail", ["label_faulty"])
    with pytest.raises(Refused) as passed:
        concluded(hub, order_id, "pass")
    with pytest.raises(Refused) as wordless:
        concluded(hub, order_id, "fail")
    concluded(hub, order_id, "fail", ["label_faulty"])
    with pytest.raises(Refused) as twice:
        concluded(hub, order_id, "cancelled")
    told = [codes(each) for each in (early, passed, wordless, twice)]
    assert told == [["inspection_checks_missing"], ["inspection_check_failed"], ["inspection_finding_needed"], ["inspection_over"]]
    found = shown(hub, order_id)
    assert (found.row.result, found.row.findings, found.row.signed) == ("fail", ["label_faulty"], 2)
    assert [step.action for step in found.steps] == ["opened", "signed", "signed", "concluded"]


def test_time_and_place_are_appointed_and_agencies_invited(hub: Hub) -> None:
    order_id = opened(hub, hub.party("furniture").uscc, kind="firm")
    with hub.database.begin() as uow:
        appoint(uow, order_id, "warehouse 3", hub.clock.now(), today(hub), "user:officer", hub.clock)
        invite(uow, order_id, "animal_plant_quarantine", "user:officer", hub.clock)
    found = shown(hub, order_id)
    assert (found.row.place, [check.agency for check in found.checks]) == ("warehouse 3", ["animal_plant_quarantine", "customs"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject": "99"}, "inspection_subject_unknown"),
        ({"subject": "x"}, "inspection_subject_unknown"),
        ({"agencies": ()}, "inspection_agency_needed"),
        ({"agencies": ("police",)}, "inspection_agency_unknown"),
        ({"due_on": date(2020, 1, 1)}, "inspection_due_past"),
        ({"subject_kind": "firm", "subject": "nobody"}, "inspection_subject_unknown"),
        ({"subject_kind": "batch", "party": "nobody"}, "inspection_subject_unknown"),
        ({"reason": "whim"}, "unknown_choice"),
    ],
)
def test_an_order_that_cannot_be_is_refused(hub: Hub, changes: dict[str, object], code: str) -> None:
    (number,) = file(hub, range(1))
    values = {"subject_kind": "list", "subject": str(number), "agencies": ("customs",), "due_on": today(hub), **changes}
    with pytest.raises(Refused) as refused, hub.database.begin() as uow:
        open_order(uow, Wanted(**values), "user:officer", hub.clock)  # type: ignore[arg-type]  # one dict serves every field
    assert code in codes(refused)


def test_an_agency_signs_in_once_and_only_if_invited(hub: Hub) -> None:
    order_id = opened(hub, hub.party("furniture").uscc, kind="firm")
    signed(hub, order_id, "customs")
    with pytest.raises(Refused) as twice:
        signed(hub, order_id, "customs")
    with pytest.raises(Refused) as stranger:
        signed(hub, order_id, "market_supervision")
    with pytest.raises(Refused) as again, hub.database.begin() as uow:
        invite(uow, order_id, "customs", "user:officer", hub.clock)
    assert [codes(each) for each in (twice, stranger, again)] == [
        ["inspection_signed"],
        ["required"],
        ["inspection_agency_invited"],
    ]


def test_who_concludes_what_somebody_changed_meanwhile_is_refused(hub: Hub) -> None:
    order_id = opened(hub, hub.party("furniture").uscc, kind="firm")
    before = shown(hub, order_id).row.version
    with hub.database.begin() as uow:
        appoint(uow, order_id, "elsewhere", None, today(hub), "user:officer", hub.clock)
    with pytest.raises(Stale), hub.database.begin() as uow:
        conclude(uow, ZONE, order_id, before, Conclusion("cancelled", (), "not needed"), "user:officer", hub.clock)
    with pytest.raises(NotFound), hub.database.begin() as uow:
        conclude(uow, ZONE, UUID(int=1), 1, Conclusion("cancelled", (), "x"), "user:officer", hub.clock)


def test_a_second_order_about_a_list_joins_the_open_one(hub: Hub) -> None:
    (number,) = file(hub, range(1))
    first, second = opened(hub, str(number)), opened(hub, str(number), ["market_supervision"])
    assert first == second
    assert [check.agency for check in shown(hub, first).checks] == ["customs", "market_supervision"]
    concluded_by = ("customs", "market_supervision")
    for agency in concluded_by:
        signed(hub, first, agency)
    concluded(hub, first, "pass")
    assert opened(hub, str(number)) != first


def test_customs_order_to_inspect_opens_an_order_and_its_release_passes_it(hub: Hub) -> None:
    (number,) = file(hub, range(1))
    follow(hub)
    hub.answer(number, 2, 3, 120, 399, 400, 500)
    assert (follow(hub), follow(hub)) == (1, 0)
    with hub.database.reading() as connection:
        (row,) = orders_about(connection, "list", str(number))
    assert (row.reason, row.open, row.checks, row.signed) == ("receipt", True, 1, 0)
    hub.answer(number, 800)
    assert (follow(hub), follow(hub)) == (1, 0)
    found = shown(hub, row.id)
    assert (found.row.result, found.row.closed_by) == ("pass", "system")
    assert [step.action for step in found.steps] == ["opened", "customs", "customs", "signed", "concluded"]


def test_an_inspection_and_release_between_two_rounds_is_not_missed(hub: Hub) -> None:
    (number,) = file(hub, range(1))
    hub.answer(number, 2, 3, 120, 399, 400, 500, 800)
    follow(hub)
    with hub.database.reading() as connection:
        (row,) = orders_about(connection, "list", str(number))
    assert row.result == "pass"


def test_what_customs_inspects_is_told_together_and_a_release_by_the_release(hub: Hub) -> None:
    ids = file(hub, range(3))
    with hub.database.begin() as uow:
        firm = hub.rows("SELECT merchant_id FROM declaration_list LIMIT 1")[0][0]
        let_in(uow, Invitation("clerk@example.org", "clerk", Role.FIRM, firm), hub.clock)
    for each in ids:
        hub.answer(each, 2, 3, 120, 399, 400, 500)
    follow(hub)
    for each in ids:
        hub.answer(each, 800)
    follow(hub)
    hub.clock.advance(hours=1)
    tell_digests(hub.database, hub.clock)
    told = hub.rows("SELECT kind, number FROM notice WHERE kind LIKE 'inspection%%'")
    assert told == [("inspection_by_customs", 3)]


def test_a_release_does_not_speak_for_another_agency(hub: Hub) -> None:
    (number,) = file(hub, range(1))
    order_id = opened(hub, str(number), ["market_supervision"])
    hub.answer(number, 2, 3, 120, 399, 400, 500, 800)
    follow(hub)
    found = shown(hub, order_id)
    assert found.row.open
    assert {check.agency: check.opinion for check in found.checks} == {"customs": "pass", "market_supervision": ""}


def test_what_customs_finds_is_told_and_left_to_a_person(hub: Hub) -> None:
    (number,) = file(hub, range(1))
    hub.answer(number, 2, 3, 120, 399, 400, 500, 501)
    follow(hub)
    with hub.database.reading() as connection:
        (row,) = orders_about(connection, "list", str(number))
    assert row.open
    assert [step.detail.get("code") for step in shown(hub, row.id).steps if step.action == "customs"] == [500, 501]


def test_three_rejected_lists_and_a_failed_inspection_lower_a_grade(hub: Hub) -> None:
    ids = file(hub, range(12))
    who = merchant(hub, ids)
    keep_credit(hub.database, ZONE, hub.clock)
    before = grade(hub, who)
    for each in ids[:3]:
        hub.answer(each, 2, 3, 100)
    keep_credit(hub.database, ZONE, hub.clock)
    between = grade(hub, who)
    order_id = opened(hub, str(ids[5]), ["customs", "market_supervision"])
    signed(hub, order_id, "customs")
    signed(hub, order_id, "market_supervision", "fail", ["goods_differ"])
    concluded(hub, order_id, "fail", ["goods_differ"])
    assert [before, between, grade(hub, who)] == ["AA", "A", "BBB"]
    with hub.database.reading() as connection:
        newest = evidence_of(connection, who)[0]
        again = recomputed(connection, ZONE, who, today(hub))
    assert (newest.factor, newest.issuer, newest.value) == ("inspection_finds", "inspection", "0.2000")
    assert newest.document == shown(hub, order_id).row.spelled
    assert again is not None
    assert again.same


def test_a_cancelled_order_says_nothing_of_credit(hub: Hub) -> None:
    order_id = opened(hub, hub.party("furniture").uscc, kind="firm")
    concluded(hub, order_id, "cancelled")
    assert hub.count("credit_evidence") == 0


def test_orders_are_found_and_counted_by_tab_reason_agency_and_text(hub: Hub) -> None:
    first = opened(hub, hub.party("furniture").uscc, kind="firm")
    opened(hub, "container 7", ["market_supervision"], "batch", hub.party("oranges").uscc)
    hub.clock.advance(days=9)
    with hub.database.reading() as connection:
        wanted = OrderFilter(today(hub))
        assert count_orders(connection, wanted) == {"open": 2, "overdue": 2, "pass": 0, "fail": 0, "cancelled": 0}
        by_text = OrderFilter(today(hub), text="Container")
        by_number = OrderFilter(today(hub), "overdue", text=shown(hub, first).row.spelled)
        by_agency = OrderFilter(today(hub), agency="market_supervision")
        found = [[row.subject for row in search_orders(connection, each)] for each in (by_text, by_number, by_agency)]
    assert found == [["container 7"], [hub.party("furniture").uscc], ["container 7"]]


def grade(hub: Hub, who: UUID) -> str:
    with hub.database.reading() as connection:
        return scores_of(connection, who, limit=1)[0].grade.value
