import json
from collections import Counter
from datetime import date

import pytest

from ccezone.demo.posting import DOCUMENTS, Delivery, deliveries
from ccezone.demo.stories import BLOCK
from ccezone.submission.bodies import JSON, XML
from schemas.messages import dxp
from schemas.messages.ceb.codec import decode
from schemas.messages.ceb.trades import party
from schemas.messages.checking import check
from schemas.rest.bills import load_json
from schemas.rest.links import load_link
from tests.demo.month import NOW, SEED, SPAN


@pytest.fixture(scope="module")
def month() -> list[Delivery]:
    return list(deliveries(SEED, BLOCK, SPAN))


def test_the_same_seed_sends_the_same_bytes_and_another_does_not(month: list[Delivery]) -> None:
    assert list(deliveries(SEED, BLOCK, SPAN)) == month
    assert list(deliveries(SEED + 1, BLOCK, SPAN)) != month


def test_every_message_is_valid_and_travels_in_its_senders_name(month: list[Delivery]) -> None:
    messages = [each for each in month if each.body.media_type == XML]
    for each in messages:
        result = check(each.body.data)
        assert (result.errors, result.warnings) == ((), ())
        raw = dxp.decode(each.body.data).data if result.message_type == "DxpMsg" else each.body.data
        message = decode(raw)
        assert [document.faults for document in message.documents if document.faults] == []
        assert message.envelope.transfer["cop_code"] == party(each.sender)["customs_code"]
        assert len(message.documents) == each.body.documents <= DOCUMENTS
    assert any(b"DxpMsg" in each.body.data[:200] for each in messages)


def test_every_json_body_is_what_its_resource_takes(month: list[Delivery]) -> None:
    bodies = [each.body for each in month if each.body.media_type == JSON]
    for body in bodies:
        content = json.loads(body.data)
        for row in content if isinstance(content, list) else [content]:
            if body.resource == "shipping-links":
                assert load_link(row, {}).faults == []
            else:
                assert load_json("CEB303Message", row, {}).faults == []
    assert {body.resource for body in bodies} == {"orders", "shipping-links"}


def test_some_send_in_bulk_and_some_one_by_one(month: list[Delivery]) -> None:
    sizes = Counter((each.sender, each.body.resource, each.body.documents > 1) for each in month)
    assert sizes["oranges", "orders", True] == 0 < sizes["oranges", "orders", False]
    assert sizes["electronics", "orders", True] > 0
    assert sizes["platform_export", "messages", True] > 0


def test_days_follow_each_other_but_for_what_comes_once_all_is_done(month: list[Delivery]) -> None:
    days = [each.day for each in month]
    late = next(at for at in range(1, len(days)) if days[at] < days[at - 1])
    assert days[:late] == sorted(days[:late])
    assert len(days) - late <= 3
    assert max(days) == NOW.date()


def test_bills_of_a_day_come_in_another_order_each_day(month: list[Delivery]) -> None:
    first: dict[date, tuple[str, str]] = {}
    for each in month:
        first.setdefault(each.day, (each.sender, each.body.resource))
    assert len(set(first.values())) > 3


def test_fewer_orders_are_the_first_ones_of_more() -> None:
    def documents(orders: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for each in deliveries(SEED, orders, SPAN):
            if each.sender == "platform_import":
                found.update(str((doc.values or {})["order_no"]) for doc in decode(each.body.data).documents)
        return found

    few, more = documents(40), documents(120)
    assert few
    assert all(more[order_no] == times for order_no, times in few.items())
