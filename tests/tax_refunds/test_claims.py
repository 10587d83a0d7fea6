"""A refund claim from the ledger to the money: what it may be made of, what the bureau does, what happens once only."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ccezone.kernel.errors import NotFound, Refused
from ccezone.tax_refunds.ports import BureauNotice
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service import claims, filing
from ccezone.tax_refunds.service.exchanging import send_refund_messages, take_refund_notices
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import BOOK, Claiming

pytestmark = pytest.mark.storage


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


def _codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


def test_a_claim_goes_from_the_ledger_to_the_money(story: Claiming) -> None:
    claim_id = story.filed()
    assert story.state(claim_id) == "submitted"
    story.exchange()
    row = story.view(claim_id).row
    assert (row.state, row.claimed, row.approved, row.paid) == ("paid", Decimal(104), Decimal(104), Decimal(104))
    steps = [each.step for each in story.view(claim_id).steps]
    assert steps == ["open", "check", "submit", "accept", "review", "approve", "treasury", "pay"]


def test_a_letter_is_answered_and_the_claim_goes_on(story: Claiming) -> None:
    claim_id = story.filed(outcome="doubt")
    story.exchange()
    assert story.state(claim_id) == "doubt"
    with story.hub.database.begin() as uow:
        version = story.view(claim_id).row.version
        filing.answer_doubt(uow, story.merchant, claim_id, version, "已附运输单据", "user:x", story.hub.clock)
    story.exchange()
    assert story.state(claim_id) == "paid"


def test_a_part_is_approved_and_paid_and_never_more_than_was_claimed(story: Claiming) -> None:
    claim_id = story.filed(outcome="part")
    story.exchange()
    row = story.view(claim_id).row
    assert (row.state, row.approved, row.paid) == ("paid", Decimal("83.20"), Decimal("83.20"))


def test_what_is_not_accepted_can_be_mended_and_filed_again(story: Claiming) -> None:
    claim_id = story.filed(outcome="not_accept")
    story.exchange()
    assert story.state(claim_id) == "not_accepted"
    story.throw(outcome="approve")
    view = story.view(claim_id)
    with story.hub.database.begin() as uow:
        claims.drop_invoice(uow, story.merchant, claim_id, view.invoices[0].id, "user:x", story.hub.clock)
    story.invoice(claim_id, view.items[0].item_id, "26362000000012345679")
    story.check(claim_id)
    story.submit(claim_id)
    story.exchange()
    assert story.state(claim_id) == "paid"


def test_an_item_stands_in_one_live_claim_only_and_is_free_after_a_refusal(story: Claiming) -> None:
    claim_id = story.filed(outcome="refuse")
    item = story.view(claim_id).items[0].item_id
    with pytest.raises(Refused) as refusal:
        story.open(item)
    assert _codes(refusal) == ["refund_item_taken"]
    story.exchange()
    assert story.state(claim_id) == "refused"
    again = story.open(item)
    story.invoice(again, item)


def test_an_invoice_is_used_once_whoever_claims(story: Claiming) -> None:
    story.filed()
    item = story.export()
    other = story.open(item)
    with pytest.raises(Refused) as refusal:
        story.invoice(other, item)
    assert _codes(refusal) == ["refund_invoice_used"]


@pytest.mark.parametrize("number", ["123", "2636200000001234567X", "263620000000123456789"])
def test_a_number_that_is_no_invoice_is_refused(story: Claiming, number: str) -> None:
    item = story.export()
    with pytest.raises(Refused) as refusal:
        story.invoice(story.open(item), item, number)
    assert _codes(refusal) == ["refund_invoice_no"]


def test_the_self_check_names_what_blocks_and_what_is_doubtful(story: Claiming) -> None:
    item = story.export("500.00")
    claim_id = story.open(item)
    assert story.check(claim_id) == ["refund_doubt_invoice_missing"]
    story.invoice(claim_id, item, vat="100.00")
    assert story.check(claim_id) == ["refund_doubt_invoice_vat_differs", "refund_doubt_purchase_above_export"]
    assert story.state(claim_id) == "draft"


def test_goods_lapse_after_the_window_and_older_exports_do_not(story: Claiming) -> None:
    lapsed, old = story.export(day=date(2026, 1, 2)), story.export(day=date(2025, 12, 31))
    claim_id = story.open(lapsed, old, method=Method.EXEMPT_CREDIT_REFUND, input_vat=Decimal(500))
    with story.hub.database.begin() as uow:
        for item in (lapsed, old):
            claims.state_collection(uow, story.merchant, claim_id, item, "collected", "", "user:x", story.hub.clock)
    story.hub.clock.advance(seconds=86_400 * 365 * 3)
    assert story.check(claim_id) == ["refund_doubt_window_over", "refund_doubt_claimed_late"]


def test_a_manufacturers_claim_follows_its_own_formula(story: Claiming) -> None:
    claim_id = story.open(story.export("1000.00"), method=Method.EXEMPT_CREDIT_REFUND, input_vat=Decimal(100))
    assert story.check(claim_id) == []
    story.submit(claim_id)
    assert story.view(claim_id).row.claimed == Decimal(100)


def test_another_firms_claim_looks_like_none(story: Claiming) -> None:
    claim_id = story.filed()
    stranger = story.hub.party("furniture").id
    with pytest.raises(NotFound), story.hub.database.begin() as uow:
        filing.withdraw_claim(uow, stranger, claim_id, 1, "x", "user:x", story.hub.clock)


def test_a_filed_claim_cannot_be_changed(story: Claiming) -> None:
    claim_id = story.filed()
    with pytest.raises(Refused) as refusal, story.hub.database.begin() as uow:
        claims.drop_item(uow, story.merchant, claim_id, story.view(claim_id).items[0].item_id, "user:x", story.hub.clock)
    assert _codes(refusal) == ["refund_step_not_allowed"]


def test_an_answer_lost_after_the_work_doubles_nothing(story: Claiming) -> None:
    claim_id = story.filed(lose_answers=2)
    for _ in range(4):
        send_refund_messages(story.hub.database, story.bureau, story.hub.clock)
        story.hub.clock.advance(seconds=10)
    assert story.mock.get("/counts").get_json()["message"] == 1
    story.exchange()
    assert story.state(claim_id) == "paid"
    assert story.hub.count("refund_parked_notice") == 0


def test_a_bureau_that_is_away_is_tried_again(story: Claiming) -> None:
    claim_id = story.filed(down=True)
    story.exchange(1)
    assert story.state(claim_id) == "submitted"
    story.throw(down=False)
    story.exchange()
    assert story.state(claim_id) == "paid"


def test_a_feed_read_twice_counts_once(story: Claiming) -> None:
    claim_id = story.filed()
    story.exchange()
    story.hub.change("DELETE FROM goods_ledger_mark WHERE source = 'bureau'")
    take_refund_notices(story.hub.database, story.bureau, story.hub.clock)
    row = story.view(claim_id).row
    assert (row.state, row.paid, row.recovered) == ("paid", Decimal(104), Decimal(0))


class _Told:
    """A bureau that tells what a test says."""

    def __init__(self, *notices: BureauNotice) -> None:
        self._notices = notices

    def send(self, message: object) -> None:
        raise AssertionError(message)

    def notices(self, after: int, limit: int) -> list[BureauNotice]:
        return [each for each in self._notices if each.number > after][:limit]


def _notice(number: int, claim: str, step: str, amount: str | None = None) -> BureauNotice:
    return BureauNotice(number, claim, step, datetime(2026, 6, 1, tzinfo=UTC), Decimal(amount) if amount else None, "")


def test_what_cannot_be_placed_is_parked_with_its_reason_and_stops_nothing(story: Claiming) -> None:
    claim_id = story.filed()
    known = story.view(claim_id).row.reference
    told = _Told(
        _notice(1, "TR99999999", "doubt"),
        _notice(2, known, "pay"),
        _notice(3, known, "dance"),
        _notice(4, known, "submit"),
        _notice(5, known, "accept"),
        _notice(6, known, "review"),
        _notice(7, known, "approve_part", "104.01"),
    )
    assert take_refund_notices(story.hub.database, told, story.hub.clock) == 7
    parked = story.hub.rows("SELECT number, reason FROM refund_parked_notice ORDER BY number")
    assert parked == [
        (1, "unknown_claim"),
        (2, "step_not_allowed"),
        (3, "step_not_allowed"),
        (4, "step_not_allowed"),
        (7, "amount_above_claim"),
    ]
    assert story.state(claim_id) == "reviewing"


def test_a_refund_is_recovered_up_to_what_was_paid(story: Claiming) -> None:
    claim_id = story.filed()
    story.exchange()
    reference = story.view(claim_id).row.reference
    for amount in ("60", "60"):
        story.mock.post(f"/claims/{reference}/recovery", json={"amount": amount})
    story.exchange()
    row = story.view(claim_id).row
    assert (row.state, row.recovered) == ("recovered", Decimal(60))
    assert story.hub.rows("SELECT reason FROM refund_parked_notice") == [("amount_above_paid",)]


@pytest.mark.parametrize(("outcome", "state"), [("linger", "withdrawn"), ("approve", "paid")])
def test_the_bureau_lets_go_what_it_has_not_decided(story: Claiming, outcome: str, state: str) -> None:
    claim_id = story.filed(outcome=outcome)
    story.exchange()
    row = story.view(claim_id).row
    if row.state == "paid":
        with pytest.raises(Refused), story.hub.database.begin() as uow:
            filing.withdraw_claim(uow, story.merchant, claim_id, row.version, "x", "user:x", story.hub.clock)
    else:
        with story.hub.database.begin() as uow:
            filing.withdraw_claim(uow, story.merchant, claim_id, row.version, "资料有误", "user:x", story.hub.clock)
        story.exchange()
    assert story.state(claim_id) == state


def test_a_claim_changed_meanwhile_is_not_filed(story: Claiming) -> None:
    item = story.export()
    claim_id = story.open(item)
    story.invoice(claim_id, item)
    story.check(claim_id)
    with pytest.raises(Refused) as refusal, story.hub.database.begin() as uow:
        filing.submit_claim(uow, story.merchant, claim_id, 1, BOOK, "user:x", story.hub.clock)
    assert _codes(refusal) == ["refund_claim_changed"]
