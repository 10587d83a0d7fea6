"""From money that comes to money that is settled: matching, the gate, the bank, and everything that is refused on the way."""

from decimal import Decimal

import pytest

from ccezone.fx.queries.parked_lines import parked_lines
from ccezone.fx.rules.parts import Action, Part
from ccezone.fx.rules.routing import Firm
from ccezone.fx.service.automatic import match_reported
from ccezone.fx.service.filing import SettlementLine, file_line, try_again
from ccezone.fx.service.limits import KNOWN, PARKED, decide_line, take_line
from ccezone.fx.service.matching import unmatch
from ccezone.fx.service.receipts import add_account
from ccezone.fx.service.settling import Back, send_back
from ccezone.kernel.errors import NotFound, Refused
from tests.fx.money import ACCOUNT, BOOK, WHO, B, Zone

pytestmark = pytest.mark.storage


def _codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def test_money_of_forty_orders_with_fees_is_matched_declared_and_settled(zone: Zone) -> None:
    orders = zone.sell_many(40)
    receipt = zone.receive("3890.00")
    assert zone.match(receipt, *orders, platform_fee="80.00", logistics="30.00") == Decimal("3890.00")
    assert zone.state(receipt) == "matched"
    assert zone.order(orders[7]) == {"expected": 100, "received": Decimal("97.25"), "netted": Decimal("2.75")}
    zone.declare(receipt)
    zone.ask(receipt, Action.SETTLE, "3890.00")
    assert zone.held(receipt).parts.held == 3890
    zone.exchange()
    assert zone.state(receipt) == "closed"
    [(rate, yuan, outcome)] = zone.hub.rows("SELECT rate, yuan, outcome FROM fx_instruction")
    assert (rate, yuan, outcome) == (Decimal("7.1"), Decimal("27619.00"), "confirmed")


def test_two_receipts_pay_one_order_and_no_more_than_it_is_worth(zone: Zone) -> None:
    number = zone.sell(value="100.00")
    first, second = zone.receive("60.00"), zone.receive("60.00")
    zone.match(first, number)
    assert zone.match(second, number) == 40
    assert zone.state(second) == "part"
    with pytest.raises(Refused) as refused:
        zone.match(second, number)
    assert _codes(refused) == ["fx_order_full"]
    with pytest.raises(Refused) as refused:
        zone.match(second, number, gross="20.00")
    assert _codes(refused) == ["fx_over_order"]


def test_another_currency_and_another_firms_order_are_refused_at_their_place(zone: Zone) -> None:
    mine, euro = zone.sell(1), zone.sell(5, currency="300")
    foreign = zone.sell(3)
    receipt = zone.receive("300.00")
    with pytest.raises(Refused) as refused:
        zone.match(receipt, mine, euro)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/orders/1", "fx_currency_differs")]
    with pytest.raises(Refused) as refused:
        zone.match(receipt, mine, foreign)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/orders/1", "fx_order_unknown")]


def test_a_match_taken_back_is_reversed_by_entries_and_frees_order_and_money(zone: Zone) -> None:
    number = zone.sell()
    receipt = zone.receive("95.00")
    zone.match(receipt, number, platform_fee="5.00")
    [(key,)] = zone.hub.rows("SELECT DISTINCT order_key FROM fx_match")
    with zone.hub.database.begin() as uow:
        assert unmatch(uow, zone.merchant, receipt, None, key, WHO, zone.hub.clock) == 95
    assert zone.order(number) == {"expected": 100, "received": 0, "netted": 0}
    assert zone.hub.rows("SELECT sum(amount), count(*) FROM fx_match") == [(0, 4)]
    with pytest.raises(NotFound), zone.hub.database.begin() as uow:
        unmatch(uow, zone.merchant, receipt, None, key, WHO, zone.hub.clock)
    assert zone.match(receipt, number, platform_fee="5.00") == 95


def test_an_individual_settles_matched_money_only(zone: Zone) -> None:
    zone.becomes_trader()
    number = zone.sell(value="60.00")
    receipt = zone.receive("100.00")
    zone.match(receipt, number)
    zone.declare(receipt)
    with pytest.raises(Refused) as refused:
        zone.ask(receipt, Action.SETTLE, "60.01")
    assert refused.value.faults[0].code == "fx_above_matched"
    assert refused.value.faults[0].params == {"amount": "60.01", "left": "60.00"}
    zone.ask(receipt, Action.SETTLE, "60.00")
    with pytest.raises(Refused):
        zone.ask(receipt, Action.SETTLE, "0.01")
    [(key,)] = zone.hub.rows("SELECT DISTINCT order_key FROM fx_match")
    with pytest.raises(Refused) as refused, zone.hub.database.begin() as uow:
        unmatch(uow, zone.merchant, receipt, None, key, WHO, zone.hub.clock)
    assert _codes(refused) == ["fx_unmatch_settled"]


@pytest.mark.parametrize("firm", [B, Firm("C"), Firm("")])
def test_class_b_c_and_none_go_to_the_pending_check_account_and_settle_from_there(zone: Zone, firm: Firm) -> None:
    zone.firm = firm
    number = zone.sell(value="100.00")
    receipt = zone.receive("100.00")
    zone.match(receipt, number)
    zone.declare(receipt)
    with pytest.raises(Refused) as refused:
        zone.ask(receipt, Action.SETTLE, "100.00")
    assert _codes(refused) == ["fx_class_pends"]
    zone.ask(receipt, Action.PEND, "100.00")
    zone.exchange()
    assert zone.state(receipt) == "pending"
    zone.ask(receipt, Action.RELEASE, "100.00")
    zone.exchange()
    assert zone.state(receipt) == "closed"


def test_class_a_chooses_and_an_undeclared_receipt_waits(zone: Zone) -> None:
    number = zone.sell(value="100.00")
    receipt = zone.receive("100.00")
    zone.match(receipt, number)
    with pytest.raises(Refused) as refused:
        zone.ask(receipt, Action.SETTLE, "50.00")
    assert _codes(refused) == ["fx_undeclared"]
    zone.declare(receipt)
    zone.ask(receipt, Action.SETTLE, "50.00")
    zone.ask(receipt, Action.PEND, "50.00")
    zone.exchange()
    parts = zone.held(receipt).parts
    assert [parts.settled, parts.pending, parts.open] == [50, 50, 0]


def test_what_a_bank_refuses_comes_back_and_can_be_asked_again(zone: Zone) -> None:
    receipt = zone.receive("100.00")
    zone.match(receipt, zone.sell())
    zone.declare(receipt)
    zone.throw(outcome="refuse")
    zone.ask(receipt, Action.SETTLE, "100.00")
    zone.exchange()
    assert zone.held(receipt).parts.open == 100
    zone.throw(outcome="confirm")
    zone.ask(receipt, Action.SETTLE, "100.00")
    zone.exchange()
    assert zone.state(receipt) == "closed"


def test_an_answer_that_is_lost_settles_once(zone: Zone) -> None:
    receipt = zone.receive("100.00")
    zone.match(receipt, zone.sell())
    zone.declare(receipt)
    zone.throw(lose_answers=1, delay_seconds=0)
    zone.ask(receipt, Action.SETTLE, "100.00")
    zone.exchange()
    zone.exchange()
    assert zone.held(receipt).parts.settled == 100
    assert zone.mock.get("/counts").get_json()["instruction"] == 1
    assert zone.hub.count("fx_move") == 2


def test_money_goes_back_abroad_once_no_order_holds_it(zone: Zone) -> None:
    receipt = zone.receive("100.00", days_ago=181)
    zone.match(receipt, zone.sell(value="60.00"))

    def back(amount: str, *, route: bool = True, registration: str = "") -> None:
        asked = Back(Decimal(amount), Part.OPEN, route, registration, "买家取消")
        with zone.hub.database.begin() as uow:
            send_back(uow, zone.merchant, zone.firm, receipt, None, asked, BOOK, WHO, zone.hub.clock)

    with pytest.raises(Refused) as refused:
        back("40.01")
    assert _codes(refused) == ["fx_return_matched"]
    zone.firm = B
    with pytest.raises(Refused) as refused:
        back("40.00")
    assert _codes(refused) == ["fx_special_refund"]
    back("40.00", registration="SAFE-1")
    zone.exchange()
    assert zone.held(receipt).parts.returned == 40


def test_a_receipt_that_names_its_orders_is_matched_by_itself(zone: Zone) -> None:
    orders = zone.sell_many(2)
    fitting = zone.receive("200.00", settlement_reference=" ".join(orders))
    stray = zone.receive("10.00", settlement_reference="E404")
    assert match_reported(zone.hub.database, lambda _: BOOK, zone.hub.clock) == 2
    assert (zone.state(fitting), zone.state(stray)) == ("matched", "unmatched")


def test_a_settlement_file_matches_the_receipt_that_waited_for_it(zone: Zone) -> None:
    orders = zone.sell_many(3)
    receipt = zone.receive("294.00", settlement_reference="PS-7", kind="payment_institution", payer="江右国际支付服务有限公司")
    match_reported(zone.hub.database, lambda _: BOOK, zone.hub.clock)
    assert zone.state(receipt) == "unmatched"
    with zone.hub.database.begin() as uow:
        for number in orders:
            line = SettlementLine("PS-7", number, Decimal("100.00"), Decimal("2.00"), "502")
            assert file_line(uow, zone.merchant, line, WHO, zone.hub.clock)
        assert try_again(uow, zone.merchant, "PS-7", zone.hub.clock) == 1
    match_reported(zone.hub.database, lambda _: BOOK, zone.hub.clock)
    assert zone.state(receipt) == "matched"


def test_a_settlement_above_the_institutions_limit_waits_for_an_officer(zone: Zone) -> None:
    order = zone.sell(value="60000.00")
    receipt = zone.receive("60000.00", settlement_reference="PS-8", kind="payment_institution")
    line = SettlementLine("PS-8", order, Decimal("60000.00"), Decimal(0), "502")
    with zone.hub.database.begin() as uow:
        assert take_line(uow, zone.merchant, line, BOOK, WHO, zone.hub.clock) == PARKED
        assert take_line(uow, zone.merchant, line, BOOK, WHO, zone.hub.clock) == KNOWN
        (parked,) = parked_lines(uow.connection, zone.merchant)
    assert (parked.in_usd, parked.limit_usd, parked.decision) == (Decimal(60000), Decimal(50000), "")
    match_reported(zone.hub.database, lambda _: BOOK, zone.hub.clock)
    assert zone.state(receipt) == "unmatched"
    with zone.hub.database.begin() as uow:
        decide_line(uow, parked.id, True, "by the bank", WHO, zone.hub.clock)
    match_reported(zone.hub.database, lambda _: BOOK, zone.hub.clock)
    assert zone.state(receipt) == "matched"


def test_yuan_is_matched_declared_and_credited_and_never_settled(zone: Zone) -> None:
    with zone.hub.database.begin() as uow:
        add_account(uow, zone.merchant, "36009876543210", "演示银行", "142", WHO, zone.hub.clock)
    order = zone.sell(currency="142")
    receipt = zone.receive(account="36009876543210", currency="142")
    with pytest.raises(Refused) as refused:
        zone.ask(receipt, Action.CREDIT, "100.00")
    assert _codes(refused) == ["fx_undeclared"]
    zone.match(receipt, order)
    zone.declare(receipt)
    for action in (Action.SETTLE, Action.PEND):
        with pytest.raises(Refused) as refused:
            zone.ask(receipt, action, "100.00")
        assert _codes(refused) == ["fx_yuan_is_credited"]
    zone.ask(receipt, Action.CREDIT, "100.00")
    zone.exchange()
    assert zone.state(receipt) == "closed"
    assert zone.hub.rows("SELECT action, outcome, converts, rate FROM fx_instruction") == [("credit", "confirmed", False, None)]


@pytest.mark.parametrize("firm", [B, Firm("C"), Firm("")])
def test_yuan_of_any_class_goes_straight_to_the_yuan_account_and_only_what_there_is(zone: Zone, firm: Firm) -> None:
    zone.firm = firm
    with zone.hub.database.begin() as uow:
        add_account(uow, zone.merchant, "36009876543210", "演示银行", "142", WHO, zone.hub.clock)
    dollars, order = zone.sell(1), zone.sell(5, currency="142", value="60.00")
    receipt = zone.receive(account="36009876543210", currency="142")
    with pytest.raises(Refused) as refused:
        zone.match(receipt, dollars)
    assert _codes(refused) == ["fx_currency_differs"]
    assert zone.match(receipt, order) == 60
    zone.declare(receipt)
    with pytest.raises(Refused) as refused:
        zone.ask(receipt, Action.CREDIT, "100.01")
    assert _codes(refused) == ["fx_above_part"]
    zone.ask(receipt, Action.CREDIT, "100.00")
    with pytest.raises(Refused):
        zone.ask(receipt, Action.CREDIT, "0.01")
    zone.exchange()
    assert (zone.state(receipt), zone.held(receipt).parts.settled) == ("settled", Decimal(100))


def test_an_individual_credits_yuan_of_matched_orders_only(zone: Zone) -> None:
    zone.becomes_trader()
    with zone.hub.database.begin() as uow:
        add_account(uow, zone.merchant, "36009876543210", "演示银行", "142", WHO, zone.hub.clock)
    receipt = zone.receive(account="36009876543210", currency="142")
    zone.match(receipt, zone.sell(currency="142", value="60.00"))
    zone.declare(receipt)
    with pytest.raises(Refused) as refused:
        zone.ask(receipt, Action.CREDIT, "60.01")
    assert _codes(refused) == ["fx_above_matched"]
    zone.ask(receipt, Action.CREDIT, "60.00")
    zone.exchange()
    assert zone.held(receipt).parts.settled == 60


def test_a_reference_is_told_once_an_account(zone: Zone) -> None:
    zone.receive(bank_reference="SAME")
    with pytest.raises(Refused) as refused:
        zone.receive(bank_reference="SAME")
    assert _codes(refused) == ["fx_reference_known"]
    with pytest.raises(Refused) as refused:
        zone.receive(account="99999999", bank_reference="x y", payer="")
    assert {fault.code for fault in refused.value.faults} == {"fx_account_unknown", "fx_bank_reference", "required"}
    assert zone.hub.rows("SELECT account FROM fx_receipt") == [(ACCOUNT,)]
