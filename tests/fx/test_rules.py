"""The pure rules under random sequences of events: parts always add up, nothing is used twice, nettings are spread exactly."""

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ccezone.fx.rules.matching import LineKind, OrderFacts, Wanted, plan, spread
from ccezone.fx.rules.parts import Action, Part, Parts, State, ends_in, moved, state_of, waits_in
from ccezone.fx.rules.routing import Case, Firm, Limits, Refund, Rule, gate, refund_faults, source_of
from ccezone.fx.rules.statements import Standing, Told, standing
from ccezone.kernel.errors import Refused

SEQUENCES = int(os.environ.get("CCEZONE_FX_SEQUENCES", "60"))
"""How many random sequences are tried; 10,000 take some minutes."""
_AMOUNT = st.decimals("0.01", "400.00", places=2)
_RULES = {
    value: Rule("fx.routing.x", value, "doc", date(2020, 1, 1), "unverified") for value in ("optional", "pending", "matched_only")
}
_LIMITS = Limits(90, Decimal(5000))
_ORDERS = tuple(range(3))


class MoneyMachine(RuleBasedStateMachine):
    """One receipt of an individual, of class A or of class B, its orders, and a bank that confirms or refuses in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = Parts(Decimal("500.00"), Decimal("500.00"))
        self.firm, self.value = Firm("A"), "optional"
        self.asked: list[tuple[Action, Part, Decimal]] = []
        self.explained = dict.fromkeys(_ORDERS, Decimal(0))
        self.lines: list[tuple[int, LineKind, Decimal]] = []

    @rule(kind=st.sampled_from(("A", "B", "individual")))
    def become(self, kind: str) -> None:
        if self.parts.open == self.parts.amount and not self.lines:
            self.firm = Firm("" if kind == "individual" else kind, individual=kind == "individual")
            self.value = {"A": "optional", "B": "pending", "individual": "matched_only"}[kind]

    @rule(order=st.sampled_from(_ORDERS), gross=_AMOUNT, fee=st.decimals("0", "20", places=2))
    def match(self, order: int, gross: Decimal, fee: Decimal) -> None:
        left = 300 - self.explained[order]
        facts = OrderFacts(order, str(order), "502", left, left + 1)
        try:
            lines = plan("502", self.parts.matchable, [Wanted(facts, gross)], {LineKind.STORAGE: fee})
        except Refused:
            return
        for line in lines:
            self._explain(line.order_key, line.kind, line.amount)

    @rule(place=st.integers(0, 50))
    def unmatch(self, place: int) -> None:
        if not self.lines:
            return
        order, kind, amount = self.lines[place % len(self.lines)]
        if kind is LineKind.MONEY and self.firm.individual and amount > self.parts.drawable:
            return
        self.lines.remove((order, kind, amount))
        self._explain(order, kind, -amount)

    @rule(action=st.sampled_from([Action.SETTLE, Action.PEND, Action.RELEASE]), amount=_AMOUNT)
    def ask(self, action: Action, amount: Decimal) -> None:
        found = gate(self.firm, Case(self.parts, "502", True, "", (), 0, Decimal(500)), _RULES[self.value], _LIMITS)
        if action not in found.choices or amount > found.most[action]:
            return
        self._hold(action, source_of(action), amount)

    @rule(source=st.sampled_from([Part.OPEN, Part.PENDING, Part.SETTLED]), amount=_AMOUNT)
    def send_back(self, source: Part, amount: Decimal) -> None:
        self._hold(Action.RETURN, source, amount)

    @rule(place=st.integers(0, 50), confirmed=st.booleans())
    def answer(self, place: int, confirmed: bool) -> None:
        if self.asked:
            action, source, amount = self.asked.pop(place % len(self.asked))
            self.parts = moved(self.parts, waits_in(action), ends_in(action) if confirmed else source, amount)

    @invariant()
    def balanced(self) -> None:
        parts = self.parts
        assert sum(parts.of(part) for part in Part) == parts.amount
        assert all(parts.of(part) >= 0 for part in Part)
        assert 0 <= parts.matched <= parts.amount - parts.leaving - parts.returned
        assert parts.matched == sum(amount for _, kind, amount in self.lines if kind is LineKind.MONEY)
        assert all(0 <= amount <= 301 for amount in self.explained.values())
        if self.firm.individual:
            assert parts.held + parts.settled <= parts.matched
        if self.value == "pending":
            assert parts.settled + parts.held <= parts.amount
        assert state_of(parts, declared=True, tried=True) in State

    def _explain(self, order: int, kind: LineKind, amount: Decimal) -> None:
        self.explained[order] += amount
        if kind is LineKind.MONEY:
            self.parts = replace(self.parts, matched=self.parts.matched + amount)
        if amount > 0:
            self.lines.append((order, kind, amount))

    def _hold(self, action: Action, source: Part, amount: Decimal) -> None:
        try:
            self.parts = moved(self.parts, source, waits_in(action), amount)
        except Refused:
            return
        self.asked.append((action, source, amount))


TestMoney = MoneyMachine.TestCase
TestMoney.settings = settings(max_examples=SEQUENCES, stateful_step_count=30, deadline=None)


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
    assert (list(yuan.choices), yuan.converts) == ([Action.SETTLE], False)
    late = Case(full, "142", True, "", (), 91, None)
    assert gate(Firm("B"), late, _RULES["pending"], _LIMITS).choices == []
    assert gate(Firm("B"), replace(late, registration_no="S1"), _RULES["pending"], _LIMITS).choices == [Action.SETTLE]
    assert gate(Firm("A"), late, _RULES["optional"], _LIMITS).choices == [Action.SETTLE]


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
