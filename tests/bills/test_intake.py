"""Taking bills in: what is kept, what is refused and why, and nothing by halves."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from ccezone.bills.service import BatchOutcome, BillsTakenIn
from ccezone.enterprises.rules import Status
from ccezone.enterprises.service import set_status
from ccezone.kernel.clock import parse_wire_time, wire_time
from ccezone.storage import UnitOfWork
from tests.hub.bills import Bill, export_bills, import_bills, message, order, payment, waybill
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def codes(outcome: BatchOutcome) -> list[str]:
    """Why documents of a batch were refused."""
    return [item.fault.code for item in outcome.faults]


def test_a_bill_that_is_right_is_accepted_and_queued_for_customs_and_for_the_merge(hub: Hub) -> None:
    (outcome,) = hub.post(order())
    assert (outcome.accepted, outcome.replayed, outcome.rejected, outcome.faults) == (1, 0, 0, [])
    assert [hub.count(table) for table in ("order_version", "intake_batch", "outbox_item", "merge_queue")] == [1, 1, 1, 1]


def test_a_replay_changes_nothing_and_is_not_sent_on(hub: Hub) -> None:
    hub.post(order())
    (again,) = hub.post(order().but(guid=order(5)["guid"]))
    assert (again.accepted, again.replayed, again.rejected) == (1, 1, 0)
    assert [hub.count(table) for table in ("order_version", "outbox_item", "merge_queue")] == [1, 1, 1]
    assert hub.count("intake_batch") == 2, "what was delivered is kept, replay or not"


def test_other_content_under_the_same_number_is_refused(hub: Hub) -> None:
    hub.post(order())
    (outcome,) = hub.post(order(goods_value=Decimal(1)))
    assert codes(outcome) == ["already_exists"]
    assert outcome.faults[0].document == order()["order_no"]


def test_a_change_makes_a_new_version_and_a_stale_one_is_refused(hub: Hub) -> None:
    hub.post(order())
    changed, stale = hub.post(order().changed(freight=Decimal(9)), order().changed(0, freight=Decimal(8)))
    assert (codes(changed), codes(stale)) == ([], ["stale_change"])
    assert hub.rows("SELECT version, freight FROM order_version ORDER BY version")[-1] == (2, Decimal(9))


def test_the_first_delivery_again_after_a_change_does_not_bring_the_old_values_back(hub: Hub) -> None:
    hub.post(order(), order().changed(freight=Decimal(9)))
    hub.post(order())
    assert hub.rows("SELECT max(version), count(*) FROM order_version") == [(2, 2)]


@pytest.mark.parametrize("bill", [order().changed(freight=Decimal(9)), order().deleted()], ids=["change", "delete"])
def test_what_does_not_exist_can_be_neither_changed_nor_deleted(hub: Hub, bill: Bill) -> None:
    (outcome,) = hub.post(bill)
    assert codes(outcome) == ["nothing_to_change"]


def test_a_deleted_bill_is_not_resurrected_by_its_first_message(hub: Hub) -> None:
    *_, replayed = hub.post(order(), order().deleted(), order())
    assert codes(replayed) == ["stale_change"]
    assert hub.rows("SELECT app_type FROM order_version ORDER BY version DESC LIMIT 1") == [(3,)]


def test_two_versions_of_a_bill_in_one_message_are_judged_one_after_the_other(hub: Hub) -> None:
    outcome = hub.post_together(order(), order().changed(freight=Decimal(9)), order().changed(0, freight=Decimal(8)))
    assert (outcome.accepted, codes(outcome)) == (2, ["stale_change"])
    assert hub.count("order_version") == 2


def test_a_waybill_number_is_used_again_after_six_months(hub: Hub) -> None:
    half_a_year = wire_time(parse_wire_time(waybill()["app_time"]) + timedelta(days=200))
    other = waybill(2, waybill_no=waybill()["waybill_no"])
    early, late = hub.post(waybill(), other, other.but(app_time=half_a_year))[1:]
    assert (codes(early), codes(late)) == (["already_exists"], [])


@pytest.mark.parametrize(
    ("bill", "sender"),
    [(order(), "payment_export"), (order(), "oranges"), (payment(), "platform_export"), (waybill(), "furniture")],
    ids=["order by a payer", "order by a rival", "payment by a platform", "waybill by a merchant"],
)
def test_a_sender_outside_its_role_is_refused(hub: Hub, bill: Bill, sender: str) -> None:
    (outcome,) = hub.post(bill.sent_by(sender))
    assert codes(outcome) == ["sender_not_entitled"]
    assert hub.count("order_version") + hub.count("payment_version") + hub.count("waybill_version") == 0


def test_an_order_of_a_merchant_nobody_registered_is_refused_at_that_field(hub: Hub) -> None:
    (outcome,) = hub.post(order(merchant_code="4403960X99"))
    assert [(item.fault.code, item.fault.pointer) for item in outcome.faults] == [("party_not_registered", "/merchant_code")]


def test_an_order_of_a_suspended_merchant_is_refused(hub: Hub) -> None:
    with hub.database.begin() as uow:
        set_status(uow, hub.party("furniture").id, Status.SUSPENDED, hub.clock)
    (outcome,) = hub.post(order())
    assert codes(outcome) == ["party_not_registered"]


def test_good_documents_are_kept_beside_bad_ones_and_only_they_travel_on(hub: Hub) -> None:
    good, bad = order(1), order(5, merchant_code="4403960X99")
    broken = message(order(9)).replace(b"<ceb:goodsValue>", b"<ceb:goodsValue>x")
    assert (hub.post_together(good, bad).accepted, hub.post_raw(broken, "platform_export").rejected) == (1, 1)
    assert hub.rows("SELECT order_no FROM order_version") == [(good["order_no"],)]
    assert hub.rows("SELECT positions FROM outbox_item") == [([0],)]
    assert hub.rows("SELECT document, code FROM batch_fault ORDER BY id") == [
        (bad["order_no"], "party_not_registered"),
        ("", "not_a_number"),
    ]


def test_a_message_without_a_good_document_is_kept_and_goes_nowhere(hub: Hub) -> None:
    hub.post(order(merchant_code="4403960X99"))
    assert [hub.count(table) for table in ("intake_batch", "outbox_item", "merge_queue")] == [1, 0, 0]


def test_nothing_is_half_stored_when_the_transaction_fails(hub: Hub) -> None:
    def fail(_: UnitOfWork, __: object) -> None:
        raise RuntimeError("the power fails")

    hub.database.subscriptions = {BillsTakenIn: [fail]}
    with pytest.raises(RuntimeError):
        hub.post(order())
    assert [hub.count(table) for table in ("order_version", "intake_batch", "outbox_item", "merge_queue")] == [0, 0, 0, 0]


def test_personal_values_are_sealed_wherever_they_are_stored(hub: Hub) -> None:
    bills = import_bills()
    hub.post(*bills)
    buyer = bills[0]["buyer_id_number"].encode()
    for table in ("order_version", "payment_version", "waybill_version"):
        assert buyer not in _raw(hub, f"SELECT t::text FROM {table} t")  # noqa: S608  # our own names
    assert buyer not in _raw(hub, "SELECT encode(raw, 'escape') FROM intake_batch")
    (sealed,) = hub.rows("SELECT personal FROM order_version")[0]
    assert hub.vault.open(sealed)["buyer_id_number"].encode() == buyer


def test_after_release_a_change_is_refused_and_a_case_is_opened(hub: Hub) -> None:
    bills = export_bills()
    hub.matched(*bills)
    hub.dispatch()
    hub.answer(hub.only_list(), 800)
    late = hub.post(*(bill.changed(5, **changes) for bill, changes in zip(bills, LATE, strict=False)))
    assert [codes(outcome) for outcome in late] == [["released_locked"]] * 3
    assert hub.cases() == ["late_correction"]
    assert hub.rows("SELECT count(*) FROM order_version") == [(1,)]


LATE: list[Mapping[str, object]] = [{"freight": Decimal(9)}, {"amount": Decimal(9)}, {"gross_weight": Decimal(9)}]


def test_after_release_an_import_waybill_found_by_its_number_is_locked_too(hub: Hub) -> None:
    bills = import_bills()
    hub.matched(*bills)
    hub.dispatch()
    hub.answer(hub.only_list(), 800)
    (late,) = hub.post(bills[2].changed(5, weight=Decimal(9)))
    assert codes(late) == ["released_locked"]


def test_a_late_first_payment_of_released_goods_is_still_taken_in(hub: Hub) -> None:
    sold, paid, sent, linked = export_bills()
    hub.matched(sold, sent, linked)
    hub.dispatch()
    hub.answer(hub.only_list(), 800)
    (outcome,) = hub.post(paid)
    hub.merge()
    assert (codes(outcome), hub.match(sold).verdict) == ([], "matched")


def _raw(hub: Hub, statement: str) -> bytes:
    return "".join(str(row[0]) for row in hub.rows(statement)).encode()
