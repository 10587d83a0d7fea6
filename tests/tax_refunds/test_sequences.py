"""Whatever happens to goods and claims, in whatever order: goods have one use, money comes from somewhere, nothing is lost."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ccezone.kernel.errors import Refused
from ccezone.tax_refunds.rules.claims import ENDED_UNUSED, FIRM_STEPS, State, Step, after
from ccezone.tax_refunds.rules.money import Account, amount_of, entered, misfit, state_after
from ccezone.tax_refunds.rules.uses import Turn, Use, turned
from tests.sequences import sequences

_BUREAU = sorted(set(Step) - FIRM_STEPS - {Step.OPEN})
_AMOUNTS = st.decimals(Decimal("-5"), Decimal(400), places=2)
_NOTHING = Decimal(0)


@dataclass
class Claim:
    """A claim as its steps made it, and the journal of those steps."""

    items: list[int]
    state: State = State.DRAFT
    account: Account = field(default_factory=Account)
    journal: list[tuple[Step, Decimal | None]] = field(default_factory=list)


class Refunds(RuleBasedStateMachine):
    """A firm, the bureau and the treasury at random; impossible steps are tried as often as possible ones."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Decimal] = []
        self.uses: list[Use] = []
        self.claims: list[Claim] = []

    @rule(value=st.decimals(Decimal("0.01"), Decimal(1000), places=2))
    def release(self, value: Decimal) -> None:
        self.values.append(value)
        self.uses.append(Use.OPEN)

    @precondition(lambda self: self.values)
    @rule(data=st.data())
    def open_claim(self, data: st.DataObject) -> None:
        items = data.draw(st.lists(st.integers(0, len(self.values) - 1), min_size=1, max_size=4, unique=True))
        try:
            turned_uses = [turned(self.uses[each], Turn.CLAIM) for each in items]
        except Refused:
            return
        for each, use in zip(items, turned_uses, strict=True):
            self.uses[each] = use
        self.claims.append(Claim(items))

    @precondition(lambda self: self.values)
    @rule(data=st.data(), turn=st.sampled_from([Turn.EXEMPT, Turn.UNDO, Turn.FILE]))
    def turn(self, data: st.DataObject, turn: Turn) -> None:
        item = data.draw(st.integers(0, len(self.values) - 1))
        before = self.uses[item]
        try:
            self.uses[item] = turned(before, turn)
        except Refused:
            assert before is not Use.OPEN or turn is not Turn.EXEMPT

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), step=st.sampled_from(sorted(FIRM_STEPS)), share=st.integers(1, 16))
    def firm(self, data: st.DataObject, step: Step, share: int) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        amount = sum((self.values[each] for each in claim.items), _NOTHING) * share / 100
        self._step(claim, step, amount.quantize(Decimal("0.01")) if step is Step.SUBMIT else None)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), step=st.sampled_from(_BUREAU), amount=st.none() | _AMOUNTS)
    def bureau(self, data: st.DataObject, step: Step, amount: Decimal | None) -> None:
        self._step(data.draw(st.sampled_from(self.claims)), step, amount)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def straight_on(self, data: st.DataObject) -> None:
        """Let a claim go on as most do, so that money is paid often enough."""
        claim = data.draw(st.sampled_from(self.claims))
        self.firm_files(claim)
        for step in (Step.ACCEPT, Step.REVIEW, Step.APPROVE, Step.TREASURY, Step.PAY):
            self._step(claim, step, None)

    def firm_files(self, claim: Claim) -> None:
        value = sum((self.values[each] for each in claim.items), _NOTHING)
        self._step(claim, Step.CHECK, None)
        self._step(claim, Step.SUBMIT, (value * 13 / 100).quantize(Decimal("0.01")))

    def _step(self, claim: Claim, step: Step, amount: Decimal | None) -> None:
        before = (claim.state, claim.account)
        try:
            reached = after(claim.state, step)
        except Refused:
            assert (claim.state, claim.account) == before
            return
        if misfit(claim.account, step, amount):
            return
        entry = amount if step is Step.SUBMIT else amount_of(claim.account, step, amount)
        claim.account = entered(claim.account, step, amount)
        claim.state = state_after(reached, claim.account)
        claim.journal.append((step, entry))
        if claim.state in ENDED_UNUSED:
            for each in claim.items:
                if self.uses[each] is Use.CLAIMED and self._holder(each) is claim:
                    self.uses[each] = turned(self.uses[each], Turn.LET_GO)

    def _holder(self, item: int) -> Claim:
        """The last claim that took an item."""
        return [each for each in self.claims if item in each.items][-1]

    @invariant()
    def released_is_claimed_exempt_or_open(self) -> None:
        exempt = {Use.EXEMPT, Use.EXEMPT_FILED}
        parts = [
            sum((value for value, use in zip(self.values, self.uses, strict=True) if use in wanted), _NOTHING)
            for wanted in ({Use.CLAIMED}, exempt, {Use.OPEN})
        ]
        assert sum(parts, _NOTHING) == sum(self.values, _NOTHING)

    @invariant()
    def a_claimed_item_stands_in_one_live_claim_and_no_other_item_does(self) -> None:
        held = [each for claim in self.claims if claim.state not in ENDED_UNUSED for each in claim.items]
        assert len(held) == len(set(held))
        assert {place for place, use in enumerate(self.uses) if use is Use.CLAIMED} == set(held)

    @invariant()
    def no_amount_is_beyond_what_it_comes_from(self) -> None:
        for claim in self.claims:
            assert claim.account.stands, claim
            assert claim.account.due_back <= claim.account.kept

    @invariant()
    def the_journal_says_what_the_account_says(self) -> None:
        for claim in self.claims:
            replayed = Account()
            for step, entry in claim.journal:
                replayed = entered(replayed, step, entry)
            assert replayed == claim.account


def test_random_sequences_of_goods_and_claims_stay_balanced() -> None:
    run_state_machine_as_test(Refunds, settings=sequences(60, 10_000))


class Forgetful(Refunds):
    """Goods of a claim that ended unused stay taken."""

    def _holder(self, item: int) -> Claim:
        return Claim([item])


def test_a_hub_that_forgets_to_let_goods_go_is_found_out() -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Forgetful, settings=sequences(200, 200))
