"""Webhooks: every event once per id to whoever is there again, patience with the dead, no delay for the living."""

from datetime import timedelta

import orjson
import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import Refused
from ccezone.notices.ports import Answer
from ccezone.notices.rules import DELIVERY_WAITS, next_try
from ccezone.notices.service.webhooks import (
    EndpointWish,
    change_endpoint,
    replay,
    replay_failed,
    send_test,
)
from tests.notices.receivers import DEAD, GOOD, Desk

pytestmark = pytest.mark.storage


def test_a_receiver_dead_for_an_hour_gets_every_event_once_and_delays_nobody(desk: Desk, clock: FixedClock) -> None:
    dead, alive = desk.add("dead"), desk.add("alive")
    back = clock.now() + timedelta(hours=1)
    desk.receivers.moods["https://dead.example/"] = lambda _: GOOD if clock.now() >= back else DEAD
    events = []
    for minute in range(90):
        events.append(desk.happen(minute=minute))
        desk.round()
        assert desk.receivers.accepted["https://alive.example/"] == events, "the living are told within the minute"
        clock.advance(minutes=1)
    desk.settle()
    received = desk.receivers.accepted["https://dead.example/"]
    assert (len(received), set(received)) == (90, set(events)), "every event, once"
    assert {entry.state for entry in desk.log(dead)} == {"delivered"}
    outcomes = [attempt.error or attempt.status for attempt in desk.attempts(dead, events[0])]
    assert outcomes[0] == 200
    assert set(outcomes[1:]) == {"refused"}
    assert len(desk.log(alive)) == 90
    assert sum(call.url == "https://dead.example/" and clock.now() < back for call in desk.receivers.calls) < 90


def test_a_dead_receiver_is_asked_now_and_then_and_not_for_every_event(desk: Desk, clock: FixedClock) -> None:
    desk.add("dead")
    desk.receivers.moods["https://dead.example/"] = lambda _: DEAD
    for _ in range(60):
        desk.happen()
        desk.round()
        clock.advance(minutes=1)
    assert len(desk.receivers.calls) < 16


def test_an_event_is_tried_for_more_than_three_days_and_then_given_up(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("dead")
    desk.receivers.moods["https://dead.example/"] = lambda _: Answer(503, excerpt="sorry")
    began, event = clock.now(), desk.happen()
    desk.settle(minutes=30)
    assert clock.now() - began > timedelta(hours=72)
    (entry,) = desk.log(endpoint_id, "failed")
    assert entry.attempts == len(desk.attempts(endpoint_id, event)) == len(DELIVERY_WAITS) + 1
    assert desk.endpoint(endpoint_id).enabled, "it has five days"


def test_patience_is_three_days_even_without_jitter(clock: FixedClock) -> None:
    moment = clock.now()
    for attempts in range(1, len(DELIVERY_WAITS) + 1):
        following = next_try(attempts, moment, lambda: 0.0)
        assert following is not None
        moment = following
    assert moment - clock.now() >= timedelta(hours=72)
    assert next_try(len(DELIVERY_WAITS) + 1, moment, lambda: 0.0) is None


def test_an_endpoint_that_fails_for_five_days_is_disabled_and_its_firm_told(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("dead")
    desk.receivers.moods["https://dead.example/"] = lambda _: DEAD
    for _ in range(5 * 24 + 2):
        desk.happen()
        desk.round()
        clock.advance(hours=1)
    assert desk.endpoint(endpoint_id).disabled_because == "failing"
    assert desk.people.titles(desk.people.mei) == ["推送地址已停用：https://dead.example/"]
    assert desk.log(endpoint_id, "waiting") == []


def test_gone_disables_at_once(desk: Desk) -> None:
    endpoint_id = desk.add("gone")
    desk.receivers.moods["https://gone.example/"] = lambda _: Answer(410)
    desk.happen()
    desk.happen()
    desk.round()
    assert len(desk.receivers.calls) == 1
    assert desk.endpoint(endpoint_id).disabled_because == "gone"
    assert desk.happen() is None, "nobody is left to be told"
    assert len(desk.log(endpoint_id, "failed")) == 2


def test_an_event_the_receiver_cannot_stand_holds_up_no_other(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("picky")
    poison = desk.happen()
    desk.receivers.moods["https://picky.example/"] = lambda call: Answer(500) if call.event_id == poison else GOOD
    later = [desk.happen() for _ in range(5)]
    for _ in range(3):
        desk.round()
        clock.advance(seconds=10)
    assert desk.receivers.accepted["https://picky.example/"] == later
    desk.settle(hours=1)
    assert [entry.event_id for entry in desk.log(endpoint_id, "failed")] == [poison]


def test_an_endpoint_is_left_alone_as_long_as_it_asks(desk: Desk, clock: FixedClock) -> None:
    desk.add("busy")
    desk.receivers.moods["https://busy.example/"] = lambda _: Answer(429, retry_after=timedelta(minutes=30))
    desk.happen()
    desk.round()
    clock.advance(minutes=29)
    assert desk.round() == 0
    clock.advance(minutes=2)
    assert desk.round() == 1


def test_an_endpoint_is_claimed_by_one_worker_at_a_time(desk: Desk, clock: FixedClock) -> None:
    desk.add("one")
    desk.happen()
    assert len(desk.deliverer.claim(5, ailing=False)) == 1
    assert desk.deliverer.claim(5, ailing=False) == []
    clock.advance(minutes=2)
    assert len(desk.deliverer.claim(5, ailing=False)) == 1, "a worker that died lets its claim run out"


def test_a_worker_that_lost_its_claim_does_not_take_it_from_the_next(desk: Desk, clock: FixedClock) -> None:
    desk.add("slow")
    desk.happen()
    desk.happen()
    (late,) = desk.deliverer.claim(1, ailing=False)
    clock.advance(minutes=2)
    (following,) = desk.deliverer.claim(1, ailing=False)
    desk.deliverer.turn(late)
    assert desk.deliverer.claim(1, ailing=False) == [], "the other one still holds it"
    desk.deliverer.turn(following)
    assert {entry.state for entry in desk.log(following.id)} == {"delivered"}


def test_only_the_kinds_that_were_chosen_are_told(desk: Desk) -> None:
    picky, curious = desk.add("picky", "list.state_changed"), desk.add("curious")
    desk.happen("batch.finished")
    assert desk.log(picky) == []
    assert len(desk.log(curious)) == 1


def test_a_payload_is_stored_once_and_says_kind_moment_and_data(desk: Desk) -> None:
    desk.add("one")
    desk.add("two")
    event_id = desk.happen(batch="7", accepted=3)
    desk.round()
    bodies = {call.body for call in desk.receivers.calls}
    assert len(bodies) == 1
    assert orjson.loads(bodies.pop()) == {
        "type": "batch.finished",
        "timestamp": "2026-06-01T04:00:00.000Z",
        "data": {"batch": "7", "accepted": 3},
    }
    assert {call.event_id for call in desk.receivers.calls} == {event_id}


def test_one_event_is_replayed_by_the_same_id(desk: Desk, clock: FixedClock) -> None:
    endpoint_id, event_id = desk.add("one"), desk.happen()
    desk.round()
    assert event_id is not None
    with desk.people.database.begin() as uow:
        replay(uow, desk.people.firm, endpoint_id, event_id, desk.by, clock)
    desk.round()
    assert [call.event_id for call in desk.receivers.calls] == [event_id, event_id]
    assert len(desk.attempts(endpoint_id, event_id)) == 2


def test_all_that_failed_since_a_moment_is_replayed(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("one")
    desk.receivers.moods["https://one.example/"] = lambda _: DEAD
    desk.happen()
    desk.settle(hours=1)
    since = clock.now()
    later = desk.happen()
    desk.settle(hours=1)
    desk.receivers.moods.clear()
    wish = EndpointWish("https://one.example/", "one")
    with desk.people.database.begin() as uow:
        change_endpoint(uow, desk.people.firm, endpoint_id, wish, desk.by, clock)
        assert replay_failed(uow, desk.people.firm, endpoint_id, since, desk.by, clock) == 1
    desk.round()
    assert desk.receivers.accepted["https://one.example/"] == [later]


def test_nothing_is_sent_to_a_disabled_endpoint_until_it_is_enabled(desk: Desk, clock: FixedClock) -> None:
    endpoint_id, firm = desk.add("one"), desk.people.firm
    event_id = desk.happen()
    assert event_id is not None
    with desk.people.database.begin() as uow:
        change_endpoint(uow, firm, endpoint_id, EndpointWish("https://one.example/", enabled=False), desk.by, clock)
    assert desk.round() == 0
    with desk.people.database.begin() as uow:
        for refused in (
            lambda: send_test(uow, firm, endpoint_id, clock),
            lambda: replay(uow, firm, endpoint_id, event_id, desk.by, clock),
        ):
            with pytest.raises(Refused, match="webhook_disabled"):
                refused()
        change_endpoint(uow, firm, endpoint_id, EndpointWish("https://one.example/"), desk.by, clock)
        replay(uow, firm, endpoint_id, event_id, desk.by, clock)
    assert desk.round() == 1


def test_a_test_event_goes_to_one_endpoint_whatever_it_chose(desk: Desk, clock: FixedClock) -> None:
    endpoint_id = desk.add("one", "list.state_changed")
    desk.add("other")
    with desk.people.database.begin() as uow:
        send_test(uow, desk.people.firm, endpoint_id, clock)
    desk.round()
    assert [call.url for call in desk.receivers.calls] == ["https://one.example/"]
