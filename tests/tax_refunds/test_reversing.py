"""The bureau's second check takes a refund back, wholly or in part: by an entry of its own, before or after the money."""

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from ccezone.accounts.rules import Role
from ccezone.accounts.service import Invitation
from ccezone.storage.copying import run
from ccezone.subscribing import subscriptions
from ccezone.tax_refunds.ports import BureauNotice
from ccezone.tax_refunds.queries.claims import ClaimRow, parked_notices
from ccezone.tax_refunds.rules.claims import State, Step
from ccezone.tax_refunds.rules.money import Account, entered, misfit, state_after
from ccezone.tax_refunds.service.telling import ClaimMoved, tell_refund
from tests.hub.harness import Hub
from tests.hub.people import let_in
from tests.tax_refunds.claiming import Claiming


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


def reverse(story: Claiming, claim_id: UUID, amount: str) -> ClaimRow:
    reference = story.view(claim_id).row.reference
    assert story.mock.post(f"/claims/{reference}/reversal", json={"amount": amount}).status_code == 200
    story.exchange()
    return story.view(claim_id).row


def recover(story: Claiming, claim_id: UUID, amount: str) -> ClaimRow:
    reference = story.view(claim_id).row.reference
    story.mock.post(f"/claims/{reference}/recovery", json={"amount": amount})
    story.exchange()
    return story.view(claim_id).row


@pytest.mark.parametrize(
    ("step", "amount", "told"),
    [
        (Step.APPROVE_PART, Decimal(101), "amount_above_claim"),
        (Step.REVERSE, Decimal(81), "amount_above_approved"),
        (Step.REVERSE, None, "amount_missing"),
        (Step.RECOVER, Decimal(51), "amount_above_paid"),
        (Step.OFFSET, Decimal(-1), "amount_missing"),
        (Step.PAY, Decimal(79), "amount_differs"),
        (Step.REVERSE, Decimal(80), ""),
    ],
)
def test_each_amount_is_judged_by_what_it_comes_from(step: Step, amount: Decimal | None, told: str) -> None:
    account = Account(Decimal(100), Decimal(80), Decimal(0), Decimal(80), Decimal(30))
    assert misfit(account, step, amount) == told


def test_what_is_to_be_given_back_follows_from_the_entries() -> None:
    account = Account()
    for step, amount in (
        (Step.SUBMIT, Decimal(100)),
        (Step.APPROVE, None),
        (Step.PAY, None),
        (Step.REVERSE, Decimal(40)),
        (Step.RECOVER, Decimal(15)),
    ):
        account = entered(account, step, amount)
        assert account.stands
    assert (account.approved, account.kept, account.due_back) == (Decimal(60), Decimal(85), Decimal(25))


def test_a_claim_reversed_wholly_before_it_was_paid_is_refused_and_a_part_goes_on() -> None:
    part = entered(Account(Decimal(100), Decimal(100)), Step.REVERSE, Decimal(40))
    assert state_after(State.TREASURY, part) is State.TREASURY
    assert state_after(State.PARTLY, entered(part, Step.REVERSE, Decimal(60))) is State.REFUSED


@pytest.mark.storage
def test_a_part_that_was_paid_is_reversed_and_given_back(story: Claiming) -> None:
    claim_id = story.filed()
    story.exchange()
    row = reverse(story, claim_id, "40.00")
    assert (row.state, row.approved, row.reversed, row.paid) == ("paid", Decimal(64), Decimal(40), Decimal(104))
    assert row.account.due_back == Decimal(40)
    row = recover(story, claim_id, "40.00")
    assert (row.state, row.recovered, row.account.due_back) == ("recovered", Decimal(40), Decimal(0))
    steps = [(each.step, each.amount) for each in story.view(claim_id).steps][-4:]
    assert steps == [("treasury", None), ("pay", 104), ("reverse", 40), ("recover", 40)]


@pytest.mark.storage
def test_what_is_reversed_before_the_money_comes_is_not_paid(story: Claiming) -> None:
    claim_id = story.filed(delay_seconds=20)
    story.exchange(65)
    assert story.state(claim_id) == "approved"
    row = reverse(story, claim_id, "4.00")
    story.exchange(600)
    row = story.view(claim_id).row
    assert (row.state, row.approved, row.paid, row.account.due_back) == ("paid", Decimal(100), Decimal(100), Decimal(0))


@pytest.mark.storage
def test_a_claim_wholly_reversed_before_payment_gives_its_goods_free(story: Claiming) -> None:
    claim_id = story.filed(delay_seconds=3600)
    story.exchange(3600 * 3 + 60)
    assert story.state(claim_id) == "approved"
    assert reverse(story, claim_id, "104.00").state == "refused"
    story.open(story.view(claim_id).items[0].item_id)


@pytest.mark.storage
def test_more_than_was_approved_is_parked_and_changes_nothing(story: Claiming) -> None:
    claim_id = story.filed()
    story.exchange()
    assert reverse(story, claim_id, "104.01").reversed == 0
    with story.hub.database.reading() as connection:
        assert [each.reason for each in parked_notices(connection)] == ["amount_above_approved"]


@pytest.mark.storage
def test_a_step_once_written_is_never_changed(story: Claiming) -> None:
    story.filed()
    with pytest.raises(psycopg.errors.RaiseException), story.hub.database.begin() as uow:
        run(uow.connection, "UPDATE refund_step SET amount = 1", {})


@pytest.mark.storage
def test_the_firm_is_told(story: Claiming) -> None:
    hub = story.hub
    assert tell_refund in subscriptions(hub.vault, hub.terms)[ClaimMoved]
    with hub.database.begin() as uow:
        let_in(uow, Invitation("someone@example.org", "某人", Role.FIRM, story.merchant), hub.clock)
    hub.database.subscriptions = subscriptions(hub.vault, hub.terms)
    claim_id = story.filed()
    story.exchange()
    reverse(story, claim_id, "40.00")
    told = hub.rows("SELECT kind, params ->> 'amount' FROM notice WHERE subject_kind = 'refund_claim' ORDER BY id")
    assert told == [("refund_paid", "104.00"), ("refund_reversed", "40.00")]


@pytest.mark.storage
def test_a_letter_about_an_unknown_claim_is_parked_and_shown(story: Claiming) -> None:
    letter = BureauNotice(1, "TR99999999", "doubt", story.hub.clock.now(), None, "请说明")
    story.bureau.notices = lambda after, limit: [letter] if after < 1 else []  # type: ignore[method-assign]  # the feed itself is at fault
    story.exchange()
    with story.hub.database.reading() as connection:
        (parked,) = parked_notices(connection)
    assert (parked.claim, parked.step, parked.reason, parked.note) == ("TR99999999", "doubt", "unknown_claim", "请说明")
