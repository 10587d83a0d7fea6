"""Repaying refunds of goods that come back: the pure division, and the way from a return to the bureau's recovery."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.tax_refunds.rules.clawback import item_part, owed, repayment_of, settled

_YUAN = st.decimals(min_value=0, max_value=10**7, places=2)


@given(_YUAN, st.lists(_YUAN, min_size=1, max_size=6))
def test_the_items_parts_add_up_to_the_refund_to_the_fen(paid: Decimal, bases: list[Decimal]) -> None:
    parts = [item_part(paid, bases, place) for place in range(len(bases))]
    assert sum(parts) == (paid if sum(bases) else 0)
    assert all(part >= 0 for part in parts)


@given(_YUAN, st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_partial_returns_together_owe_the_whole_and_never_more(part: Decimal, returns: list[int]) -> None:
    whole, before, sums = Decimal(sum(returns)), Decimal(0), Decimal(0)
    for each in returns:
        due = owed(part, whole, before, Decimal(each))
        assert due >= 0
        sums, before = sums + due, before + each
    assert sums == part
    assert owed(part, whole, before, Decimal(5)) == 0, "nothing is owed beyond what went"


@given(_YUAN, st.integers(2, 100), st.integers(1, 99))
def test_more_coming_back_never_owes_less(part: Decimal, whole: int, fewer: int) -> None:
    less = owed(part, Decimal(whole), Decimal(0), Decimal(min(fewer, whole - 1)))
    assert less <= owed(part, Decimal(whole), Decimal(0), Decimal(whole)) == part


def test_nothing_is_owed_of_what_has_no_quantity_or_no_weight() -> None:
    assert owed(Decimal(100), Decimal(0), Decimal(0), Decimal(1)) == 0
    assert item_part(Decimal(100), [Decimal(0)], 0) == 0


@pytest.mark.parametrize(("recovered", "covered"), [("0", 0), ("9.99", 0), ("10", 1), ("29", 1), ("30", 2), ("99", 2)])
def test_recoveries_settle_clawbacks_in_the_order_they_were_opened(recovered: str, covered: int) -> None:
    assert settled(Decimal(recovered), [Decimal(10), Decimal(20)]) == covered


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], "none"),
        (["void"], "none"),
        (["void", "settled"], "settled"),
        (["settled", "asked"], "due"),
        (["pending"], "due"),
    ],
)
def test_a_return_is_settled_once_everything_is(states: list[str], said: str) -> None:
    assert repayment_of(states) == said
