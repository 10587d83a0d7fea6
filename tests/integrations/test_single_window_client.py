"""The adapter's three operations, each four times: the request built, the call, a good answer read, a bad answer read."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import requests

from ccezone.clearance.ports import OutgoingMessage, SingleWindowRefused, SingleWindowUnavailable
from ccezone.kernel.clock import FixedClock
from integrations.single_window import HttpSingleWindow, SingleWindowSettings
from schemas.messages import dxp
from tests.integrations.answers import Answers

GOLDEN = Path(__file__).parent / "golden"
SETTINGS = SingleWindowSettings("https://window.example/", "DXPHUB0000000001", "DXPCHINAPORT0001")
MESSAGE = OutgoingMessage(UUID("018f0000-0000-7000-8000-000000000001"), "CEB303Message", b"<order/>")


def client(line: Answers) -> HttpSingleWindow:
    return HttpSingleWindow(SETTINGS, line.session(), FixedClock(datetime(2026, 11, 11, 4, 0, tzinfo=UTC)))


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def test_send_builds_the_envelope() -> None:
    assert client(Answers()).envelope(MESSAGE) == golden("envelope.xml").rstrip(b"\n")


def test_send_posts_to_the_message_address() -> None:
    line = Answers(body=golden("accepted.xml"))
    client(line).send(MESSAGE)
    (request,) = line.asked
    assert (request.method, request.url) == ("POST", "https://window.example/dxp/messages")
    assert request.headers["Content-Type"] == "application/xml"
    assert request.body == golden("envelope.xml").rstrip(b"\n")


def test_send_is_content_with_an_acceptance() -> None:
    client(Answers(body=golden("accepted.xml"))).send(MESSAGE)


def test_send_tells_a_refusal_with_its_code() -> None:
    with pytest.raises(SingleWindowRefused) as caught:
        client(Answers(body=golden("refused.xml"))).send(MESSAGE)
    assert (caught.value.code, caught.value.text) == ("2001", "指定的接收方不存在")


@pytest.mark.parametrize(
    "line",
    [
        Answers(body=golden("broken_window.xml")),
        Answers(body=b"<html>502</html>"),
        Answers(body=b""),
        Answers(status=503),
        Answers(status=429),
        Answers(status=500),
        Answers(failure=requests.ReadTimeout("late")),
        Answers(failure=requests.ConnectionError("gone")),
    ],
)
def test_send_takes_what_says_nothing_about_the_message_for_unavailable(line: Answers) -> None:
    with pytest.raises(SingleWindowUnavailable):
        client(line).send(MESSAGE)


def test_send_takes_a_client_error_for_a_refusal() -> None:
    with pytest.raises(SingleWindowRefused, match="HTTP413"):
        client(Answers(status=413)).send(MESSAGE)


def test_collect_asks_the_hubs_own_mailbox_and_waits_longer_than_the_window_does() -> None:
    line = Answers(body=b'{"messages": []}')
    assert client(line).collect(20, wait_seconds=2.5) == []
    assert line.asked[0].url == "https://window.example/dxp/mailbox/DXPHUB0000000001?limit=20&wait=2.5"
    assert line.timeouts == [(5.0, 32.5)]


def test_collect_opens_the_envelopes() -> None:
    body = json.dumps({"messages": [{"id": "7", "envelope": golden("envelope.xml").decode()}]}).encode()
    (message,) = client(Answers(body=body)).collect(1)
    assert (message.mailbox_id, message.message_type, message.body) == ("7", "CEB303Message", b"<order/>")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"messages": [{}]}', b'{"messages": [{"id": "1", "envelope": "<x/>"}]}'])
def test_collect_takes_garbage_for_unavailable(body: bytes) -> None:
    with pytest.raises(SingleWindowUnavailable):
        client(Answers(body=body)).collect(1)


def test_collect_tells_that_the_window_is_down() -> None:
    with pytest.raises(SingleWindowUnavailable, match="HTTP 503"):
        client(Answers(status=503)).collect(1)


def test_acknowledge_names_the_messages() -> None:
    line = Answers(body=b'{"acknowledged": 2}')
    client(line).acknowledge(["1", "2"])
    assert line.asked[0].url == "https://window.example/dxp/mailbox/DXPHUB0000000001/ack"
    assert json.loads(line.asked[0].body or b"") == {"ids": ["1", "2"]}


def test_acknowledging_nothing_asks_nothing() -> None:
    line = Answers()
    client(line).acknowledge([])
    assert line.asked == []


def test_acknowledge_fails_when_the_window_is_down() -> None:
    with pytest.raises(SingleWindowUnavailable):
        client(Answers(status=503)).acknowledge(["1"])


def test_settings_come_from_the_environment() -> None:
    environment = {"CCEZONE_HUB_DXP_ID": "DXPA", "CCEZONE_SINGLE_WINDOW_DXP_ID": "DXPB", "CCEZONE_SINGLE_WINDOW_CA": "/ca"}
    assert SingleWindowSettings.from_environment("http://x", environment) == SingleWindowSettings("http://x", "DXPA", "DXPB", "/ca")
    assert SingleWindowSettings.from_environment("http://x", {}).window_dxp_id == "DXPCHINAPORT0001"


def test_the_envelope_is_read_back_as_it_was_written() -> None:
    assert dxp.decode(golden("envelope.xml")).cop_msg_id == str(MESSAGE.message_id)
