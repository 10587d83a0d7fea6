"""A list's story is told in one order however its receipts came, and every number finds what bears it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from ccezone.bills.rules import BillKind
from ccezone.clearance.ports import Receipt
from ccezone.clearance.queries import (
    MessageFilter,
    TimelineStep,
    bill_counts,
    bills_of_day,
    count_parked,
    find_number,
    merge_counts,
    merges_of_day,
    message_body,
    message_counts,
    parked_receipts,
    receipts_of,
    search_messages,
    submission_body,
    timeline,
)
from ccezone.clearance.service.receiving import take_receipts
from ccezone.declarations.queries import ListFilter, Scope, scope_of, search_lists
from ccezone.declarations.service import submit_list
from ccezone.outbox.service import record_event
from ccezone.storage.copying import run
from tests.hub.harness import SAMPLES, Hub

pytestmark = pytest.mark.storage

OFFICE = Scope()


def story(hub: Hub, declaration_id: int) -> list[TimelineStep]:
    with hub.database.reading() as connection:
        return list(timeline(connection, declaration_id))


def codes(steps: list[TimelineStep]) -> list[int]:
    return [step.code for step in steps if step.kind == "receipt" and step.code is not None]


def test_a_story_begins_with_what_the_hub_did(hub: Hub) -> None:
    (only,) = hub.imports(1)
    hub.clock.advance(seconds=3)
    hub.dispatch()
    steps = story(hub, only)
    assert [step.kind for step in steps] == ["prepared", "filed", "sent"]
    assert steps[2].waited == timedelta(seconds=3)
    assert steps[2].message_id is not None


def test_receipts_stand_in_customs_order_however_they_came(hub: Hub) -> None:
    ids = hub.imports(2)
    hub.dispatch()
    start = hub.clock.now()
    course = [(2, 1), (3, 2), (120, 3), (800, 4)]
    for declaration_id, order in zip(ids, (course, course[::-1] + course), strict=True):
        with hub.database.begin() as uow:
            guid = str(hub.submission_of(declaration_id)).upper()
            for code, minute in order:
                receipt = Receipt("CEB622Message", guid, code, start + timedelta(minutes=minute), "")
                take_receipts(uow, [receipt], start + timedelta(hours=1))
    first, second = (story(hub, each) for each in ids)
    assert codes(first) == codes(second) == [2, 3, 120, 800]
    assert all(step.expected for step in second if step.kind == "receipt")


def test_a_step_nobody_has_published_is_flagged(hub: Hub) -> None:
    (only,) = hub.imports(1)
    hub.dispatch()
    hub.answer(only, 2, 899)
    assert [step.expected for step in story(hub, only) if step.kind == "receipt"] == [True, False]


def test_a_second_filing_has_its_own_chapter(hub: Hub) -> None:
    (only,) = hub.imports(1)
    hub.dispatch()
    hub.answer(only, 2, 3, 100, return_info="退单")
    hub.clock.advance(minutes=5)
    with hub.database.reading() as connection:
        merchant = search_lists(connection, OFFICE, ListFilter())[0].merchant_id
    submit_list(hub.database, hub.vault, hub.clock, only, merchant, "user:x")
    hub.dispatch()
    hub.answer(only, 2, 120)
    steps = story(hub, only)
    assert [(step.kind, step.code) for step in steps if step.submission == 2] == [
        ("filed", None),
        ("sent", None),
        ("receipt", 2),
        ("receipt", 120),
    ]
    assert [step.actor for step in steps if step.kind == "filed"] == ["", "user:x"]
    assert [step.info for step in steps if step.code == 100] == ["退单"]


def test_events_and_tax_bills_are_part_of_the_story(hub: Hub) -> None:
    list_no = "401720261000000001"
    (only,) = hub.imports(1)
    hub.dispatch()
    hub.answer(only, 2, 120, 800, list_no=list_no)
    with hub.database.begin() as uow:
        record_event(uow, "list", only, hub.clock.now(), "bills_changed_after_filing")
        content = {"tax_no": "T1", "value_added_tax": "11.74"}
        take_receipts(uow, [Receipt("CEB816Message", "G", 1, hub.clock.now(), "", {"list_no": list_no}, content)], hub.clock.now())
    assert [(step.kind, step.name) for step in story(hub, only)[-2:]] == [
        ("event", "bills_changed_after_filing"),
        ("tax_bill", "T1"),
    ]


def test_an_unknown_list_has_no_story(hub: Hub) -> None:
    assert story(hub, 1) == []


def test_receipts_of_one_document_are_its_own(hub: Hub) -> None:
    first, second = hub.imports(2)
    hub.dispatch()
    hub.answer(first, 2, 3)
    with hub.database.reading() as connection:
        assert [each.code for each in receipts_of(connection, 622, first)] == [2, 3]
        assert list(receipts_of(connection, 622, second)) == []
        assert list(receipts_of(connection, 604, first)) == []


def test_parked_receipts_are_found_by_what_they_name_and_paged(hub: Hub) -> None:
    for number in range(3):
        hub.park(f"GUID-{number}")
        hub.clock.advance(seconds=1)
    with hub.database.reading() as connection:
        assert count_parked(connection) == 3
        assert [each.guid for each in parked_receipts(connection, "guid-1")] == ["GUID-1"]
        first = parked_receipts(connection, limit=2)
        rest = parked_receipts(connection, after=first[-1].cursor)
        with pytest.raises(ValueError, match="isoformat"):
            parked_receipts(connection, after="nonsense")
    assert [each.guid for each in (*first, *rest)] == ["GUID-2", "GUID-1", "GUID-0"]


def test_a_message_is_found_by_every_number_it_carries(hub: Hub) -> None:
    hub.imports(2)
    hub.dispatch()
    with hub.database.reading() as connection:
        row = search_lists(connection, OFFICE, ListFilter())[0]
        (own,) = [each for each in search_messages(connection, MessageFilter()) if each.message_type == "CEB621Message"]
        for number in (row.cop_no, row.order_no, row.waybill_no, str(own.id)):
            assert own.id in [each.id for each in search_messages(connection, MessageFilter(text=number))], number
        assert search_messages(connection, MessageFilter(text="nothing")) == []
        orders = [each for each in search_messages(connection, MessageFilter(text=row.order_no)) if each.batch_id]
    assert [each.message_type for each in orders] == ["CEB311Message"]


def test_messages_are_counted_by_how_they_stand(hub: Hub) -> None:
    hub.imports(1)
    hub.dispatch()
    with hub.database.begin() as uow:
        mark = "UPDATE outgoing_message SET sent_at = NULL, refused_code = %(code)s WHERE message_type = %(type)s"
        run(uow.connection, mark, {"code": None, "type": "CEB311Message"})
        run(uow.connection, mark, {"code": "21003", "type": "CEB411Message"})
        assert message_counts(uow.connection) == {"waiting": 1, "refused": 1}
        waiting = search_messages(uow.connection, MessageFilter("waiting"))
        refused = search_messages(uow.connection, MessageFilter("refused"))
    assert [row.standing for row in (*waiting, *refused)] == ["waiting", "refused"]


def test_a_body_is_opened_for_those_in_view(hub: Hub) -> None:
    (only,) = hub.imports(1)
    hub.dispatch()
    with hub.database.reading() as connection:
        sent = submission_body(connection, hub.vault, OFFICE, only, 1)
        assert sent is not None
        assert str(sent.guid).upper().encode() in sent.body
        assert message_body(connection, hub.vault, sent.message_id) == sent.body
        rival = scope_of(connection, hub.party("furniture").id)
        assert submission_body(connection, hub.vault, rival, only, 1) is None
        assert message_body(connection, hub.vault, UUID(int=0)) is None


def test_any_number_finds_what_bears_it(hub: Hub) -> None:
    (only,) = hub.imports(1)
    outcome = hub.post_sample("CEB403Message")
    hub.dispatch()
    with hub.database.reading() as connection:
        row = search_lists(connection, OFFICE, ListFilter())[0]
        found = {number: {hit.kind for hit in find_number(connection, number)} for number in (row.order_no, row.waybill_no)}
        assert found == {row.order_no: {"list", "order"}, row.waybill_no: {"list", "waybill"}}
        assert {hit.kind for hit in find_number(connection, str(outcome.batch_id))} == {"batch"}
        assert {hit.kind for hit in find_number(connection, str(hub.submission_of(only)))} == {"list"}
        payments = [bills_of_day(connection, BillKind.PAYMENT, flow, *_day(hub))[0].number for flow in ("I", "E")]
        assert [[hit.kind for hit in find_number(connection, number)] for number in payments] == [["payment"], ["payment"]]
        assert find_number(connection, " ") == find_number(connection, "nothing") == []


def test_the_day_counts_exactly_its_rows(hub: Hub) -> None:
    for message_type in SAMPLES["E"]:
        hub.post_sample(message_type, 3)
        hub.post_sample(message_type, 3)  # a replay is no new bill
    hub.imports(2)
    with hub.database.reading() as connection:
        counts = bill_counts(connection, *_day(hub))
        assert {(entry.kind, entry.flow): entry.number for entry in counts}["order", "E"] == 3
        for entry in counts:
            rows = bills_of_day(connection, BillKind(entry.kind), entry.flow, *_day(hub))
            assert len(rows) == entry.number, entry
        for verdict in merge_counts(connection, *_day(hub)):
            assert len(merges_of_day(connection, verdict.verdict, verdict.flow, *_day(hub))) == verdict.number
        before = (_day(hub)[0] - timedelta(days=1), _day(hub)[0])
        assert not bill_counts(connection, *before)
        assert not merge_counts(connection, *before)


def test_the_days_rows_come_in_pages(hub: Hub) -> None:
    for message_type in SAMPLES["E"]:
        hub.post_sample(message_type, 3)
    hub.merge()
    with hub.database.reading() as connection:
        first = bills_of_day(connection, BillKind.ORDER, "", *_day(hub), limit=2)
        rest = bills_of_day(connection, BillKind.ORDER, "", *_day(hub), after=first[-1].cursor)
        assert len({row.number for row in (*first, *rest)}) == 3
        matches = merges_of_day(connection, "", "", *_day(hub), limit=2)
        others = merges_of_day(connection, "", "", *_day(hub), after=matches[-1].cursor)
        assert len({row.order_no for row in (*matches, *others)}) == 3


def _day(hub: Hub) -> tuple[datetime, datetime]:
    start = hub.clock.now().replace(hour=0, minute=0)
    return start, start + timedelta(days=1)
