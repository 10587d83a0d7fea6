"""The draw as a pure function: shares kept, recusal kept, the same from the same, another from another, replayable."""

import json
from collections import Counter
from decimal import Decimal
from math import ceil
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.inspection.rules.drawing import (
    Candidate,
    Frozen,
    Thing,
    commitment,
    draw,
    drawn_in,
    parse,
    published,
    quota,
    replay,
)

SHARES = {"AAA": "0.005", "A": "0.03", "BB": "0.5", "listed": "1", "none": "0"}
PEOPLE = tuple(Candidate(f"{agency[0].upper()}-{number}", agency) for agency in ("customs", "market") for number in range(1, 6))


def frozen(things: list[Thing], each: int = 2, people: tuple[Candidate, ...] = PEOPLE) -> Frozen:
    things = sorted(things, key=lambda thing: thing.token)
    return Frozen(1, "plan", "2026-01-01", "2026-01-31", ("customs", "market"), each, SHARES, people, tuple(things))


def things(number: int, grade: str = "A", recused: tuple[str, ...] = ()) -> list[Thing]:
    return [Thing(f"{grade}{index:04d}", grade, f"firm {index}", recused) for index in range(number)]


POPULATIONS = st.lists(
    st.builds(
        Thing,
        st.uuids().map(str),
        st.sampled_from(sorted(SHARES)),
        st.just("firm"),
        st.lists(st.sampled_from([each.code for each in PEOPLE]), unique=True).map(tuple),
    ),
    max_size=60,
    unique_by=lambda thing: thing.token,
)
WORDS = st.text(min_size=1, max_size=20)


@given(POPULATIONS, WORDS, WORDS)
def test_the_share_of_each_grade_is_kept_rounded_up(population: list[Thing], secret: str, word: str) -> None:
    by_token = {thing.token: thing.grade for thing in population}
    drawn = Counter(by_token[each.token] for each in draw(frozen(population), secret, word))
    there = Counter(by_token.values())
    assert drawn == Counter({grade: ceil(Decimal(SHARES[grade]) * number) for grade, number in there.items()})


@given(POPULATIONS, WORDS, WORDS)
def test_a_recused_inspector_is_never_drawn_and_nobody_else_is_left_out(population: list[Thing], secret: str, word: str) -> None:
    recused = {thing.token: set(thing.recused) for thing in population}
    for each in draw(frozen(population), secret, word):
        for agency, codes in each.inspectors.items():
            free = [person.code for person in PEOPLE if person.agency == agency and person.code not in recused[each.token]]
            assert set(codes) <= set(free)
            assert len(codes) == len(set(codes)) == min(2, len(free))


@given(POPULATIONS, WORDS, WORDS, st.randoms())
def test_the_order_the_population_comes_in_does_not_matter(population: list[Thing], secret: str, word: str, random: Random) -> None:
    shuffled = list(population)
    random.shuffle(shuffled)
    one = frozen(population)
    other = Frozen(1, "plan", one.since, one.until, one.agencies, one.each, SHARES, PEOPLE[::-1], tuple(shuffled))
    assert draw(one, secret, word) == draw(other, secret, word)


def test_the_same_seed_draws_the_same_and_another_draws_another() -> None:
    population = frozen(things(500, "BB"))
    first = draw(population, "secret", "seven")
    assert first == draw(population, "secret", "seven")
    others = [draw(population, "secret", "eight"), draw(population, "another", "seven")]
    assert all({each.token for each in other} != {each.token for each in first} for other in others)


def test_every_object_is_drawn_about_as_often_as_every_other() -> None:
    population = frozen(things(40, "BB"))
    counts = Counter(each.token for word in range(400) for each in draw(population, "secret", str(word)))
    assert len(counts) == 40
    assert all(abs(number - 200) < 60 for number in counts.values())  # six standard deviations of a fair coin tossed 400 times


def test_the_work_is_spread_evenly_over_inspectors() -> None:
    drawn = draw(frozen(things(100, "listed")), "secret", "word")
    loads = Counter(code for each in drawn for codes in each.inspectors.values() for code in codes)
    assert dict(loads) == {person.code: 40 for person in PEOPLE}


@pytest.mark.parametrize(
    ("number", "share", "drawn"), [(0, "0.5", 0), (3, "0.005", 1), (10, "0", 0), (7, "1", 7), (200, "0.03", 6)]
)
def test_a_quota_is_rounded_up_and_never_more_than_there_is(number: int, share: str, drawn: int) -> None:
    assert quota(number, share) == drawn


def document(word: str = "word") -> bytes:
    population = frozen([*things(9, "BB"), *things(4, "listed", ("C-1", "M-2"))])
    return published(population, commitment("secret"), "secret", word, draw(population, "secret", word))


def test_what_was_published_replays_and_reads_back() -> None:
    assert replay(document()).same
    assert drawn_in(document()) == draw(parse(document()), "secret", "word")
    assert drawn_in(published(parse(document()), commitment("secret"))) == ()


@pytest.mark.parametrize(
    ("path", "value", "failing"),
    [
        (("frozen", "population", 0, "grade"), "AAA", "population"),
        (("frozen", "shares", "BB"), "0.9", "population"),
        (("secret",), "other", "secret"),
        (("word",), "other", "draw"),
        (("drawn", 0, "token"), "nobody", "draw"),
        (("drawn", 0, "inspectors", "customs"), ["C-1"], "draw"),
    ],
)
def test_a_publication_that_was_tampered_with_does_not_replay(path: tuple[str | int, ...], value: object, failing: str) -> None:
    told = json.loads(document())
    place = told
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    found = replay(json.dumps(told).encode())
    assert not found.same
    assert not getattr(found, failing)


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"format":"other"}', '{"format":"ccezone-draw/1","frozen":[]}'])
def test_what_is_no_published_draw_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replay(text.encode())
