"""A late claim: exports to 2025 still go, later ones lapse; money that is overdue holds a claim until the firm speaks."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.kernel.errors import NotFound, Refused
from ccezone.tax_refunds.service import claims
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming

pytestmark = pytest.mark.storage


@pytest.fixture
def story(hub: Hub, tmp_path: Path) -> Claiming:
    return Claiming(hub, tmp_path)


def claimed(story: Claiming, day: date) -> tuple[UUID, UUID]:
    item = story.export(day=day)
    claim_id = story.open(item)
    story.invoice(claim_id, item)
    return claim_id, item


def state(story: Claiming, claim_id: UUID, item: UUID, collection: str, note: str = "") -> None:
    with story.hub.database.begin() as uow:
        claims.state_collection(uow, story.merchant, claim_id, item, collection, note, "user:x", story.hub.clock)


def test_overdue_money_holds_a_claim_until_it_came_or_a_reason_is_given(story: Claiming) -> None:
    claim_id, item = claimed(story, date(2023, 5, 1))
    assert story.check(claim_id) == ["refund_doubt_claimed_late", "refund_doubt_collection_unstated"]
    assert story.state(claim_id) == "draft"
    state(story, claim_id, item, "not_collected")
    assert "refund_doubt_uncollected_unexplained" in story.check(claim_id)
    assert story.state(claim_id) == "draft"
    state(story, claim_id, item, "not_collected", "买方破产，已报损")
    assert "refund_doubt_uncollected" in story.check(claim_id)
    assert story.state(claim_id) == "checked"
    state(story, claim_id, item, "collected", "不再需要")
    assert story.check(claim_id) == ["refund_doubt_claimed_late"]
    assert story.view(claim_id).items[0].collection_note == ""


def test_money_that_is_not_due_yet_is_not_asked_for(story: Claiming) -> None:
    claim_id, _item = claimed(story, story.hub.clock.now().date())
    assert story.check(claim_id) == []


def test_a_new_export_lapses_after_its_months_and_an_old_one_does_not(story: Claiming) -> None:
    old, item = claimed(story, date(2020, 3, 1))
    state(story, old, item, "collected")
    assert story.check(old) == ["refund_doubt_claimed_late"]
    story.hub.clock.advance(hours=24 * 365 * 5)
    item = story.export(day=date(2026, 1, 5))
    new = story.open(item)
    story.invoice(new, item, "26362000000012345699")
    assert "refund_doubt_window_over" in story.check(new)
    assert story.state(new) == "draft"


def test_a_statement_is_one_of_two_and_about_an_item_of_the_claim(story: Claiming) -> None:
    claim_id, item = claimed(story, date(2023, 5, 1))
    with pytest.raises(Refused):
        state(story, claim_id, item, "perhaps")
    with pytest.raises(Refused):
        state(story, claim_id, item, "not_collected", "x" * 501)
    with pytest.raises(NotFound):
        state(story, claim_id, story.export(), "collected")
