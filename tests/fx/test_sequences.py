"""The pure rules under random sequences of events: parts always add up, nothing is used twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ccezone.fx.rules.matching import LineKind, OrderFacts, Wanted, plan
from ccezone.fx.rules.parts import Action, Part, Parts, State, ends_in, moved, state_of, waits_in
from ccezone.fx.rules.routing import Case, Firm, Limits, Rule, gate, source_of
from ccezone.kernel.errors import Refused
from tests.sequences import sequences

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


def test_money_stays_balanced_whatever_happens() -> None:
    run_state_machine_as_test(MoneyMachine, settings=sequences(60, 10_000))


class Forgetful(MoneyMachine):
    """Rules that forget what the bank refused."""

    @rule(amount=_AMOUNT)
    def lose(self, amount: Decimal) -> None:
        if self.parts.open >= amount:
            self.parts = replace(self.parts, open=self.parts.open - amount)


def test_the_machine_notices_money_that_is_lost() -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Forgetful, settings=sequences(200, 200))
