"""The pure rules: nettings are spread exactly, the gate lets through what it should, statements follow one another."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ccezone.fx.rules.matching import spread
from ccezone.fx.rules.parts import Action, Parts, state_of
from ccezone.fx.rules.routing import Case, Firm, Limits, Refund, Rule, gate, refund_faults
from ccezone.fx.rules.statements import Standing, Told, standing

_AMOUNT = st.decimals("0.01", "400.00", places=2)
_RULES = {
    value: Rule("fx.routing.x", value, "doc", date(2020, 1, 1), "unverified") for value in ("optional", "pending", "matched_only")
}
_LIMITS = Limits(90, Decimal(5000))
_ORDERS = tuple(range(3))


@given(st.decimals("0", "10000", places=2), st.lists(st.decimals("0.01", "9999", places=2), min_size=1, max_size=40))
def test_a_spread_amount_adds_up_and_no_part_is_below_nought(amount: Decimal, weights: list[Decimal]) -> None:
    parts = spread(amount, weights)
    assert sum(parts) == amount
    assert all(part >= 0 for part in parts)
    assert all(abs(part - amount * weight / sum(weights)) <= Decimal("0.01") for part, weight in zip(parts, weights, strict=True))


def test_a_state_follows_from_the_parts() -> None:
    whole = Parts(Decimal(10), Decimal(10))
    assert state_of(whole, declared=False, tried=False) == "reported"
    assert state_of(whole, declared=False, tried=True) == "unmatched"
    assert state_of(replace(whole, matched=Decimal(4)), declared=False, tried=True) == "part"
    settled = replace(whole, open=Decimal(0), settled=Decimal(10))
    assert state_of(settled, declared=True, tried=True) == "settled"
    assert state_of(replace(settled, matched=Decimal(10)), declared=True, tried=True) == "closed"
    back = replace(whole, open=Decimal(0), returned=Decimal(10))
    assert state_of(back, declared=True, tried=True) == "returned"


def test_before_2019_only_class_a_service_firms_with_complete_data_settle_directly() -> None:
    old = Rule("fx.routing.A", "service_only", "zone plans", date(2016, 1, 1), "unverified")
    full = Parts(Decimal(10), Decimal(10), matched=Decimal(10))
    case = Case(full, "502", True, "", (), 0, Decimal(10))
    assert Action.SETTLE in gate(Firm("A", service=True), case, old, _LIMITS).choices
    assert Action.SETTLE not in gate(Firm("A"), case, old, _LIMITS).choices
    assert (
        Action.SETTLE
        not in gate(Firm("A", service=True), replace(case, parts=replace(full, matched=Decimal(9))), old, _LIMITS).choices
    )


def test_yuan_is_credited_without_conversion_and_a_long_deferral_waits_for_registration() -> None:
    full = Parts(Decimal(10), Decimal(10), matched=Decimal(10))
    yuan = gate(Firm("B"), Case(full, "142", True, "", (), 0, None), _RULES["pending"], _LIMITS)
    assert (list(yuan.choices), yuan.converts) == ([Action.CREDIT], False)
    for other in (Action.SETTLE, Action.PEND, Action.RELEASE):
        assert [fault.code for fault in yuan.reasons[other]] == ["fx_yuan_is_credited"]
    late = Case(full, "142", True, "", (), 91, None)
    assert gate(Firm("B"), late, _RULES["pending"], _LIMITS).choices == []
    assert gate(Firm("B"), replace(late, registration_no="S1"), _RULES["pending"], _LIMITS).choices == [Action.CREDIT]
    assert gate(Firm("A"), late, _RULES["optional"], _LIMITS).choices == [Action.CREDIT]
    dollars = gate(Firm("A"), replace(late, currency="502"), _RULES["optional"], _LIMITS)
    assert Action.CREDIT not in dollars.choices


def test_a_special_refund_of_class_a_goes_by_the_bank_up_to_its_limit() -> None:
    large = Refund(Decimal(200_001), 10, False, "")
    assert refund_faults(Firm("A"), large, 180, Decimal(200_000))
    assert not refund_faults(Firm("A"), replace(large, in_usd=Decimal(200_000)), 180, Decimal(200_000))
    assert refund_faults(Firm("A"), replace(large, in_usd=None), 180, Decimal(200_000)), "without a rate nobody knows"
    assert not refund_faults(Firm("B"), replace(large, original_route=True), 180, Decimal(200_000))
    assert refund_faults(Firm("B"), replace(large, original_route=True, days=181), 180, Decimal(200_000))


def test_a_statement_is_judged_by_the_last_one() -> None:
    last, one = Told(3, Decimal(1), Decimal(5), 33), Decimal(5)
    assert standing(None, None, last) is Standing.TAKE
    assert standing(last, None, Told(4, one, one, 1)) is Standing.TAKE
    assert standing(last, None, Told(5, one, one, 1)) is Standing.GAP
    assert standing(last, None, Told(4, one + 1, one, 1)) is Standing.OPENING
    assert standing(last, last, replace(last, digest=34)) is Standing.CHANGED
    assert standing(last, last, last) is Standing.KNOWN
