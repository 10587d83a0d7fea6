"""The score of a day: pure, published, deterministic."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.credit.queries.terms import terms_in
from ccezone.credit.rules.listing import ListingState, ListKind, Step, next_state, steps_of
from ccezone.credit.rules.measures import measures_of, standing_of
from ccezone.credit.rules.scoring import (
    ADDED_LATER,
    CLASSES,
    Evidence,
    Factor,
    Grade,
    in_force,
    judge,
    points_of,
    read_scale,
    share_of,
)
from ccezone.credit.rules.visibility import FIELDS, Reach, Viewer, visible
from ccezone.kernel.errors import Fault
from ccezone.parameters.queries import default_book

DAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
TERMS = terms_in(default_book(), DAY)


def piece(number: int, factor: Factor, value: str, **changes: object) -> Evidence:
    """Evidence of the day before, without an end."""
    values: dict[str, object] = {
        "issuer": "issuer", "valid_from": DAY - timedelta(days=1), "valid_to": None, "recorded_at": NOON - timedelta(days=1),
    }  # fmt: skip
    return Evidence(UUID(int=number), factor, value=value, **{**values, **changes})  # type: ignore[arg-type]  # one dict for all


def test_a_firm_without_evidence_gets_the_points_of_the_unknown() -> None:
    assert judge({}, TERMS.scoring).score == TERMS.scoring.unknown


def test_every_input_adds_up_to_the_score() -> None:
    found = {
        Factor.CUSTOMS_CLASS: [piece(1, Factor.CUSTOMS_CLASS, "advanced")],
        Factor.REJECTIONS: [piece(2, Factor.REJECTIONS, "0.3")],
    }
    result = judge(found, TERMS.scoring)
    assert sum(each.added for each in result.inputs) == result.score
    assert {each.factor for each in result.inputs} == set(Factor) - ADDED_LATER
    assert [each.points for each in result.inputs if each.known] == [Decimal(100), Decimal(0)]


def test_a_factor_that_came_later_weighs_from_its_day_on() -> None:
    before, since = (terms_in(default_book(), date(2026, 11, day)).scoring for day in (21, 22))
    assert set(since.weights) - set(before.weights) == {Factor.LATE_REPORTS}
    late = {Factor.LATE_REPORTS: [piece(1, Factor.LATE_REPORTS, "0.6")]}
    assert judge(late, before).score == before.unknown
    assert judge(late, since).score < since.unknown


def test_a_share_gets_the_points_of_the_highest_step_it_reaches() -> None:
    points = [points_of(Factor.REJECTIONS, share, TERMS.scoring) for share in ("0", "0.0199", "0.02", "0.1999", "1")]
    assert points == [Decimal(each) for each in (100, 100, 85, 30, 0)]


def test_several_raters_count_by_their_mean() -> None:
    raters = [piece(1, Factor.THIRD_PARTY, "AAA", issuer="one"), piece(2, Factor.THIRD_PARTY, "BB", issuer="two")]
    (rated,) = (each for each in judge({Factor.THIRD_PARTY: raters}, TERMS.scoring).inputs if each.known)
    assert rated.points == Decimal(70)


def test_what_was_recorded_later_does_not_count_for_a_past_day() -> None:
    late = piece(1, Factor.TAX_CLASS, "D", recorded_at=NOON + timedelta(seconds=1))
    assert in_force([late], DAY, NOON) == {}
    assert in_force([late], DAY, NOON + timedelta(seconds=1)) == {Factor.TAX_CLASS: [late]}


def test_evidence_taken_back_counts_until_then() -> None:
    stated = piece(1, Factor.TAX_CLASS, "D")
    back = piece(2, Factor.TAX_CLASS, "D", recorded_at=NOON, revokes=stated.id)
    assert in_force([stated, back], DAY, NOON - timedelta(seconds=1)) == {Factor.TAX_CLASS: [stated]}
    assert in_force([stated, back], DAY, NOON) == {}


@pytest.mark.parametrize("changes", [{"valid_from": DAY + timedelta(days=1)}, {"valid_to": DAY - timedelta(days=1)}])
def test_evidence_counts_only_on_its_days(changes: dict[str, object]) -> None:
    assert in_force([piece(1, Factor.FX_CLASS, "C", **changes)], DAY, NOON) == {}


@given(st.lists(st.sampled_from([(f, v) for f, classes in CLASSES.items() for v in classes]), max_size=12), st.integers(0, 99))
def test_the_order_in_which_evidence_came_does_not_matter(stated: list[tuple[Factor, str]], seed: int) -> None:
    pieces = [piece(number, factor, value) for number, (factor, value) in enumerate(stated)]
    shuffled = Random(seed).sample(pieces, len(pieces))
    first, second = (judge(in_force(each, DAY, NOON), TERMS.scoring) for each in (pieces, shuffled))
    assert (first, first.digest) == (second, second.digest)
    assert 0 <= first.score <= 100


def test_cut_offs_divide_the_grades() -> None:
    assert TERMS.scoring.cut_offs[Grade.AA] == 80
    results = [judge({}, replace(TERMS.scoring, unknown=Decimal(points))) for points in (90, 89, 60, 59)]
    assert [each.grade for each in results] == [Grade.AAA, Grade.AA, Grade.BBB, Grade.BB]


def test_few_documents_do_not_ruin_a_share() -> None:
    assert (share_of(1, 1, 10), share_of(1, 20, 10), share_of(0, 0, 0)) == ("0.1000", "0.0500", "0.0000")


@pytest.mark.parametrize("text", ["A", "A:", ":5", "A:many"])
def test_a_scale_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no step of a scale"):
        read_scale([text])


def test_every_class_has_points() -> None:
    for factor, classes in CLASSES.items():
        assert {name for name, _ in TERMS.scoring.scales[factor]} == set(classes)


def test_the_negative_list_comes_before_the_red_list_and_both_before_the_grade() -> None:
    assert standing_of(Grade.AAA, listed=True, red=True) == "listed"
    assert standing_of(Grade.BB, listed=False, red=True) == "red"
    assert standing_of(None, listed=False, red=False) is None
    assert measures_of("listed", TERMS.measures).inspection_share == 1
    assert measures_of("listed", TERMS.measures).filing_block


def test_a_worse_grade_is_never_inspected_less() -> None:
    shares = [TERMS.measures[grade].inspection_share for grade in Grade]
    assert shares == sorted(shares)


def test_nobody_is_listed_before_the_appeal_window_has_closed() -> None:
    early = next_state(ListKind.NEGATIVE, ListingState.NOTICED, Step.CONFIRM, DAY, DAY)
    late = next_state(ListKind.NEGATIVE, ListingState.NOTICED, Step.CONFIRM, DAY + timedelta(days=1), DAY)
    assert isinstance(early, Fault)
    assert early.code == "listing_appeal_open"
    assert late is ListingState.LISTED


def test_an_appeal_may_come_on_the_last_day_and_not_after() -> None:
    assert next_state(ListKind.NEGATIVE, ListingState.NOTICED, Step.APPEAL, DAY, DAY) is ListingState.APPEALED
    assert Step.APPEAL not in steps_of(ListKind.NEGATIVE, ListingState.NOTICED, DAY + timedelta(days=1), DAY)


def test_a_listing_that_is_over_takes_no_step() -> None:
    assert steps_of(ListKind.NEGATIVE, ListingState.ENDED, DAY, DAY) == []
    assert steps_of(ListKind.RED, ListingState.LISTED, DAY, None) == [Step.END]


def test_a_field_nobody_decided_about_is_shown_to_its_firm_only() -> None:
    assert visible({}, Viewer.PUBLIC) == frozenset()
    assert visible({}, Viewer.SELF) == set(FIELDS)
    assert visible({"score": Reach.AGENCY}, Viewer.AGENCY) == {"score"}
    assert "score" not in visible(TERMS.reaches, Viewer.PUBLIC)
