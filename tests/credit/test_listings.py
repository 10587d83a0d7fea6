"""The negative list: notice, appeal window, listed, repair, exit; what it blocks, and for whom."""

from uuid import UUID

import pytest

from ccezone.accounts.rules import Principal, Role
from ccezone.accounts.service import Invitation
from ccezone.credit.queries import credit_record, listing, lookups_of, steps_taken, treatments_of
from ccezone.credit.rules.listing import ListKind, Step
from ccezone.credit.rules.visibility import Viewer
from ccezone.credit.service import Look, Proposal, end_expired, look_up, open_listing, take_step
from ccezone.declarations.service import submit_list
from ccezone.enterprises.queries import enterprise
from ccezone.enterprises.service import Registration, register, start_amendment
from ccezone.enterprises.service.treating import refuse_blocked_registration
from ccezone.kernel.check_digits import complete_uscc
from ccezone.kernel.errors import NotFound, Refused
from tests.credit.test_keeping import ZONE, file, merchant, stated
from tests.hub.harness import Hub
from tests.hub.people import let_in

pytestmark = pytest.mark.storage
OFFICER = Principal(Role.ZONE_OFFICER, None, frozenset(), user_id=UUID(int=9))


def propose(hub: Hub, uscc: str, kind: ListKind = ListKind.NEGATIVE, name: str = "某公司") -> UUID:
    with hub.database.begin() as uow:
        return open_listing(uow, ZONE, Proposal(kind, uscc, name, "虚假贸易", "决定书 1 号"), OFFICER, hub.clock)


def step(hub: Hub, number: UUID, what: Step, enterprise_id: UUID | None = None) -> str:
    with hub.database.begin() as uow:
        return take_step(uow, ZONE, number, what, "理由", OFFICER, hub.clock, enterprise_id=enterprise_id).value


def told(hub: Hub) -> list[str]:
    return [row[0] for row in hub.rows("SELECT kind FROM notice ORDER BY id")]


def test_a_listed_firm_may_not_file_and_after_repair_it_may(hub: Hub) -> None:
    who = merchant(hub, file(hub, [1]))
    stated(hub, who, "customs_class", "advanced")
    with hub.database.begin() as uow:
        let_in(uow, Invitation("firm@example.org", "firm", Role.FIRM, who), hub.clock)
        let_in(uow, Invitation("officer@example.org", "officer", Role.ZONE_OFFICER, None), hub.clock)
    number = propose(hub, _uscc(hub, who))
    file(hub, [2])
    assert hub.states()[-1] == "sent"  # noticed is not listed
    with pytest.raises(Refused, match="listing_appeal_open"):
        step(hub, number, Step.CONFIRM)
    assert step(hub, number, Step.APPEAL, who) == "appealed"
    assert step(hub, number, Step.CONFIRM) == "listed"
    *_, blocked = file(hub, [3])
    assert hub.states()[-1] == "ready"
    with pytest.raises(Refused, match="credit_blocks_filing"):
        submit_list(hub.database, hub.vault, hub.clock, blocked, who, "test")
    with hub.database.begin() as uow, pytest.raises(Refused, match="credit_blocks_registration"):
        start_amendment(uow, hub.vault, who, OFFICER, hub.clock)
    with hub.database.reading() as connection:
        assert treatments_of(connection, who)[0].inspection_share == 1
    assert step(hub, number, Step.REPAIR, who) == "repairing"
    assert step(hub, number, Step.END) == "ended"
    submit_list(hub.database, hub.vault, hub.clock, blocked, who, "test")
    assert hub.states()[-1] == "queued"
    with hub.database.reading() as connection:
        assert [each.step for each in steps_taken(connection, number)] == ["open", "appeal", "confirm", "repair", "end"]
        assert treatments_of(connection, who)[0].standing != "listed"
    assert set(told(hub)) >= {
        "credit_notice",
        "credit_request",
        "credit_listed",
        "credit_standing_changed",
        "credit_listing_decided",
    }


def test_whoever_is_not_registered_is_kept_from_registering_until_the_list_lets_go(hub: Hub) -> None:
    uscc = complete_uscc("91360700MA35CNE01")
    number = propose(hub, uscc)
    with hub.database.begin() as uow:
        refuse_blocked_registration(uow, uscc)
    hub.clock.advance(days=11)
    step(hub, number, Step.CONFIRM)
    with hub.database.begin() as uow, pytest.raises(Refused, match="credit_blocks_registration"):
        refuse_blocked_registration(uow, uscc)
    hub.clock.advance(days=3 * 366)
    assert end_expired(hub.database, ZONE, hub.clock) == 1
    with hub.database.begin() as uow:
        refuse_blocked_registration(uow, uscc)
    with hub.database.reading() as connection:
        found = listing(connection, number)
    assert found is not None
    assert found.state == "ended"


def test_whoever_registers_while_under_notice_is_treated_once_listed(hub: Hub) -> None:
    uscc = complete_uscc("91360700MA35CNE02")
    number = propose(hub, uscc)
    with hub.database.begin() as uow:
        who = register(uow, Registration(uscc, "某公司", ["merchant"]), hub.clock)
    hub.clock.advance(days=11)
    step(hub, number, Step.CONFIRM)
    with hub.database.reading() as connection:
        found = enterprise(connection, who)
    assert found is not None
    assert (found.credit_block, found.may_file) == ("negative_list", False)


def test_an_appeal_that_holds_good_leaves_no_trace_in_the_treatment(hub: Hub) -> None:
    who = merchant(hub, file(hub, [1]))
    stated(hub, who, "tax_class", "A")
    number = propose(hub, _uscc(hub, who))
    step(hub, number, Step.APPEAL, who)
    assert step(hub, number, Step.DROP) == "dropped"
    with hub.database.reading() as connection:
        assert len(treatments_of(connection, who)) == 1


def test_a_firm_takes_only_the_steps_of_firms_and_only_with_its_own_listing(hub: Hub) -> None:
    who, rival = merchant(hub, file(hub, [1])), hub.party("oranges").id
    number = propose(hub, _uscc(hub, who))
    with pytest.raises(NotFound):
        step(hub, number, Step.APPEAL, rival)
    with pytest.raises(Refused, match="listing_step_impossible"):
        step(hub, number, Step.DROP, who)


def test_one_firm_has_one_open_listing_of_a_kind(hub: Hub) -> None:
    uscc = hub.party("furniture").uscc
    propose(hub, uscc)
    with pytest.raises(Refused, match="listing_open_already"):
        propose(hub, uscc)
    propose(hub, uscc, ListKind.RED)


def test_a_code_that_cannot_be_is_refused(hub: Hub) -> None:
    with pytest.raises(Refused, match="bad_uscc"):
        propose(hub, "91360700MA35CNE019")


def test_everybody_sees_the_grade_and_only_agencies_the_score_and_every_look_is_kept(hub: Hub) -> None:
    who = merchant(hub, file(hub, [1]))
    stated(hub, who, "fx_class", "A")
    stated(hub, who, "tax_class", "A")
    uscc = _uscc(hub, who)
    seen = {}
    for viewer in Viewer:
        with hub.database.begin() as uow:
            found = look_up(uow, ZONE, uscc, Look(viewer, "page"), hub.clock)
        assert found is not None
        assert found.score is not None
        seen[viewer] = (found.shows("score"), {each.factor for each in found.evidence})
    assert seen[Viewer.PUBLIC] == (False, {"tax_class"})
    assert seen[Viewer.AGENCY] == (True, {"tax_class", "fx_class"})
    with hub.database.reading() as connection:
        assert [each.viewer for each in lookups_of(connection, uscc)] == ["self", "agency", "public"]


def test_a_look_for_a_code_nobody_has_is_kept_too(hub: Hub) -> None:
    with hub.database.begin() as uow:
        assert look_up(uow, ZONE, "91360700MA35CNE01X", Look(Viewer.PUBLIC, "page"), hub.clock) is None
    assert hub.count("credit_lookup") == 1


def test_before_it_holds_a_listing_is_nobodys_business(hub: Hub) -> None:
    uscc = hub.party("furniture").uscc
    number = propose(hub, uscc)
    for expected in (0, 1):
        with hub.database.reading() as connection:
            found = credit_record(connection, ZONE, uscc, Viewer.PUBLIC, hub.clock.now().date())
        assert found is not None
        assert len(found.listings) == expected
        if not expected:
            hub.clock.advance(days=11)
            step(hub, number, Step.CONFIRM)


def _uscc(hub: Hub, who: UUID) -> str:
    found: str = hub.rows("SELECT uscc FROM enterprise WHERE id = %(id)s", id=who)[0][0]
    return found
