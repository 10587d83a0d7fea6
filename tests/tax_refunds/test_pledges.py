"""A refund account in a bank's hands: asked, agreed, released; the bureau is told, and money that goes past it is not entered."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.consents.rules import Terms as ConsentTerms
from ccezone.consents.service import grant_consent
from ccezone.consents.service.pledging import ask_pledge
from ccezone.kernel.errors import NotAllowed, NotFound, Refused
from ccezone.tax_refunds.queries.claims import parked_notices
from ccezone.tax_refunds.queries.pledges import live_pledge, pledge, steps_of
from ccezone.tax_refunds.rules.pledges import State, Step, Terms, after, paid_elsewhere
from ccezone.tax_refunds.service.pledges import move_pledge
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming
from tests.web.portal_rivals import a_bank, banker

_TERMS = Terms("360010088001234", "质押-2025-01")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_each_step_leads_from_one_state_only(state: State, step: Step) -> None:
    allowed = {State.ASKED: {Step.AGREE, Step.REFUSE, Step.DROP}, State.LIVE: {Step.RELEASE}}
    if step in allowed.get(state, set()):
        assert after(state, step) is not state
    else:
        with pytest.raises(Refused, match="pledge_step_not_allowed"):
            after(state, step)


def test_without_a_pledge_money_may_go_anywhere() -> None:
    assert not paid_elsewhere("", "1")
    assert not paid_elsewhere("1", "1")
    assert paid_elsewhere("1", "")


class Pledging(Claiming):
    """A merchant, its administrator and its bank."""

    def __post_init__(self) -> None:
        super().__post_init__()
        with self.hub.database.begin() as uow:
            self.bank = banker(a_bank(uow, self.hub.clock))
        every = frozenset(Permission)
        self.boss = Principal(Role.FIRM, self.merchant, every, user_id=UUID(int=7), name="管理员")

    def consent(self, *kinds: str) -> UUID:
        today = self.hub.clock.now().date()
        terms = ConsentTerms(kinds, "loan", "", today, today + timedelta(days=90))
        with self.hub.database.begin() as uow:
            assert self.bank.partner_id is not None
            return grant_consent(uow, self.merchant, self.bank.partner_id, terms, self.boss, self.hub.clock)

    def asked(self) -> UUID:
        consent = self.consent("claims")
        with self.hub.database.begin() as uow:
            return ask_pledge(uow, consent, _TERMS, self.bank, self.hub.clock)

    def say(self, number: UUID, step: Step, by: Principal, words: str = "说明") -> None:
        with self.hub.database.begin() as uow:
            found = pledge(uow.connection, number)
            assert found is not None
            move_pledge(uow, number, found.version, step, words, by, self.hub.clock)


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Pledging:
    return Pledging(hub, tmp_path)


@pytest.mark.storage
def test_a_bank_asks_the_firm_agrees_and_refunds_go_there_until_it_is_released(story: Pledging) -> None:
    orders = story.consent("orders")
    with story.hub.database.begin() as uow, pytest.raises(Refused, match="pledge_without_consent"):
        ask_pledge(uow, orders, _TERMS, story.bank, story.hub.clock)
    number = story.asked()
    with pytest.raises(NotAllowed):
        story.say(number, Step.AGREE, story.bank)
    with pytest.raises(NotFound):
        story.say(number, Step.AGREE, Principal(Role.FIRM, story.hub.party("milk").id, frozenset(Permission)))
    running = story.filed(outcome="linger")
    story.say(number, Step.AGREE, story.boss)
    with pytest.raises(NotAllowed):
        story.say(number, Step.RELEASE, story.boss)
    told = story.hub.rows("SELECT kind, body ->> 'pay_to' FROM refund_message WHERE claim_id = %(id)s ORDER BY id", id=running)
    assert sorted(told) == [("account", _TERMS.account_no), ("submit", "")]
    story.throw(outcome="approve")
    story.exchange()
    item = story.export()
    claim = story.open(item)
    story.invoice(claim, item, "26362000000012345679")
    story.check(claim)
    story.submit(claim)
    story.exchange()
    assert story.state(claim) == "paid"
    story.say(number, Step.RELEASE, story.bank)
    with story.hub.database.reading() as connection:
        assert live_pledge(connection, story.merchant) is None
        assert [each.action for each in steps_of(connection, number)] == ["ask", "agree", "release"]


@pytest.mark.storage
def test_money_that_goes_past_the_pledged_account_is_parked(story: Pledging) -> None:
    claim = story.filed(outcome="approve")
    story.exchange(0)
    number = story.asked()
    story.say(number, Step.AGREE, story.boss)
    story.hub.change("DELETE FROM refund_message WHERE kind = 'account'")
    story.exchange()
    assert story.state(claim) == "treasury"
    with story.hub.database.reading() as connection:
        assert [each.reason for each in parked_notices(connection)] == ["account_differs"]
