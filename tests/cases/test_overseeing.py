"""The computed queues: a case is opened about what stands too long, once, and closes by itself when it is settled."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from ccezone.cases.queries import CaseFilter, CaseView, search_cases
from ccezone.cases.service import By, close_case, oversee
from ccezone.clearance.queries import detectors
from ccezone.kernel.clock import SHANGHAI
from tests.declarations.filing import filed
from tests.hub.bills import import_bills, payment
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage


def look(hub: Hub) -> Mapping[str, tuple[int, int]]:
    """Let every detector look once; return what was opened and settled, where anything was."""
    with hub.database.reading() as connection:
        book = hub.terms.book.current(connection)
    done = oversee(hub.database, detectors(book, hub.clock.now().astimezone(SHANGHAI).date()), hub.clock)
    return {kind: (each.opened, each.settled) for kind, each in done.items() if each.opened or each.settled}


def cases(hub: Hub, *, only_open: bool = True) -> list[CaseView]:
    with hub.database.reading() as connection:
        return list(search_cases(connection, CaseFilter(only_open=only_open)))


def only(hub: Hub, *, only_open: bool = True) -> CaseView:
    (found,) = cases(hub, only_open=only_open)
    return found


def close(hub: Hub, case_id: UUID) -> None:
    with hub.database.begin() as uow:
        close_case(uow, case_id, By("user:li", "李"), "explained", "已核实", hub.clock.now())


def in_conflict(hub: Hub) -> None:
    """An import whose payment says another amount than its order."""
    order, wrong, waybill = import_bills(1)
    hub.post(order, wrong.but(amount="1.00"), waybill)
    hub.merge()


def test_a_conflict_becomes_a_case_once_it_is_old(hub: Hub) -> None:
    in_conflict(hub)
    assert look(hub) == {}
    hub.clock.advance(hours=25)
    assert look(hub) == {"merge_conflict": (1, 0)}
    assert look(hub) == {}, "looking again opens nothing"
    found = only(hub)
    assert found.enterprise_id is not None
    assert found.detail["order_no"] == import_bills(1)[0]["order_no"]
    assert found.due_at is not None


def test_a_conflict_that_was_mended_closes_its_case(hub: Hub) -> None:
    in_conflict(hub)
    hub.clock.advance(hours=25)
    look(hub)
    hub.post(payment(1, "I").changed(minutes=90))
    hub.merge()
    assert look(hub) == {"merge_conflict": (0, 1)}
    closed = only(hub, only_open=False)
    assert (closed.cause, closed.closed_by) == ("settled_itself", "system")


def test_what_an_officer_closed_stays_closed_until_something_new_happens(hub: Hub) -> None:
    in_conflict(hub)
    hub.clock.advance(hours=25)
    look(hub)
    close(hub, only(hub).id)
    hub.clock.advance(hours=25)
    assert look(hub) == {}
    hub.post(payment(1, "I").changed(minutes=90, amount="2.00"))
    hub.merge()
    hub.clock.advance(hours=25)
    assert look(hub) == {"merge_conflict": (1, 0)}


def test_a_list_at_rest_becomes_a_case_and_closes_when_it_moves(hub: Hub) -> None:
    item = filed(hub, 120)
    hub.clock.advance(hours=23)
    assert look(hub) == {}
    hub.clock.advance(hours=2)
    assert look(hub) == {"list_stuck": (1, 0)}
    assert (only(hub).subject, only(hub).detail["state"]) == (item.id, "120")
    hub.answer(item, 800)
    assert look(hub) == {"list_stuck": (0, 1)}


def test_a_released_list_may_rest(hub: Hub) -> None:
    filed(hub, 120, 800)
    hub.clock.advance(hours=24 * 20)
    assert look(hub) == {}


def test_rejections_of_one_firm_and_cause_are_one_case(hub: Hub) -> None:
    for item in hub.imports(2):
        hub.dispatch()
        hub.answer(item, -621001)
    hub.clock.advance(hours=25)
    firms = {row[0] for row in hub.rows("SELECT merchant_id FROM declaration_list")}
    assert look(hub) == {"lists_rejected": (len(firms), 0)}
    assert sum(int(each.detail["number"]) for each in cases(hub)) == 2
    assert {each.enterprise_id for each in cases(hub)} == firms
    assert look(hub) == {}
    hub.change("UPDATE declaration_state SET state = '800'")
    assert look(hub) == {"lists_rejected": (0, len(firms))}


def test_a_receipt_nobody_can_place_becomes_a_case_until_its_document_comes(hub: Hub) -> None:
    hub.park("0000AAAA-0000-0000-0000-000000000001")
    assert look(hub) == {}
    hub.clock.advance(minutes=31)
    assert look(hub) == {"receipt_parked": (1, 0)}
    hub.retry_parked()
    assert look(hub) == {}, "tried again in vain it is the same receipt"
    hub.change("DELETE FROM parked_receipt")
    assert look(hub) == {"receipt_parked": (0, 1)}


def test_a_sender_that_usually_delivers_and_stopped_becomes_a_case(hub: Hub) -> None:
    for number in range(1, 6):
        hub.post_sample("CEB311Message", first=number)
        hub.clock.advance(hours=24)
    assert look(hub) == {"feed_quiet": (1, 0)}
    assert only(hub).enterprise_id == hub.rows("SELECT DISTINCT submitter_id FROM intake_batch")[0][0]
    hub.clock.advance(hours=24 * 12)
    assert look(hub) == {}, "the longer it is silent, the less it is settled"
    hub.post_sample("CEB311Message", first=9)
    assert look(hub) == {"feed_quiet": (0, 1)}


def test_a_sender_that_delivers_now_and_then_may_rest(hub: Hub) -> None:
    for number in range(1, 5):
        hub.post_sample("CEB311Message", first=number)
        hub.clock.advance(hours=24)
    hub.clock.advance(hours=48)
    assert look(hub) == {}
