"""Yuan borrowed across the border: amounts within the contract, steps in their order, a bank's own under consent alone."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.errors import CheckViolation

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.consents.rules import DataKind
from ccezone.consents.rules import Terms as ConsentTerms
from ccezone.consents.service import grant_consent, withdraw_consent
from ccezone.consents.service.lending import move_under_consent, register_under_consent
from ccezone.fx.queries.borrowing import Whose, borrowing, borrowing_steps, borrowings_sheet
from ccezone.fx.rules.borrowing import Contract, Standing, State, Step, after, contract_faults, steps_from
from ccezone.fx.service.borrowing import Said, move_borrowing, register_borrowing
from ccezone.kernel.errors import NotAllowed, NotFound, Refused, Stale
from tests.fx.money import Zone
from tests.web.portal_rivals import a_bank, banker

OFFICER = Principal(Role.ZONE_OFFICER, None, frozenset(Permission), user_id=UUID(int=31), name="officer")
_MOVES = st.lists(st.tuples(st.sampled_from(Step), st.decimals("0.01", "150", places=2)), max_size=12)


@given(_MOVES)
def test_nothing_is_drawn_above_the_contract_or_repaid_above_what_is_drawn(moves: list[tuple[Step, Decimal]]) -> None:
    standing = Standing(Decimal(100), Decimal(0), Decimal(0), State.REGISTERED)
    for step, amount in moves:
        try:
            standing = after(standing, step, amount)
        except Refused:
            continue
        assert 0 <= standing.repaid <= standing.drawn <= standing.amount
        assert (standing.state is State.CLOSED) == (not steps_from(standing) and step is Step.CLOSE)
        assert standing.state is not State.REPAID or standing.owed == 0


def test_a_contract_names_bank_and_lender_and_ends_after_it_begins() -> None:
    bad = Contract(" ", "", "C-1", Decimal("0.001"), date(2026, 2, 1), date(2026, 1, 1))
    assert {fault.pointer for fault in contract_faults(bad)} == {"/bank", "/lender", "/amount", "/due_on"}


def _contract(zone: Zone, number: str = "C-1") -> Contract:
    return Contract("演示银行", "境外贷款人", number, Decimal("1000.00"), zone.today - timedelta(30), zone.today + timedelta(300))


def _registered(zone: Zone, bank: UUID | None = None) -> UUID:
    with zone.hub.database.begin() as uow:
        return register_borrowing(uow, zone.merchant, _contract(zone), bank, "合同 C-1", OFFICER, zone.hub.clock)


def _say(zone: Zone, number: UUID, step: Step, amount: str = "", days_ago: int = 0, by: Principal = OFFICER) -> None:
    said = Said(step, zone.today - timedelta(days_ago), Decimal(amount) if amount else None, "回单")
    with zone.hub.database.begin() as uow:
        found = borrowing(uow.connection, number)
        assert found is not None
        move_borrowing(uow, number, found.version, said, by, zone.hub.clock)


@pytest.mark.storage
def test_a_contract_is_drawn_repaid_and_closed_and_every_step_stays(zone: Zone) -> None:
    number = _registered(zone)
    with pytest.raises(Refused, match="fx_borrowing_known"):
        _registered(zone)
    _say(zone, number, Step.DRAW, "600.00", days_ago=9)
    for amount, days, code in (("400.01", 0, "fx_above_part"), ("1.00", 31, "fx_borrowing_early"), ("1.00", 10, "before_last")):
        with pytest.raises(Refused, match=code):
            _say(zone, number, Step.DRAW, amount, days_ago=days)
    with pytest.raises(Refused, match="fx_borrowing_step"):
        _say(zone, number, Step.CLOSE)
    _say(zone, number, Step.REPAY, "600.00")
    _say(zone, number, Step.CLOSE)
    with zone.hub.database.begin() as uow:
        story = [(each.step, each.amount) for each in borrowing_steps(uow.connection, number)]
        assert borrowings_sheet(uow.connection, Whose(zone.merchant)).startswith(b"PK")
        with pytest.raises(Stale):
            move_borrowing(uow, number, 1, Said(Step.DRAW, zone.today, Decimal(1), "x"), OFFICER, zone.hub.clock)
    assert story == [("close", None), ("repay", 600), ("draw", 600), ("register", None)]
    with pytest.raises(CheckViolation, match="fx_borrowing_adds_up"):
        zone.hub.change("UPDATE fx_borrowing SET repaid = 600.01 WHERE id = %(id)s", id=number)


@pytest.mark.storage
def test_a_bank_tells_of_its_own_contracts_while_a_consent_opens_the_firms_money(zone: Zone) -> None:
    clock, today = zone.hub.clock, zone.today
    with zone.hub.database.begin() as uow:
        bank, other = banker(a_bank(uow, clock)), banker(a_bank(uow, clock, "BANK-8"))
        boss = Principal(Role.FIRM, zone.merchant, frozenset(Permission), user_id=UUID(int=7), name="管理员")
        until = today + timedelta(90)
        assert bank.partner_id is not None
        bare = grant_consent(
            uow, zone.merchant, bank.partner_id, ConsentTerms([DataKind.ORDERS], "loan", "", today, until), boss, clock
        )
    with pytest.raises(Refused, match="fx_borrowing_no_consent"), zone.hub.database.begin() as uow:
        register_under_consent(uow, bare, _contract(zone), "合同", bank, clock)
    theirs = _registered(zone, other.partner_id)
    with zone.hub.database.begin() as uow:
        terms = ConsentTerms([DataKind.MONEY], "loan", "", today, until)
        opened = grant_consent(uow, zone.merchant, bank.partner_id, terms, boss, clock)
        own = register_under_consent(uow, opened, _contract(zone, "C-2"), "合同", bank, clock)
    said = Said(Step.DRAW, today, Decimal(5), "回单")
    with pytest.raises(NotFound), zone.hub.database.begin() as uow:
        move_under_consent(uow, opened, theirs, 1, said, bank, clock)
    with pytest.raises(NotAllowed), zone.hub.database.begin() as uow:
        move_borrowing(uow, theirs, 1, said, bank, clock)
    with zone.hub.database.begin() as uow:
        move_under_consent(uow, opened, own, 1, said, bank, clock)
        assert [each.side for each in borrowing_steps(uow.connection, own)] == ["bank", "bank"]
        withdraw_consent(uow, zone.merchant, opened, "不再贷款", boss, clock)
    with pytest.raises(Refused, match="fx_borrowing_no_consent"), zone.hub.database.begin() as uow:
        move_under_consent(uow, opened, own, 2, said, bank, clock)
