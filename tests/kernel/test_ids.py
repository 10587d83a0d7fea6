"""Identifiers: version 7, in order, never the same twice."""

from itertools import pairwise

from ccezone.kernel.ids import key8, keys8, uuidv7


def test_what_is_made_later_sorts_later() -> None:
    made = [uuidv7() for _ in range(2000)]
    overtaken = sum(earlier > later for earlier, later in pairwise(made))
    assert overtaken <= 20, "only two within a quarter of a microsecond may change places"


def test_an_id_is_a_version_seven_of_the_standard_variant_and_never_comes_twice() -> None:
    made = {uuidv7() for _ in range(1000)}
    assert len(made) == 1000
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}


def test_many_keys_at_once_are_the_keys_one_by_one() -> None:
    parts = [("CEB604Message", "guid", f"{number} 5", "放行" * (number % 3)) for number in range(500)]
    assert list(keys8(parts)) == [key8(*each) for each in parts]
    assert {key < 0 for key in keys8(parts)} == {True, False}, "both signs occur"
    assert list(keys8([])) == []
