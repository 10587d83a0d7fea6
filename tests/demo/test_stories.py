from collections import Counter

import pytest

from ccezone.demo.stories import (
    BLOCK,
    CONFLICTS,
    OVER_YEAR_ORDERS,
    PER_BLOCK,
    SHARE,
    Story,
    companion,
    story_of,
)


@pytest.mark.parametrize("block", [0, 1, 4])
def test_every_block_of_orders_holds_every_story_as_often_as_laid_out(block: int) -> None:
    counted = Counter(story_of(3, block * BLOCK + at) for at in range(BLOCK))
    for flow, laid in PER_BLOCK.items():
        assert {story: counted[flow, story] for story in laid} == dict(laid)
    assert counted["I", Story.OVER_YEAR] == (OVER_YEAR_ORDERS if block == 0 else 0)
    assert sum(times for (flow, _), times in counted.items() if flow == "E") == SHARE["E"]


def test_every_story_there_is_gets_told() -> None:
    assert {story for laid in PER_BLOCK.values() for story in laid} | {Story.CLEAN, Story.OVER_YEAR} == set(Story)


def test_one_to_two_orders_of_a_hundred_are_in_conflict() -> None:
    conflicts = sum(times for laid in PER_BLOCK.values() for story, times in laid.items() if story in CONFLICTS)
    assert 0.01 <= conflicts / BLOCK <= 0.02


def test_another_seed_shuffles_the_stories() -> None:
    assert [story_of(1, at) for at in range(BLOCK)] != [story_of(2, at) for at in range(BLOCK)]


def test_orders_that_share_a_parcel_come_in_pairs_and_the_earlier_one_has_it() -> None:
    shared = [at for at in range(BLOCK) if story_of(5, at)[1] == Story.SHARED]
    firsts = [companion(5, at) for at in shared]
    assert Counter(firsts) == dict.fromkeys(shared[::2], 2)
