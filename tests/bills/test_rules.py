"""What becomes of a document that arrives, and which bills are the same bill."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.bills.rules import (
    SENDERS,
    WAYBILL_REUSE,
    AppType,
    BillKind,
    Known,
    Step,
    may_send,
    next_step,
    order_key,
    payment_key,
    waybill_key,
)
from ccezone.kernel.clock import wire_time

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
EARLIER, AT, LATER = (wire_time(NOON + timedelta(minutes=minutes)) for minutes in (-1, 0, 1))
ONE, OTHER = 11, 22


def known(**changes: object) -> Known:
    """A stored bill: new, first version."""
    values: dict[str, object] = {"version": 1, "app_type": AppType.NEW, "app_time": AT, "content": ONE, **changes}
    return Known(**values)  # type: ignore[arg-type]  # one dict serves every field


def test_a_new_bill_is_stored() -> None:
    assert next_step(None, AppType.NEW, AT, ONE) == Step.STORE


@pytest.mark.parametrize("app_time", [EARLIER, AT, LATER])
@pytest.mark.parametrize("app_type", [AppType.NEW, AppType.CHANGE])
def test_the_same_content_again_is_a_replay_whatever_its_time(app_type: AppType, app_time: str) -> None:
    assert next_step(known(), app_type, app_time, ONE) == Step.REPLAY


def test_other_content_under_the_same_number_is_refused_unless_it_says_that_it_changes() -> None:
    assert next_step(known(), AppType.NEW, LATER, OTHER) == Step.EXISTS


@pytest.mark.parametrize("app_type", [AppType.CHANGE, AppType.DELETE])
@pytest.mark.parametrize(("app_time", "step"), [(EARLIER, Step.STALE), (AT, Step.STALE), (LATER, Step.STORE)])
def test_a_change_must_be_newer_than_what_it_changes(app_type: AppType, app_time: str, step: Step) -> None:
    assert next_step(known(), app_type, app_time, OTHER) == step


@pytest.mark.parametrize("app_type", [AppType.CHANGE, AppType.DELETE])
@pytest.mark.parametrize("before", [None, known(app_type=AppType.DELETE)])
def test_nothing_can_be_changed_where_nothing_is(app_type: AppType, before: Known | None) -> None:
    assert next_step(before, app_type, LATER, OTHER) == Step.MISSING


def test_a_deletion_that_repeats_the_content_is_a_deletion() -> None:
    assert next_step(known(), AppType.DELETE, LATER, ONE) == Step.STORE


def test_a_deletion_again_is_a_replay() -> None:
    assert next_step(known(app_type=AppType.DELETE), AppType.DELETE, LATER, ONE) == Step.REPLAY


def test_a_deleted_bill_may_come_new_again_but_not_by_an_old_message() -> None:
    gone = known(app_type=AppType.DELETE)
    assert next_step(gone, AppType.NEW, LATER, ONE) == Step.STORE
    assert next_step(gone, AppType.NEW, EARLIER, ONE) == Step.STALE


@pytest.mark.parametrize("app_type", [AppType.CHANGE, AppType.DELETE])
def test_released_goods_lock_their_bills(app_type: AppType) -> None:
    assert next_step(known(locked=True), app_type, LATER, OTHER) == Step.LOCKED


def test_a_waybill_number_may_be_used_again_after_six_months_and_no_earlier() -> None:
    just = wire_time(NOON + WAYBILL_REUSE)
    past = wire_time(NOON + WAYBILL_REUSE + timedelta(seconds=1))
    assert next_step(known(), AppType.NEW, just, OTHER, reusable=True) == Step.EXISTS
    assert next_step(known(), AppType.NEW, past, OTHER, reusable=True) == Step.STORE
    assert next_step(known(), AppType.NEW, past, OTHER) == Step.EXISTS


@given(st.lists(st.tuples(st.sampled_from(AppType), st.integers(0, 5), st.integers(0, 3)), max_size=12))
def test_stored_versions_grow_in_time_and_everything_again_stores_nothing_of_the_newest(
    documents: list[tuple[AppType, int, int]],
) -> None:
    newest: Known | None = None
    for app_type, minute, content in documents:
        app_time = wire_time(NOON + timedelta(minutes=minute))
        if next_step(newest, app_type, app_time, content) == Step.STORE:
            assert newest is None or app_time > newest.app_time
            newest = Known(1, app_type, app_time, content)
            assert next_step(newest, app_type, app_time, content) == Step.REPLAY


def test_an_export_order_belongs_to_its_merchant_and_an_import_order_to_its_platform() -> None:
    assert order_key("E", "A", "无", "1") != order_key("E", "B", "无", "1")
    assert order_key("I", "A", "P", "1") == order_key("I", "B", "P", "1")
    assert order_key("I", "A", "P", "1") != order_key("I", "A", "Q", "1")


@given(*[st.lists(st.sampled_from(["", "A", "AB", "B", "无"]), min_size=3, max_size=3)] * 2)
def test_different_orders_have_different_keys(one: list[str], other: list[str]) -> None:
    assert (order_key("E", *one) == order_key("E", *other)) == (one == other)


def test_keys_of_different_kinds_never_meet() -> None:
    keys = {order_key("I", "A", "B", "C"), order_key("E", "A", "B", "C"), waybill_key("E", "B", "C"), waybill_key("I", "B", "C")}
    keys |= {payment_key("I", "A", "", "B", "C"), payment_key("E", "A", "B", "C", "D")}
    assert len(keys) == 6


@pytest.mark.parametrize(("kind", "flow"), SENDERS)
def test_only_a_sender_that_the_document_names_in_its_role_may_send_it(kind: BillKind, flow: str) -> None:
    for field, role in SENDERS[kind, flow]:
        document = {field: "ME"}
        assert may_send(kind, flow, document, frozenset({role}), "ME".__eq__)
        assert not may_send(kind, flow, document, frozenset({role}), "OTHER".__eq__)
        assert not may_send(kind, flow, document, frozenset({"site_operator"}), "ME".__eq__)
        assert not may_send(kind, flow, {}, frozenset({role}), "ME".__eq__)


def test_an_entrusted_carrier_may_send_import_orders_and_payments_only() -> None:
    entrusted = {(BillKind.ORDER, "I"), (BillKind.PAYMENT, "I")}
    allowed = {key for key in SENDERS if may_send(*key, {}, frozenset({"express"}), "ME".__eq__)}
    assert allowed == entrusted
