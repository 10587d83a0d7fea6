"""From bills to alerts: what is new is looked at once, the same findings never make two alerts, new evidence lets one grow."""

from decimal import Decimal
from typing import Any

import pytest

from ccezone.risk.queries.alerts import AlertRow, alert, search_alerts
from ccezone.risk.service.handling import close_alert, take_alert
from ccezone.risk.service.looking import look
from tests.hub.bills import Bill, import_bills, link, order, payment, waybill
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
BUYER = ("buyer_name", "buyer_id_number", "buyer_telephone", "consignee_name", "consignee_telephone", "consignee_address")


def alerts(hub: Hub, *kinds: str, states: tuple[str, ...] = ("open", "handling", "closed")) -> list[AlertRow]:
    with hub.database.reading() as connection:
        found = search_alerts(connection, states, limit=500)
    return [row for row in found if not kinds or row.kind in kinds]


def bought(numbers: range, **changes: object) -> list[Bill]:
    """Orders of one buyer."""
    one = order(1, "I").values
    same = {name: one[name] for name in BUYER}
    return [order(number, "I").but(**same, **changes) for number in numbers]


def look_at(hub: Hub) -> int:
    return look(hub.database, "GZ", hub.clock)


def test_clean_trades_raise_nothing(hub: Hub) -> None:
    hub.post(*(bill for number in range(1, 6) for bill in import_bills(number)))
    hub.merge()
    assert look_at(hub) == 0
    assert hub.count("risk_trace") > 0


def test_one_identity_in_many_orders_raises_one_alert_and_looking_again_none(hub: Hub) -> None:
    hub.post(*bought(range(1, 10)))
    assert look_at(hub) >= 1
    (found,) = alerts(hub, "identity_reuse")
    assert (found.subjects, found.measures["orders"], found.state) == (9, "9", "open")
    assert look_at(hub) == 0
    assert len(alerts(hub, "identity_reuse")) == 1


def test_new_evidence_lets_an_alert_grow(hub: Hub) -> None:
    hub.post(*bought(range(1, 10)))
    look_at(hub)
    hub.clock.advance(minutes=5)
    hub.post(*bought(range(10, 12)))
    assert look_at(hub) >= 1
    (found,) = alerts(hub, "identity_reuse")
    assert found.subjects == 11
    with hub.database.reading() as connection:
        shown = alert(connection, found.id)
    assert shown is not None
    assert [step.action for step in shown.steps] == ["raised", "grew"]


def test_a_closed_alert_opens_again_with_new_evidence_only(hub: Hub) -> None:
    hub.post(*bought(range(1, 10)))
    look_at(hub)
    (found,) = alerts(hub, "identity_reuse")
    with hub.database.begin() as uow:
        take_alert(uow, found.id, "officer", hub.clock)
        close_alert(uow, found.id, found.version + 1, "unfounded", "员工福利采购", "officer", hub.clock)
    hub.clock.advance(minutes=5)
    look_at(hub)
    assert alerts(hub, "identity_reuse")[0].state == "closed"
    hub.post(*bought(range(10, 11)))
    look_at(hub)
    (again,) = alerts(hub, "identity_reuse")
    assert (again.state, again.owner, again.disposition) == ("open", None, None)


def test_evidence_names_bills_and_never_people(hub: Hub) -> None:
    hub.post(*bought(range(1, 10)))
    look_at(hub)
    (found,) = alerts(hub, "identity_reuse")
    rows: list[dict[str, Any]] = hub.rows("SELECT evidence FROM risk_alert WHERE id = %(id)s", id=found.id)[0][0]
    one = order(1, "I")
    assert {row["number"] for row in rows} == {order(number, "I")["order_no"] for number in range(1, 10)}
    told = str(rows) + str(hub.rows("SELECT said FROM risk_trace"))
    assert not [name for name in BUYER if one[name] in told]


def test_a_deleted_order_is_no_trace_any_more(hub: Hub) -> None:
    orders = bought(range(1, 9))
    hub.post(*orders[:7], orders[7])
    hub.post(orders[7].deleted())
    look_at(hub)
    assert alerts(hub, "identity_reuse") == []


def test_a_twin_of_a_waybill_is_found_across_carriers_spellings(hub: Hub) -> None:
    hub.post(waybill(1, "I", waybill_no="SD2601-O5I7"), waybill(2, "I", waybill_no="SD260105 17".replace(" ", "")))
    look_at(hub)
    assert [found.measures for found in alerts(hub, "repeated_waybill")] == [{"waybills": "2"}]


def test_somebody_who_pays_for_many_buyers_is_found(hub: Hub) -> None:
    hub.post(*(order(number, "I", merchant_code=order(1, "I")["merchant_code"]) for number in range(1, 6)))
    boss = {"payer_name": "老板", "payer_id_number": "360702199001019999"}
    hub.post(*(payment(number, "I", **boss) for number in range(1, 6)))
    look_at(hub)
    assert [found.measures["buyers"] for found in alerts(hub, "circular_payer")] == ["5"]


def test_a_parcel_heavier_than_its_list_is_found(hub: Hub) -> None:
    sold = import_bills(1)
    hub.post(*sold[:2], sold[2].but(weight=Decimal(99)))
    hub.merge()
    look_at(hub)
    assert len(alerts(hub, "weight")) == 1


def test_a_list_that_lacks_a_product_says_nothing_of_weight(hub: Hub) -> None:
    sold = import_bills(1)
    lines: Any = sold[0].values["lines"]
    novelty = {**lines[0], "item_no": "NOVELTY", "line_no": len(lines) + 1}
    hub.post(sold[0].but(lines=[*lines, novelty]), sold[1], sold[2].but(weight=Decimal(99)))
    hub.merge()
    look_at(hub)
    assert hub.only_list().missing
    assert alerts(hub, "weight") == []


def test_a_parcel_shared_by_orders_is_found_by_its_links(hub: Hub) -> None:
    shared = waybill(1)
    orders = [order(number) for number in range(1, 9, 2)]
    hub.post(shared, *orders, *(link(each, shared) for each in orders))
    look_at(hub)
    assert [found.measures for found in alerts(hub, "repeated_waybill")] == [{"orders": "4"}]


def test_a_rule_finds_nothing_that_came_about_before_it_began(hub: Hub) -> None:
    look_at(hub)
    hub.change("UPDATE risk_rule SET effective_from = '2026-01-06'")
    hub.post(*bought(range(1, 10)))
    look_at(hub)
    assert alerts(hub) == []


def test_what_is_behind_is_caught_up_a_stretch_at_a_time(hub: Hub) -> None:
    hub.post(*bought(range(1, 10)))
    hub.clock.advance(minutes=5)
    look_at(hub)
    before = hub.rows("SELECT after FROM risk_mark WHERE source = 'bills'")
    assert before != [("00000000-0000-0000-0000-000000000000",)]
    hub.post(*bought(range(10, 12)))
    hub.clock.advance(minutes=5)
    look_at(hub)
    assert hub.rows("SELECT after FROM risk_mark WHERE source = 'bills'") > before
