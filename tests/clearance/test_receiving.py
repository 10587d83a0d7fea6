"""Receipts: each stored once on what it speaks of, acknowledged only once durable, kept even when nobody can read it."""

from itertools import permutations

import pytest

from schemas.messages.ceb.definition import definition
from tests.hub.bills import export_bills, import_bills
from tests.hub.harness import Hub
from tests.hub.window import list_receipt, receipt

pytestmark = pytest.mark.storage

BILLS = [("CEB304Message", 0), ("CEB404Message", 1), ("CEB506Message", 2)]
IMPORT_BILLS = [("CEB312Message", 0), ("CEB412Message", 1), ("CEB512Message", 2)]
_NAMED = ("order_no", "platform_code", "merchant_code", "carrier_code", "waybill_no", "payment_enterprise_code", "payment_no")


@pytest.mark.parametrize(
    ("message_type", "place", "flow"), [(*each, "E") for each in BILLS] + [(*each, "I") for each in IMPORT_BILLS]
)
def test_a_bills_receipt_is_kept_on_the_bill(hub: Hub, message_type: str, place: int, flow: str) -> None:
    bills = export_bills() if flow == "E" else import_bills()
    hub.post(bills[place])
    spoken = {field.name for field in definition(message_type).head.fields}
    named = {name: bills[place].values[name] for name in _NAMED if name in spoken and name in bills[place].values}
    hub.window.post(receipt(message_type, 120, hub.clock.now(), **named), message_type)
    assert hub.receive() == 1
    assert hub.rows("SELECT kind, code FROM receipt") == [(int(message_type[3:6]), 120)]
    assert hub.window.mailbox == {}
    assert hub.count("parked_receipt") == 0


def test_a_lost_acknowledgement_doubles_nothing(hub: Hub) -> None:
    hub.matched(*export_bills())
    hub.dispatch()
    hub.window.keeps_what_is_acknowledged = True
    hub.window.post(list_receipt(hub.submission_of(hub.only_list()), 2, hub.clock.now()))
    hub.window.post(b"<what/>")
    for _ in range(3):
        hub.receive()
    assert (hub.count("receipt"), hub.count("unreadable_message"), hub.states()) == (1, 1, ["2"])


def test_what_comes_again_among_what_is_new_is_stored_once_and_loses_nothing(hub: Hub) -> None:
    hub.matched(*export_bills())
    hub.dispatch()
    guid, now = hub.submission_of(hub.only_list()), hub.clock.now()
    for codes in ([2, 2, 3], [3, 120, 399, 399]):
        for code in codes:
            hub.window.post(list_receipt(guid, code, now))
        hub.receive()
    assert sorted(hub.rows("SELECT code FROM receipt WHERE kind = 604")) == [(2,), (3,), (120,), (399,)]
    assert (hub.states(), hub.window.mailbox) == (["399"], {})


@pytest.mark.parametrize("body", [b"", b"no XML", b"<what/>"], ids=["empty", "text", "unknown"])
def test_what_cannot_be_read_is_kept_as_it_came_and_stops_nothing(hub: Hub, body: bytes) -> None:
    hub.matched(*export_bills())
    hub.dispatch()
    hub.window.post(body)
    hub.window.post(list_receipt(hub.submission_of(hub.only_list()), 800, hub.clock.now()))
    hub.receive()
    assert (hub.states(), hub.window.mailbox) == (["800"], {})
    assert hub.rows("SELECT body FROM unreadable_message") == [(body,)]


def test_a_status_beyond_all_numbers_is_kept_for_a_person_and_stops_nothing(hub: Hub) -> None:
    hub.matched(*export_bills())
    hub.dispatch()
    guid = hub.submission_of(hub.only_list())
    hub.window.post(list_receipt(guid, 9_999_999_999, hub.clock.now()))
    hub.window.post(list_receipt(guid, 2, hub.clock.now()))
    hub.receive()
    assert (hub.states(), hub.count("unreadable_message")) == (["2"], 1)


def test_a_schema_refusal_reaches_every_list_of_the_message(hub: Hub) -> None:
    hub.matched(*export_bills(1), *export_bills(5))
    hub.dispatch()
    (message_id,) = {sent.message_id for sent in hub.window.sent if sent.message_type == "CEB603Message"}
    values = {"ori_cop_msg_id": str(message_id).upper(), "ori_message_type": "CEB603Message"}
    hub.window.post(receipt("CEB900Message", -1, hub.clock.now(), **values), "CEB900Message")
    hub.receive()
    assert hub.states() == ["-1", "-1"]
    assert hub.rows("SELECT kind, count(*) FROM receipt GROUP BY kind") == [(900, 3)]


def test_a_receipt_never_touches_another_list(hub: Hub) -> None:
    hub.matched(*export_bills(1), *export_bills(5))
    hub.dispatch()
    hub.answer(hub.lists()[0], 100)
    assert hub.states() == ["100", "sent"]


TAX = [("CEB816Message", 1, 0), ("CEB818Message", 2, 1), ("CEB818Message", 3, 2)]


@pytest.mark.parametrize("turn", range(6))
def test_a_tax_bill_ends_alike_in_any_order_of_its_messages(hub: Hub, turn: int) -> None:
    started = hub.clock.now()
    for message_type, status, minute in list(permutations(TAX))[turn]:
        hub.clock.moment = started
        hub.clock.advance(minutes=minute)
        amounts = {"value_added_tax": "12.34"} if message_type == "CEB816Message" else {}
        hub.window.post(receipt(message_type, status, hub.clock.now(), tax_no="T1_0", **amounts), message_type)
        hub.receive()
    found = hub.rows("SELECT tax_no, status, value_added_tax::text, returned_at FROM tax_bill")
    hub.clock.moment = started
    hub.clock.advance(minutes=2)
    assert found == [("T1_0", 3, "12.34000", hub.clock.now())]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_later_time_decides_a_tax_bill_even_with_a_lower_status(hub: Hub, swapped: bool) -> None:
    early, late = hub.clock.now(), hub.clock.now().replace(hour=5)
    told = [("CEB818Message", 3, early), ("CEB818Message", 2, late)]
    for message_type, status, at in reversed(told) if swapped else told:
        hub.window.post(receipt(message_type, status, at, tax_no="T1_0"), message_type)
        hub.receive()
    assert hub.rows("SELECT status FROM tax_bill") == [(2,)]
