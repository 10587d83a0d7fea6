"""Packing: a partner's message as it came, the hub's own up to a hundred together, one bad list alone."""

from dataclasses import replace

import pytest

from ccezone.declarations.service import recheck_lists
from ccezone.demo.zone import product
from ccezone.enterprises.service import save_products
from integrations.signatures import KeyRing, verify
from integrations.signatures.keys import PublicKeys, publish
from schemas.codes import rows
from schemas.messages.ceb.codec import decode
from tests.hub.bills import export_bills, import_bills, link, message, order, waybill
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def test_a_partners_message_travels_byte_for_byte_and_alone(hub: Hub) -> None:
    raw = [message(order(1), order(5)), message(order(9))]
    for body in raw:
        hub.post_raw(body, "platform_export")
    hub.dispatch()
    assert [sent.body for sent in hub.window.sent] == raw


def test_of_a_mixed_batch_only_the_good_documents_travel_signed_by_the_hub_for_their_sender(hub: Hub) -> None:
    good, bad, also_good = order(1), order(5, merchant_code="4403960X99"), order(9)
    hub.post_together(good, bad, also_good)
    hub.dispatch()
    (sent,) = hub.window.sent
    found = decode(sent.body)
    assert [str(each.values["order_no"]) for each in found.documents if each.values] == [good["order_no"], also_good["order_no"]]
    assert found.envelope.transfer["cop_code"] == hub.party("platform_export").customs_code
    assert_signed(hub, sent.body, "platform_export")


def test_a_list_is_packed_and_signed_for_its_declarant_and_travels_under_the_messages_own_id(hub: Hub) -> None:
    hub.matched(*export_bills())
    hub.dispatch()
    sent = hub.window.sent_of("CEB603Message")
    found = decode(sent.body)
    assert found.envelope.guid == str(sent.message_id).upper()
    assert found.envelope.transfer["cop_code"] == hub.party("agent").customs_code
    assert_signed(hub, sent.body, "agent")
    (document,) = found.documents
    assert document.values is not None
    assert document.values["guid"] == str(hub.submission_of(hub.only_list())).upper()


def test_more_than_a_hundred_documents_are_several_messages(hub: Hub) -> None:
    orders, parcels = ([make(number) for number in range(1, 404, 4)] for make in (order, waybill))
    for start in range(0, 101, 100):
        hub.post_together(*orders[start : start + 100])
        hub.post_together(*parcels[start : start + 100])
    hub.post_together(*(link(sold, sent) for sold, sent in zip(orders, parcels, strict=True)))
    hub.merge()
    assert hub.count("declaration_list") == 101
    hub.dispatch()
    packed = [len(decode(sent.body).documents) for sent in hub.window.sent if sent.message_type == "CEB603Message"]
    assert (max(packed), sum(packed)) == (100, 101)
    assert set(hub.states()) == {"sent"}


def test_a_list_that_fits_no_message_is_taken_back_and_stops_nobody_else(hub: Hub) -> None:
    spoil(hub, "milk", "口" * 300)
    hub.matched(*import_bills(1), *import_bills(2))
    assert hub.states() == ["queued", "queued"]
    hub.dispatch()
    spoiled, other = sorted(hub.lists(), key=lambda item: item.state != "incomplete")
    assert (spoiled.state, other.state) == ("incomplete", "sent")
    assert {(each["kind"], each["name"]) for each in spoiled.missing} == {("schema", "too_long")}
    assert hub.rows("SELECT kind, count(*) FROM quota_entry GROUP BY kind ORDER BY kind") == [("give_back", 1), ("use", 2)]
    spoil(hub, "milk", "米粉")
    with hub.database.begin() as uow:
        recheck_lists(uow, hub.party("milk").id, hub.clock)
    hub.merge()
    hub.dispatch()
    assert set(hub.states()) == {"sent"}


def test_what_was_packed_twice_is_never_sent_twice(hub: Hub) -> None:
    hub.matched(*export_bills())
    while hub.pack():
        pass
    packed = hub.count("outgoing_message")
    assert (hub.pack(), hub.count("outgoing_message"), hub.count("outbox_item")) == (0, packed, 0)


def assert_signed(hub: Hub, body: bytes, by: str) -> None:
    """Assert that the key held for one of the cast signed this message."""
    code = hub.party(by).customs_code
    assert code is not None
    publish(KeyRing(hub.keys).pair(code), hub.keys / "public")
    verdict = verify(body, PublicKeys(hub.keys / "public"))
    assert verdict.valid, verdict.reason


def spoil(hub: Hub, merchant: str, declared_name: str) -> None:
    """Give every product of a merchant this declared name."""
    goods = [product(row) for row in rows("example_goods") if row["merchant"] == merchant]
    with hub.database.begin() as uow:
        save_products(uow, hub.party(merchant).id, [replace(good, declared_name=declared_name) for good in goods], hub.clock)
