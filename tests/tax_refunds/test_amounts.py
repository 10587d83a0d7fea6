"""Properties of refund amounts that hold for every period and purchase."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ccezone.tax_refunds.rules.amounts import Period, RatedValue, credit_refund, purchase_refund

_MONEY = st.decimals("0", "99999999.99", places=2)
_RATES = st.sampled_from([(Decimal(v), Decimal(r)) for v, r in ((13, 13), (13, 10), (13, 9), (13, 6), (13, 0), (9, 9), (9, 6))])
_LINES = st.lists(st.tuples(_MONEY, _RATES).map(lambda each: RatedValue(each[0], *each[1])), max_size=5)
_PERIODS = st.builds(Period, _LINES, _LINES, _MONEY, st.sampled_from([Decimal(13), Decimal(9), Decimal(6)]), _MONEY, _MONEY)


@given(_PERIODS)
def test_a_refund_never_exceeds_its_cap_nor_the_credit_left(period: Period) -> None:
    found = credit_refund(period)
    assert 0 <= found.refund <= min(found.cap, found.end_credit)


@given(_PERIODS)
def test_the_parts_add_up_to_the_fen(period: Period) -> None:
    found = credit_refund(period)
    assert found.refund + found.exempt_offset == found.cap
    assert found.refund + found.carried_forward == found.end_credit
    assert found.end_credit == max(Decimal(0), -found.payable)


@given(_MONEY, _MONEY, st.integers(0, 12))
def test_a_higher_refund_rate_never_refunds_less(value: Decimal, input_vat: Decimal, rate: int) -> None:
    def refund(pct: int) -> Decimal:
        exports = [RatedValue(value, Decimal(13), Decimal(pct))]
        return credit_refund(Period(exports, [], Decimal(0), Decimal(13), input_vat, Decimal(0))).refund

    assert refund(rate) <= refund(rate + 1)


@given(_LINES)
def test_refund_and_cost_of_purchases_are_their_vat_within_a_fen_a_line(purchases: list[RatedValue]) -> None:
    found = purchase_refund(purchases)
    exact = sum((each.value * each.vat_pct / 100 for each in purchases), Decimal(0))
    assert abs(found.refund + found.cost_transfer - exact) <= Decimal("0.01") * max(1, len(purchases))


def test_duty_free_materials_above_the_exports_leave_nothing_below_nought() -> None:
    rates = (Decimal(13), Decimal(9))
    found = credit_refund(
        Period([RatedValue(Decimal(10), *rates)], [RatedValue(Decimal(20), *rates)], Decimal(0), Decimal(0), Decimal(5), Decimal(0))
    )
    assert [found.noncreditable, found.cap, found.refund, found.carried_forward] == [Decimal(0), Decimal(0), Decimal(0), Decimal(5)]
