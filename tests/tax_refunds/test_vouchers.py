"""Promotion-cost vouchers certified and used once, and firms of the general-taxpayer pilot."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from psycopg.errors import UniqueViolation

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.kernel.errors import NotAllowed, NotFound, Refused, Stale
from ccezone.tax_refunds.queries.pilots import open_pilot, pilots_of
from ccezone.tax_refunds.queries.vouchers import count_vouchers, search_vouchers, voucher, voucher_steps, vouchers_sheet
from ccezone.tax_refunds.rules.vouchers import State, Step, Voucher, after, document_key, voucher_faults
from ccezone.tax_refunds.service.pilots import Taking, end_pilot, set_pilot
from ccezone.tax_refunds.service.vouchers import move_voucher, record_voucher
from tests.hub.harness import Hub

OFFICER = Principal(Role.ZONE_OFFICER, None, frozenset(Permission), user_id=UUID(int=31), name="officer")
GOOD = Voucher("演示平台", "2026-01", "142", Decimal("500.00"), "AD-2026-01")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", Step)
def test_each_step_leads_from_one_state_only(state: State, step: Step) -> None:
    begins = State.CERTIFIED if step is Step.USE else State.RECORDED
    if state is begins:
        assert after(state, step) is not state
    else:
        with pytest.raises(Refused, match="voucher_step_not_allowed"):
            after(state, step)


def test_a_voucher_names_platform_document_and_a_month_that_has_begun() -> None:
    assert not voucher_faults(GOOD, "2026-01")
    bad = Voucher(" ", "2026-13", "142", Decimal("0.001"), "")
    assert {fault.pointer for fault in voucher_faults(bad, "2026-01")} == {"/platform", "/document_no", "/period", "/amount"}
    assert [fault.code for fault in voucher_faults(GOOD, "2025-12")] == ["voucher_month_to_come"]


def test_a_document_is_the_same_however_it_is_spelled() -> None:
    spelled = Voucher(" 演示 平台", "2026-01", "142", Decimal(1), "ＡＤ 2026/01")
    assert document_key(spelled) == document_key(GOOD)
    assert document_key(Voucher("演示", "2026-01", "142", Decimal(1), "平台 AD-2026-01")) != document_key(GOOD)


def _boss(firm: UUID) -> Principal:
    return Principal(Role.FIRM, firm, frozenset(Permission), user_id=UUID(int=7), name="管理员")


def _say(hub: Hub, number: UUID, step: Step, by: Principal, words: str = "说明") -> None:
    with hub.database.begin() as uow:
        found = voucher(uow.connection, number)
        assert found is not None
        move_voucher(uow, number, found.version, step, words, by, hub.clock)


@pytest.mark.storage
def test_a_voucher_is_certified_and_used_once(hub: Hub) -> None:
    firm, rival = hub.party("furniture").id, hub.party("textiles").id
    with hub.database.begin() as uow:
        number = record_voucher(uow, firm, GOOD, None, _boss(firm), hub.clock)
    with pytest.raises(Refused, match="voucher_known"), hub.database.begin() as uow:
        record_voucher(uow, rival, GOOD, None, _boss(rival), hub.clock)
    with pytest.raises(NotAllowed):
        _say(hub, number, Step.CERTIFY, _boss(firm))
    with pytest.raises(NotFound):
        _say(hub, number, Step.USE, _boss(rival))
    _say(hub, number, Step.CERTIFY, OFFICER, "")
    with pytest.raises(Refused, match="required"):
        _say(hub, number, Step.USE, _boss(firm), " ")
    _say(hub, number, Step.USE, _boss(firm), "所得税申报 2026")
    with pytest.raises(Refused, match="voucher_step_not_allowed"):
        _say(hub, number, Step.USE, _boss(firm), "再次申报")
    again = "INSERT INTO promotion_voucher_use SELECT voucher_id, 'x', at, actor FROM promotion_voucher_use"
    with pytest.raises(UniqueViolation):
        hub.change(again)
    with hub.database.begin() as uow:
        (shown,) = search_vouchers(uow.connection, firm, "used", "ad-2026")
        assert (shown.used_for, count_vouchers(uow.connection, firm)["used"]) == ("所得税申报 2026", 1)
        assert [each.step for each in voucher_steps(uow.connection, number)] == ["use", "certify", "record"]
        assert vouchers_sheet(uow.connection, firm, "", "").startswith(b"PK")
        with pytest.raises(Stale):
            move_voucher(uow, number, 1, Step.CERTIFY, "", OFFICER, hub.clock)


@pytest.mark.storage
def test_a_voucher_sent_back_with_a_reason_may_be_recorded_anew(hub: Hub) -> None:
    firm = hub.party("furniture").id
    with hub.database.begin() as uow:
        number = record_voucher(uow, firm, GOOD, None, _boss(firm), hub.clock)
    with pytest.raises(Refused, match="required"):
        _say(hub, number, Step.SEND_BACK, OFFICER, "")
    _say(hub, number, Step.SEND_BACK, OFFICER, "金额与账单不符")
    with hub.database.begin() as uow:
        assert record_voucher(uow, firm, GOOD, None, _boss(firm), hub.clock) != number


@pytest.mark.storage
def test_a_pilot_stands_by_its_days_until_an_officer_ends_it(hub: Hub) -> None:
    firm, today = hub.party("furniture").id, hub.clock.now().date()
    taking = Taking("试点批复（测试）", today - timedelta(30), today + timedelta(30))
    with pytest.raises(NotAllowed), hub.database.begin() as uow:
        set_pilot(uow, firm, taking, _boss(firm), hub.clock)
    with pytest.raises(Refused, match="ends_before_begin"), hub.database.begin() as uow:
        set_pilot(uow, firm, Taking("x", today, today - timedelta(1)), OFFICER, hub.clock)
    with hub.database.begin() as uow:
        set_pilot(uow, firm, taking, OFFICER, hub.clock)
    with pytest.raises(Refused, match="pilot_lives"), hub.database.begin() as uow:
        set_pilot(uow, firm, taking, OFFICER, hub.clock)
    with hub.database.begin() as uow:
        known = open_pilot(uow.connection, firm)
        assert known is not None
        assert [known.standing(today + timedelta(days)) for days in (-31, 30, 31)] == ["to_come", "live", "lapsed"]
    with pytest.raises(Refused, match="required"), hub.database.begin() as uow:
        end_pilot(uow, firm, 1, today, " ", OFFICER, hub.clock)
    for day, code in ((today - timedelta(31), "ends_before_begin"), (today + timedelta(1), "day_to_come")):
        with pytest.raises(Refused, match=code), hub.database.begin() as uow:
            end_pilot(uow, firm, 1, day, "企业申请退出", OFFICER, hub.clock)
    with hub.database.begin() as uow:
        end_pilot(uow, firm, 1, today, "企业申请退出", OFFICER, hub.clock)
        assert open_pilot(uow.connection, firm) is None
        (kept,) = pilots_of(uow.connection, firm)
        assert (kept.standing(today), kept.ended_reason) == ("ended", "企业申请退出")
