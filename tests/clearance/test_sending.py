"""Sending: the same id however often, patience for what fails, and nobody waits for somebody else's failure."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ccezone.clearance.service import send_waiting
from ccezone.clearance.service.sending import patience
from tests.hub.bills import export_bills, order, payment
from tests.hub.harness import Hub
from tests.hub.window import FakeSingleWindow

pytestmark = pytest.mark.storage


class DiesAfterSending(FakeSingleWindow):
    """Takes the first message, and then the hub's process dies before it can note that."""

    def send(self, message: object) -> None:
        super().send(message)  # type: ignore[arg-type]  # handed on as it came
        if len(self.sent) == 1:
            raise KeyboardInterrupt


def test_a_message_sent_just_before_a_crash_is_sent_again_under_the_same_id(hub: Hub) -> None:
    hub.post(order())
    hub.pack()
    window = DiesAfterSending()
    with pytest.raises(KeyboardInterrupt):
        send_waiting(hub.database, hub.vault, window, hub.clock)
    send_waiting(hub.database, hub.vault, window, hub.clock)
    first, again = window.sent
    assert (first.message_id, first.body) == (again.message_id, again.body)
    assert send_waiting(hub.database, hub.vault, window, hub.clock) == 0


def test_a_crash_between_packing_and_sending_loses_nothing(hub: Hub) -> None:
    hub.matched(*export_bills())
    while hub.pack():
        pass
    packed = hub.rows("SELECT id FROM outgoing_message ORDER BY id")
    restarted = Hub.__new__(Hub)
    restarted.__dict__.update(hub.__dict__)
    while restarted.send():
        pass
    assert [(message.message_id,) for message in sorted(hub.window.sent, key=lambda sent: sent.message_id)] == packed


def test_an_unavailable_window_is_tried_again_later_and_blocks_no_other_message(hub: Hub) -> None:
    hub.window.down = {"CEB303Message"}
    hub.post(order(), payment())
    hub.dispatch()
    hub.dispatch()
    assert hub.window.types_sent() == ["CEB403Message"]
    assert hub.rows("SELECT attempts, last_error FROM outgoing_message WHERE sent_at IS NULL") == [(1, "no answer")]
    hub.window.down = set()
    hub.dispatch()
    assert hub.window.types_sent() == ["CEB403Message"], "patience: not at once"
    hub.clock.advance(seconds=1)
    hub.dispatch()
    assert hub.window.types_sent() == ["CEB403Message", "CEB303Message"]


def test_a_change_never_overtakes_the_bill_it_changes(hub: Hub) -> None:
    hub.window.down = {"CEB303Message"}
    hub.post(order())
    hub.dispatch()
    hub.window.down = set()
    hub.post(order().changed(freight=Decimal(1)), payment())
    hub.dispatch()
    assert hub.window.types_sent() == ["CEB403Message"]
    hub.clock.advance(seconds=1)
    hub.dispatch()
    told = [b"<ceb:appType>2<" in sent.body for sent in hub.window.sent if sent.message_type == "CEB303Message"]
    assert told == [False, True]


def test_messages_leave_in_the_order_they_came(hub: Hub) -> None:
    bills = [order(), *(order().changed(minute, freight=Decimal(minute)) for minute in range(1, 6))]
    hub.post(*bills)
    hub.dispatch()
    assert [b"<ceb:freight>%d<" % place in sent.body for place, sent in enumerate(hub.window.sent)][1:] == [True] * 5


def test_patience_doubles_from_a_second_to_five_minutes() -> None:
    assert [patience(attempts) for attempts in range(4)] == [timedelta(seconds=2**power) for power in range(4)]
    assert patience(9) == patience(10**6) == timedelta(minutes=5)


def test_a_message_refused_for_good_opens_a_case_and_is_not_sent_again(hub: Hub) -> None:
    hub.window.refuses = {"CEB303Message"}
    hub.post(order(), payment())
    hub.dispatch()
    assert (hub.window.types_sent(), hub.cases()) == (["CEB403Message"], ["message_refused"])
    assert hub.rows("SELECT refused_code, refused_text FROM outgoing_message WHERE refused_code IS NOT NULL") == [
        ("0002", "报文不符合规范")
    ]
    hub.window.refuses = set()
    hub.clock.advance(days=1)
    hub.dispatch()
    assert hub.window.types_sent() == ["CEB403Message"]


def test_two_senders_at_once_send_every_message_once(hub: Hub) -> None:
    hub.post(*(order(number) for number in range(1, 40, 4)))
    while hub.pack():
        pass
    inner = FakeSingleWindow()

    class Other(FakeSingleWindow):
        """While one sender is busy with a message, another one looks for work."""

        def send(self, message: object) -> None:
            super().send(message)  # type: ignore[arg-type]  # handed on as it came
            send_waiting(hub.database, hub.vault, inner, hub.clock, limit=1)

    outer = Other()
    send_waiting(hub.database, hub.vault, outer, hub.clock, limit=5)
    ids = [message.message_id for message in (*outer.sent, *inner.sent)]
    assert len(ids) == len(set(ids)) == 10
