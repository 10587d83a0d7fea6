"""Import tax of whole lists: limits, thresholds, spreading, and what is missing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.import_tax.rules import (
    EffectiveRate,
    Limits,
    Measure,
    Route,
    TariffRate,
    TaxAssessment,
    TaxLine,
    Treatment,
    choose_route,
    consumption_tax_applies,
    levy,
    measured,
    price_list,
    spread,
)
from tests.import_tax.builders import LIMITS_2019, a_line, a_rate

_COSMETICS = a_rate("3304990029", consumption="15", threshold="10", threshold_measure=Measure.GRAM_OR_MILLILITRE)
_MASKS = a_rate("3304990049", consumption="15", threshold="15", threshold_measure=Measure.PIECE)
_WHISKY = a_rate("2208300000", consumption="20", specific="0.912", specific_measure=Measure.LITRE)
_RATES = {rate.hs_code: rate for rate in (a_rate(), _COSMETICS, _MASKS, _WHISKY)}


def _tax(*lines: TaxLine, used: str = "0", freight: str = "0", rates: dict[str, TariffRate] | None = None) -> TaxAssessment:
    return price_list(lines, rates or _RATES, LIMITS_2019, Decimal(used), freight=Decimal(freight))


@pytest.mark.parametrize(
    ("price", "single_item", "used", "route"),
    [
        ("5000", False, "0", Route.WITHIN_LIMIT),
        ("5000.01", True, "0", Route.FULL_TAX),
        ("5000.01", False, "0", Route.SPLIT_OR_GENERAL_TRADE),
        ("5000", False, "21000", Route.WITHIN_LIMIT),
        ("5000", False, "21000.01", Route.GENERAL_TRADE),
        ("26000", True, "0", Route.FULL_TAX),
        ("26000.01", False, "0", Route.GENERAL_TRADE),
    ],
)
def test_both_limits_are_inclusive_and_the_annual_one_comes_first(price: str, single_item: bool, used: str, route: Route) -> None:
    assert choose_route(Decimal(price), single_item, Decimal(used), LIMITS_2019) is route


def test_freight_is_spread_by_value_and_taxed() -> None:
    assessment = _tax(a_line("100"), a_line("300", line_no=2), freight="40")
    assert [line.dutiable_price for line in assessment.lines] == [Decimal("110.00"), Decimal("330.00")]
    assert assessment.total == Decimal("40.04")
    assert assessment.used_after == 440


def test_two_pieces_on_one_line_are_not_one_indivisible_item() -> None:
    assert _tax(a_line("6000", qty="2")).route is Route.SPLIT_OR_GENERAL_TRADE
    assert _tax(a_line("6000")).route is Route.FULL_TAX


def test_an_order_off_the_retail_routes_levies_nothing_and_uses_no_quota() -> None:
    assessment = _tax(a_line("6000"), used="21000")
    assert assessment.route is Route.GENERAL_TRADE
    assert assessment.total == 0
    assert assessment.used_after == 21000
    assert not assessment.lines


def test_cosmetics_pay_consumption_tax_from_ten_yuan_a_gram_on() -> None:
    at_threshold = _tax(a_line("500", "3304990029", unit_035="0.05"))
    below = _tax(a_line("499.99", "3304990029", unit_035="0.05"))
    assert at_threshold.consumption_tax == Decimal("61.76")
    assert below.consumption_tax == 0


def test_the_threshold_is_asked_of_the_dutiable_price_with_freight() -> None:
    assert _tax(a_line("495", "3304990029", unit_035="0.05"), freight="5").consumption_tax > 0


def test_masks_are_counted_by_the_second_statutory_unit() -> None:
    assert _tax(a_line("75", "3304990049", unit_035="0.1", unit_011="5")).consumption_tax == Decimal("9.26")


def test_spirits_pay_by_value_and_by_litre() -> None:
    assessment = _tax(a_line("500", "2208300000", unit_095="0.7"))
    assert (assessment.consumption_tax, assessment.vat) == (Decimal("88.06"), Decimal("56.95"))
    assert assessment.composite_rate_pct == Decimal("29.0012")


def test_everything_that_is_missing_is_named_at_once() -> None:
    no_vat = a_rate("0000000001", vat=None)
    assessment = _tax(
        a_line("1", "9999999999"),
        a_line("1", "0000000001"),
        a_line("1", "3304990029", unit_011="1"),
        a_line("1", "2208300000"),
        rates=_RATES | {no_vat.hs_code: no_vat},
    )
    assert [(fault.pointer, fault.code) for fault in assessment.faults] == [
        ("/lines/0/hs_code", "tax_rate_unknown"),
        ("/lines/1/hs_code", "vat_rate_unknown"),
        ("/lines/2/statutory", "tax_quantity_missing"),
        ("/lines/3/statutory", "tax_quantity_missing"),
    ]
    assert not assessment.lines


def test_an_unknown_tariff_matters_only_above_the_single_limit() -> None:
    rates = {"1901101010": a_rate(tariff=None)}
    assert not _tax(a_line("100"), rates=rates).faults
    assert _tax(a_line("6000"), rates=rates).faults[0].code == "tariff_rate_unknown"
    with pytest.raises(ValueError, match="tariff is due"):
        levy(Decimal(1), EffectiveRate(Decimal(13), tariff_pct=None), Decimal(0), Treatment(None, Decimal(1)))


def test_an_empty_order_owes_nothing() -> None:
    assert _tax().total == 0
    assert _tax().composite_rate_pct == 0


def test_a_tariff_within_the_limits_would_be_levied_if_the_parameter_said_so() -> None:
    limits = Limits(Decimal(5000), Decimal(26000), Decimal("0.7"), tariff_within_limits_pct=Decimal(5))
    assert price_list([a_line("100")], _RATES, limits, Decimal(0)).tariff == 5


def test_a_code_without_threshold_always_pays() -> None:
    assert consumption_tax_applies(_WHISKY, Decimal(1), {}) is True
    assert measured({"095": Decimal(2)}, Measure.PIECE) is None


_FEN = st.integers(0, 10**8).map(lambda fen: Decimal(fen) / 100)


@given(_FEN, st.lists(_FEN, min_size=1, max_size=100))
def test_spreading_never_loses_a_fen_and_stays_within_one_fen_of_the_exact_share(amount: Decimal, weights: list[Decimal]) -> None:
    shares = spread(amount, weights)
    total = sum(weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        exact = amount * weight / total if total else amount / len(weights)
        assert share >= 0
        assert abs(share - exact) < Decimal("0.010001")
