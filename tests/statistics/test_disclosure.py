"""What everybody may see gives no withheld figure away, whatever is subtracted."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ccezone.statistics.rules.disclosure import Resting, open_total, withheld

LEAST = 3
FIRMS = st.frozensets(st.integers(1, 9), min_size=1, max_size=6)
TABLES = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), FIRMS, max_size=7)


def resting(firms: int, value: int = 10, lists: int = 1) -> Resting:
    return Resting(lists, Decimal(value), firms)


@given(table=TABLES)
def test_neither_a_figure_nor_what_is_left_of_the_total_rests_on_few_firms(table: dict[str, frozenset[int]]) -> None:
    figures = {key: resting(len(firms), value=len(firms) * 7) for key, firms in table.items()}
    total = frozenset().union(*table.values())
    if not open_total(resting(len(total)), LEAST):
        return  # nothing of such a table is told
    held = withheld(figures, LEAST)
    assert all(len(table[key]) >= LEAST for key in table if key not in held)
    if held:
        assert len(held) > 1
        assert len(frozenset().union(*(table[key] for key in held))) >= LEAST


def test_a_table_of_many_firms_is_told_whole_and_nought_is_told() -> None:
    assert withheld({"a": resting(3), "b": resting(0, value=0, lists=0)}, LEAST) == frozenset()


def test_one_small_figure_takes_the_smallest_other_with_it() -> None:
    assert withheld({"a": resting(2), "b": resting(5, value=90), "c": resting(4, value=20)}, LEAST) == {"a", "c"}


def test_a_figure_nobody_counted_the_firms_of_is_withheld() -> None:
    assert withheld({"a": resting(0), "b": resting(3)}, LEAST) == {"a", "b"}
