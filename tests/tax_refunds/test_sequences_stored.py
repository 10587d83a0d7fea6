"""The same on PostgreSQL, through the services and the mock bureau: every ledger is balanced after every sequence."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from ccezone.bootstrap import LEDGERS
from ccezone.kernel.errors import Refused
from ccezone.reconciliation.service import reconcile
from ccezone.storage import Database
from ccezone.tax_refunds.service import exemption, filing
from integrations.mockservers.tax_bureau.plans import OUTCOMES
from tests.hub.emptying import empty
from tests.hub.harness import Hub
from tests.sequences import sequences
from tests.tax_refunds.claiming import BOOK, Claiming

pytestmark = [pytest.mark.storage, pytest.mark.timeout(7200)]
_numbers = count(1)


class StoredRefunds(RuleBasedStateMachine):
    """One merchant's exports, exemptions, claims; the bureau's answers, second checks, demands."""

    begin: Callable[[], Claiming]

    def __init__(self) -> None:
        super().__init__()
        self.story = self.begin()
        self.items: list[UUID] = []
        self.filed: list[UUID] = []
        self.days = {self.story.hub.clock.now().date()}

    @rule(fen=st.integers(100, 10_000_000))
    def export(self, fen: int) -> None:
        self.items.append(self.story.export(f"{fen // 100}.{fen % 100:02d}"))

    @precondition(lambda self: self.items)
    @rule(data=st.data(), outcome=st.sampled_from(sorted(OUTCOMES)))
    def claim(self, data: st.DataObject, outcome: str) -> None:
        item, story = data.draw(st.sampled_from(self.items)), self.story
        story.throw(outcome=outcome)
        try:
            claim_id = story.open(item)
            story.invoice(claim_id, item, f"{next(_numbers):020d}")
            story.check(claim_id)
            story.submit(claim_id)
            self.filed.append(claim_id)
        except Refused:
            return

    @precondition(lambda self: self.items)
    @rule(data=st.data(), undo=st.booleans())
    def exempt(self, data: st.DataObject, undo: bool) -> None:
        item, story, clock = data.draw(st.sampled_from(self.items)), self.story, self.story.hub.clock
        try:
            with story.hub.database.begin() as uow:
                if undo:
                    exemption.undo_exemption(uow, story.merchant, [item], "user:x", clock)
                else:
                    exemption.choose_exemption(uow, story.merchant, [item], BOOK, "user:x", clock, confirmed=True)
        except Refused:
            return

    @rule(seconds=st.integers(1, 30))
    def exchange(self, seconds: int) -> None:
        self.story.exchange(seconds)

    @precondition(lambda self: self.filed)
    @rule(data=st.data(), what=st.sampled_from(["reversal", "recovery"]), fen=st.integers(1, 20_000), offset=st.booleans())
    def demand(self, data: st.DataObject, what: str, fen: int, offset: bool) -> None:
        reference = self.story.view(data.draw(st.sampled_from(self.filed))).row.reference
        body = {"amount": f"{fen // 100}.{fen % 100:02d}", "offset": offset}
        assert self.story.mock.post(f"/claims/{reference}/{what}", json=body).status_code == 200

    @precondition(lambda self: self.filed)
    @rule(data=st.data(), verb=st.sampled_from([filing.answer_doubt, filing.withdraw_claim]))
    def say(self, data: st.DataObject, verb: Callable[..., None]) -> None:
        claim_id, story = data.draw(st.sampled_from(self.filed)), self.story
        version = story.view(claim_id).row.version
        try:
            with story.hub.database.begin() as uow:
                verb(uow, story.merchant, claim_id, version, "说明", "user:x", story.hub.clock)
        except Refused:
            return

    def teardown(self) -> None:
        self.story.exchange(3600)
        self.days.add(self.story.hub.clock.now().date())
        for day in self.days:
            for balance in reconcile(self.story.hub.database, LEDGERS, day, self.story.hub.clock):
                assert balance.stands, balance
        for claim_id in self.filed:
            assert self.story.view(claim_id).row.account.stands


def test_random_sequences_leave_every_stored_ledger_balanced(database: Database, tmp_path: Path) -> None:
    places = count()

    def begin() -> Claiming:
        folder = tmp_path / str(next(places))
        folder.mkdir()
        empty(database)
        return Claiming(Hub(database, folder), folder)

    machine = type("StoredRefundsHere", (StoredRefunds,), {"begin": staticmethod(begin)})
    run_state_machine_as_test(machine, settings=sequences(3, 200, steps=20))
