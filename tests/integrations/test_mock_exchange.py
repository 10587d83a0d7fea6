"""The mock's end of the exchange platform: envelopes, repetition, mailboxes, and messages that cannot be processed."""

import gzip
from uuid import UUID

import psycopg
import pytest
from lxml import etree

from integrations.mockservers.single_window.responses import response
from integrations.signatures import Sm2Signer
from schemas.derive.xsd import compiled
from schemas.messages import dxp
from schemas.messages.dxp import DxpMessage
from tests.integrations.conftest import HUB, NOON, Window, codes
from tests.integrations.trades import message

pytestmark = pytest.mark.storage


def envelope(receiver: str = "DXPCHINAPORT0001", message_type: str = "CEB303Message") -> bytes:
    return dxp.encode(DxpMessage(str(UUID(int=7)), HUB, (receiver,), NOON, message_type, message("CEB303Message")))


def code(answer: bytes) -> str:
    root = etree.fromstring(answer)
    assert compiled("DxpRep").validate(root), compiled("DxpRep").error_log
    return root.findtext(".//{*}ResponseCode") or ""


def test_an_accepted_envelope_is_answered_in_the_official_shape(window: Window) -> None:
    answer = window.http.post("/dxp/messages", data=envelope()).data
    assert code(answer) == "0000"
    assert str(UUID(int=7)).encode() in answer


def test_the_same_envelope_again_gets_the_same_answer_and_no_effect(window: Window) -> None:
    answers = {window.http.post("/dxp/messages", data=envelope()).data for _ in range(3)}
    assert len(answers) == 1
    assert codes(window.work(), "CEB304Message") == [2, 3, 120]
    window.http.post("/dxp/messages", data=envelope())
    assert window.work() == []
    assert window.json("/counts")["messages"] == 1


def test_an_envelope_may_be_packed_with_gzip(window: Window) -> None:
    answer = window.http.post("/dxp/messages", data=gzip.compress(envelope()), headers={"Content-Encoding": "gzip"})
    assert code(answer.data) == "0000"
    assert codes(window.work(), "CEB304Message") == [2, 3, 120]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "0001"),
        (b"<no", "0001"),
        (b"<DxpMsg/>", "0001"),
        (b'<!DOCTYPE x []><DxpMsg xmlns="http://www.chinaport.gov.cn/dxp"/>', "0001"),
        (b'<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0"/>', "0002"),
        (envelope().replace(b"<CopMsgId>", b"<CopMsgId/><X>").replace(b"</CopMsgId>", b"</X>"), "0002"),
        (envelope(receiver="DXPNOBODY"), "2001"),
        (envelope(message_type=""), "0002"),
    ],
)
def test_a_bad_envelope_gets_the_platforms_own_code(window: Window, body: bytes, expected: str) -> None:
    assert code(window.http.post("/dxp/messages", data=body).data) == expected
    assert window.json("/counts")["messages"] == 0


def test_a_signed_envelope_is_checked(window: Window) -> None:
    signed = Sm2Signer(window.keys.pair("360796Y001")).sign_canonical(envelope())
    assert code(window.http.post("/dxp/messages", data=signed.replace(b"T12:00:00", b"T12:00:01")).data) == "1004"
    assert code(window.http.post("/dxp/messages", data=signed).data) == "0000"


def test_a_gzip_bomb_is_refused(window: Window) -> None:
    bomb = gzip.compress(b"\0" * (65 * 1024 * 1024))
    answer = window.http.post("/dxp/messages", data=bomb, headers={"Content-Encoding": "gzip"})
    assert code(answer.data) == "0999"


def test_every_published_response_code_can_be_given() -> None:
    for each in ("0001", "0002", "0999", "1004", "2001", "3001"):
        assert code(response(each, NOON)) == each


def test_one_mailbox_is_not_seen_from_another(window: Window) -> None:
    window.post_trade(("CEB303Message",))
    window.service.processor.turn()
    (waiting,) = window.mailbox()
    assert window.json("/dxp/mailbox/DXPOTHER")["messages"] == []
    answer = window.http.post("/dxp/mailbox/DXPOTHER/ack", json={"ids": [waiting["id"]]})
    assert answer.get_json() == {"acknowledged": 0}
    assert window.mailbox() == [waiting]


@pytest.mark.parametrize("body", [{}, {"ids": "1"}, {"ids": ["x"]}, [1]])
def test_an_acknowledgement_names_messages(window: Window, body: object) -> None:
    assert window.http.post(f"/dxp/mailbox/{HUB}/ack", json=body).status_code == 400


def test_receipts_are_packed_by_hundreds_of_one_type(window: Window) -> None:
    window.throw(duplicate=1)
    for number in range(1, 21):
        window.post_trade(("CEB303Message",), number)
    while window.service.processor.turn():
        pass
    bodies = [dxp.decode(each["envelope"].encode()) for each in window.mailbox()]
    assert [each.message_type for each in bodies] == ["CEB304Message"] * len(bodies)
    assert sorted(each.data.count(b"<ceb:OrderReturn>") for each in bodies)[-1] <= 100
    assert sum(each.data.count(b"<ceb:OrderReturn>") for each in bodies) == 120


def test_every_message_in_the_mailbox_is_valid_by_its_schema(window: Window) -> None:
    window.throw(rules=[{"effect": "inspection"}])
    window.post_trade()
    window.post_import()
    for message_type in ("CEB507Message", "CEB509Message", "CEB607Message", "CEB701Message", "CEB213Message"):
        window.post(message_type, message(message_type))
    for message_type in ("CEB215Message", "CEB513Message", "CEB605Message"):
        window.post(message_type, message(message_type))
    for message_type in ("CEB623Message", "CEB625Message", "CEB711Message"):
        window.post(message_type, message(message_type, keys=window.keys))
    window.post("CEB303Message", b"garbage")
    while window.service.processor.turn():
        pass
    seen = set()
    for each in window.mailbox(200):
        body = dxp.decode(each["envelope"].encode())
        compiled(body.message_type).assertValid(etree.fromstring(body.data))
        seen.add(body.message_type)
    assert len(seen) == 21, sorted(seen)


def test_a_message_that_breaks_the_mock_is_set_aside_and_blocks_nobody(window: Window) -> None:
    window.post_trade(("CEB303Message",))
    with window.service.connections.transaction() as connection:
        connection.execute("UPDATE inbox_queue SET body = %s, sender = %s", (message("CEB505Message"), "x\0".strip("\0")))
        connection.execute("ALTER TABLE mailbox ADD CONSTRAINT broken CHECK (receiver <> 'x')")
    try:
        window.post_trade(("CEB403Message",))
        assert codes(window.work(), "CEB404Message") == [2, 3, 120]
        assert window.json("/counts")["stuck"] == 1
    finally:
        with window.service.connections.transaction() as connection:
            connection.execute("ALTER TABLE mailbox DROP CONSTRAINT broken")


def test_a_lost_database_connection_is_an_outage_and_nothing_worse(window: Window) -> None:
    window.post_trade(("CEB303Message",))
    with psycopg.connect(window.service.connections.url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert window.http.get(f"/dxp/mailbox/{HUB}").status_code == 503
    assert codes(window.work(), "CEB304Message") == [2, 3, 120]
