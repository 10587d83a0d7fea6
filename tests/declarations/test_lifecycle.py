"""The state of a list is a pure function of the set of its receipts: any order, any repetition, any interleaving."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.declarations.rules.lifecycle import (
    STANDING,
    TABS,
    Course,
    Mark,
    ended_unsuccessfully,
    fold,
    may_submit,
    next_state,
    state_name,
    tab_of,
)

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
CODES = (1, 2, 3, 4, 18, 23, 99, 120, 300, 399, 400, 500, 600, 100, 430, 501, 502, 503, 505, 599, 700, 800, 899, -1, -10102)
Answer = tuple[int, Mark]


def mark(code: int, minute: int = 0) -> Mark:
    """A receipt's code, so many minutes after noon."""
    return Mark(code, NOON + timedelta(minutes=minute))


def state_of(*answers: Answer, submission: int = 1) -> str:
    """The state these answers lead to."""
    return state_name(fold(Course(submission), answers))


ANSWERS = st.lists(
    st.tuples(st.integers(1, 2), st.builds(mark, st.sampled_from(CODES), st.integers(0, 4))), min_size=1, max_size=10
)


@given(answers=ANSWERS, data=st.data())
def test_any_order_and_repetition_ends_in_the_state_of_the_set(answers: list[Answer], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(answers), max_size=5))
    shuffled = data.draw(st.permutations([*answers, *again]))
    assert fold(Course(2), shuffled) == fold(Course(2), list(set(answers)))


@given(answers=ANSWERS, data=st.data())
def test_answers_taken_in_bit_by_bit_end_like_answers_taken_in_at_once(answers: list[Answer], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(answers)))
    assert fold(fold(Course(2), answers[:cut]), answers[cut:]) == fold(Course(2), answers)


@given(ANSWERS)
def test_what_customs_did_for_good_stands_whatever_follows(answers: list[Answer]) -> None:
    assert state_of(*answers, (1, mark(800)), submission=2) in {str(code) for code in STANDING}


@pytest.mark.parametrize("late", [100, -10102, 2, 120, 500])
def test_a_late_rejection_never_reopens_a_released_list(late: int) -> None:
    assert state_of((1, mark(800, 1)), (1, mark(late, 9))) == "800"


@pytest.mark.parametrize(
    ("codes", "state"),
    [
        ((2, 1), "2"),
        ((3, 2), "3"),
        ((120, 4), "120"),
        ((399, 120), "399"),
        ((800, 500), "800"),
        ((100, 400), "100"),
        ((899, 800), "899"),
        ((-10102, 2), "-10102"),
    ],
)
def test_the_further_tier_decides_even_when_it_is_older(codes: tuple[int, int], state: str) -> None:
    assert state_of((1, mark(codes[0], 0)), (1, mark(codes[1], 9))) == state


def test_in_a_tier_the_latest_time_decides_then_the_code() -> None:
    assert state_of((1, mark(500, 1)), (1, mark(300, 2))) == "300"
    assert state_of((1, mark(300, 2)), (1, mark(500, 2))) == "500"


def test_a_code_without_published_meaning_never_decides() -> None:
    assert state_of((1, mark(23))) == "sent"
    assert state_of((1, mark(2)), (1, mark(99, 9))) == "2"


def test_the_newest_submission_decides_over_an_older_rejection() -> None:
    assert state_of((1, mark(100, 9)), (2, mark(2)), submission=2) == "2"
    assert state_of((1, mark(100, 9)), submission=2) == "sent"


def test_a_release_of_an_older_submission_stands() -> None:
    assert state_of((1, mark(800, 1)), (2, mark(100, 9)), submission=2) == "800"


@pytest.mark.parametrize(("first", "second"), [(430, 800), (700, 899), (501, 502), (599, 800)])
def test_two_ends_that_exclude_each_other_contradict(first: int, second: int) -> None:
    assert fold(Course(1), [(1, mark(first)), (1, mark(second))]).contradictory


@pytest.mark.parametrize("codes", [(800, 899), (899, 800), (100, 800), (800, 800)])
def test_release_and_closing_belong_together(codes: tuple[int, int]) -> None:
    assert not fold(Course(1), [(1, mark(code)) for code in codes]).contradictory


@pytest.mark.parametrize("state", ["ready", "100", "-1", "-621018"])
def test_a_person_may_file_what_is_ready_or_was_rejected(state: str) -> None:
    assert may_submit(state)


@pytest.mark.parametrize("state", ["held", "incomplete", "queued", "sent", "2", "120", "800", "899", "430", "-", "1000"])
def test_a_person_may_not_file_anything_else(state: str) -> None:
    assert not may_submit(state)


def test_every_state_has_one_tab() -> None:
    states = {"held", "incomplete", "ready", "queued", "sent", *(str(code) for code in CODES)}
    assert {tab_of(state) for state in states} == set(TABS)
    assert tab_of("-10102") == "rejected"
    assert ended_unsuccessfully("-10102")


@pytest.mark.parametrize("own", ["held", "incomplete", "ready", "queued"])
def test_a_list_that_is_prepared_again_does_not_fall_back_to_its_former_rejection(own: str) -> None:
    assert next_state(own, fold(Course(1), [(1, mark(100))])) == own
    assert next_state(own, fold(Course(2), [(1, mark(100))])) == own
    assert next_state(own, fold(Course(2), [(1, mark(800))])) == "800"


def test_a_list_that_was_sent_follows_its_receipts() -> None:
    assert next_state("sent", fold(Course(1), [(1, mark(2))])) == "2"
