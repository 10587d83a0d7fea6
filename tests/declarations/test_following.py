"""Receipts taken in: the stored state is the fold of all of them, and what follows from it follows once."""

from datetime import timedelta
from itertools import permutations

import pytest

from ccezone.declarations.service import submit_list
from tests.hub.bills import export_bills, import_bills
from tests.hub.harness import Hub, ListRow
from tests.hub.window import list_receipt

pytestmark = pytest.mark.storage


def a_sent_list(hub: Hub, flow: str = "E") -> ListRow:
    """Merge, file and send one trade."""
    hub.matched(*(export_bills() if flow == "E" else import_bills()))
    hub.dispatch()
    return hub.only_list()


def submit_again(hub: Hub, item: ListRow) -> None:
    """File a rejected list again, by hand."""
    submit_list(hub.database, hub.vault, hub.clock, item.id, None, "test")


def used_by_buyers(hub: Hub) -> list[int]:
    """What the quota ledger adds up to, per buyer and year, in fen."""
    statement = """
        SELECT sum(CASE kind WHEN 'use' THEN amount ELSE -amount END) * 100 FROM quota_entry GROUP BY buyer_digest, year ORDER BY 1
    """
    return [int(row[0]) for row in hub.rows(statement)]


@pytest.mark.parametrize("codes", list(permutations((2, 120, 399, 800))))
def test_receipts_in_any_order_end_in_release(hub: Hub, codes: tuple[int, ...]) -> None:
    item = a_sent_list(hub)
    for code in (*codes, *codes):
        at = hub.clock.now() + timedelta(minutes=code)
        hub.window.post(list_receipt(hub.submission_of(item), code, at))
        hub.receive()
    assert hub.states() == ["800"]
    assert hub.rows("SELECT count(*) FROM receipt WHERE kind = 604") == [(4,)]
    assert hub.count("order_lock") == 1


def test_a_receipt_twice_is_one_row(hub: Hub) -> None:
    item = a_sent_list(hub)
    body = list_receipt(hub.submission_of(item), 2, hub.clock.now())
    for _ in range(2):
        hub.window.post(body)
    hub.receive()
    hub.window.post(body)
    hub.receive()
    assert hub.rows("SELECT count(*) FROM receipt WHERE kind = 604") == [(1,)]


def test_numbers_that_customs_gave_stay_with_the_list(hub: Hub) -> None:
    item = a_sent_list(hub, "I")
    hub.answer(item, 120, 800, list_no="401720261000000001")
    assert hub.only_list().list_no == "401720261000000001"


def test_two_ends_that_exclude_each_other_open_one_case(hub: Hub) -> None:
    item = a_sent_list(hub)
    hub.answer(item, 800, 599, 599, 899)
    assert hub.cases() == ["contradictory_receipts"]


def test_a_late_receipt_of_the_rejected_submission_does_not_lose_the_list_that_waits_to_be_sent_again(hub: Hub) -> None:
    item = a_sent_list(hub)
    hub.answer(item, 100)
    submit_again(hub, item)
    hub.answer(item, 2, submission=1)
    assert hub.states() == ["queued"]
    hub.dispatch()
    assert hub.states() == ["sent"]
    assert hub.window.types_sent().count("CEB603Message") == 2


def test_a_repeated_rejection_does_not_make_a_held_list_fileable(hub: Hub) -> None:
    bills = export_bills()
    hub.matched(*bills)
    hub.dispatch()
    item = hub.only_list()
    hub.answer(item, 100)
    rejected = list_receipt(hub.submission_of(item), 100, hub.clock.now())
    hub.post(bills[0].changed(freight=bills[0].values["goods_value"], lines=_unknown_item(bills[0].values["lines"])))
    hub.merge()
    assert hub.states() == ["incomplete"]
    hub.window.post(rejected)
    hub.receive()
    assert hub.states() == ["incomplete"]


def test_a_release_of_the_first_submission_stands_while_the_second_waits(hub: Hub) -> None:
    item = a_sent_list(hub)
    hub.answer(item, 100)
    submit_again(hub, item)
    hub.answer(item, 800, submission=1)
    assert hub.states() == ["800"]
    hub.dispatch()
    assert hub.window.types_sent().count("CEB603Message") == 1, "what is released already is not sent again"


def test_a_rejection_gives_the_quota_back_once_and_filing_again_takes_it_again(hub: Hub) -> None:
    item = a_sent_list(hub, "I")
    (used,) = used_by_buyers(hub)
    assert used > 0
    hub.answer(item, 100)
    hub.answer(item, 100, -621018, 100, submission=1)
    assert used_by_buyers(hub) == [0]
    submit_again(hub, item)
    hub.dispatch()
    assert used_by_buyers(hub) == [used]


def test_a_rejection_in_the_new_year_gives_back_the_year_it_was_filed_in(hub: Hub) -> None:
    item = a_sent_list(hub, "I")
    hub.answer(item, 100)
    hub.clock.advance(days=365)
    submit_again(hub, item)
    hub.dispatch()
    hub.answer(hub.only_list(), 100)
    assert used_by_buyers(hub) == [0, 0]


def test_release_after_a_rejection_counts_in_the_buyers_year_whichever_came_first(hub: Hub) -> None:
    item = a_sent_list(hub, "I")
    (used,) = used_by_buyers(hub)
    hub.answer(item, 100, 800)
    assert (hub.states(), used_by_buyers(hub)) == (["800"], [used])


def _unknown_item(lines: object) -> list[dict[str, object]]:
    assert isinstance(lines, list)
    return [{**line, "item_no": "NOT-IN-THE-MASTER"} for line in lines]
