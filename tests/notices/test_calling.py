"""Calling webhooks over real sockets: signed, pinned to a public address, bounded in time and size, no redirect followed."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from ccezone.kernel.addresses import is_public
from ccezone.kernel.ids import uuidv7
from ccezone.notices.ports import Answer, Call
from ccezone.notices.service.webhooks.endpoints import new_secret
from ccezone.storage.personal import PersonalVault
from ccezone.worker.webhooks import WebhookRounds
from integrations.webhooks import HttpCaller
from tests.notices.mail_server import certified
from tests.notices.people import People
from tests.notices.receivers import Desk

BODY = '{"type":"test.sent","timestamp":"2026-06-01T04:00:00.000Z","data":{"note":"中文"}}'


@dataclass
class Receiver:
    """A firm's server: what it got, and how it answers (status, headers, body)."""

    url: str = ""
    port: int = 0
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"thanks")
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status, headers, content = receiver.answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_port
        receiver.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/hooks?x=1"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def calling(url: str, *secrets: str, event_id: UUID | None = None) -> Call:
    return Call(url, event_id or uuidv7(), datetime.now(UTC), BODY, secrets or (new_secret(),))


def test_a_receiver_verifies_the_signature_with_the_specifications_own_library(receiver: Receiver) -> None:
    old, new = new_secret(), new_secret()
    call = calling(receiver.url, new, old)
    answer = HttpCaller(private_allowed=True).call(call)
    assert (answer.status, answer.excerpt, answer.accepted) == (200, "thanks", True)
    ((headers, body),) = receiver.got
    assert headers["webhook-id"] == str(call.event_id)
    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["data"] == {"note": "中文"}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body.replace("中文", "改过"), headers)


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    with receiving() as other:
        receiver.answer = (302, {"Location": other.url}, b"")
        answer = HttpCaller(private_allowed=True).call(calling(receiver.url))
        assert (answer.status, answer.accepted) == (302, False)
        assert other.got == []


def test_only_the_start_of_an_answer_is_kept_and_made_harmless(receiver: Receiver) -> None:
    receiver.answer = (500, {"Retry-After": "120"}, b"\x1b[31mno\x00 " + b"x" * 5_000_000)
    answer = HttpCaller(private_allowed=True).call(calling(receiver.url))
    assert answer.retry_after == timedelta(minutes=2)
    assert answer.excerpt.startswith(" [31mno  xxx")
    assert len(answer.excerpt) <= 2000


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1", "::"])
def test_a_name_that_leads_to_a_private_address_is_not_called(receiver: Receiver, address: str) -> None:
    caller = HttpCaller(resolve=lambda _host, _port: ["93.184.216.34", address])
    answer = caller.call(calling(f"https://rebound.example:{receiver.port}/"))
    assert (answer.status, answer.error) == (None, "address_refused")
    assert receiver.got == []


def test_a_name_is_looked_up_once_and_that_address_called(receiver: Receiver) -> None:
    looked_up = []

    def resolve(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    call = calling(f"http://shop.example:{receiver.port}/hooks")
    assert HttpCaller(private_allowed=True, resolve=resolve).call(call).accepted
    assert looked_up == ["shop.example"]
    assert receiver.got[0][0]["host"] == f"shop.example:{receiver.port}"


def test_without_tls_nobody_is_called_outside_demonstrations(receiver: Receiver) -> None:
    assert HttpCaller(resolve=lambda _host, _port: ["93.184.216.34"]).call(calling(receiver.url)).error == "insecure"


def test_a_certificate_must_be_the_names_own(tmp_path: Path) -> None:
    with receiving(certified(tmp_path / "server.pem")) as receiver:
        trusting = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))
        assert HttpCaller(private_allowed=True, trust=trusting).call(calling(receiver.url)).accepted
        elsewhere = receiver.url.replace("127.0.0.1", "shop.example")
        pinned = HttpCaller(private_allowed=True, trust=trusting, resolve=lambda _host, _port: ["127.0.0.1"])
        assert pinned.call(calling(elsewhere)).error == "tls"
        assert HttpCaller(private_allowed=True).call(calling(receiver.url)).error == "tls"


@contextmanager
def dripping(drip: bytes) -> Iterator[int]:
    """A receiver that says a little every moment and never ends."""
    over = Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            while not over.wait(0.05):
                try:
                    connection.sendall(drip)
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        over.set()
        thread.join()


@pytest.mark.parametrize(("drip", "scheme"), [(b"", "http"), (b"X", "http"), (b"", "https"), (b"\x16", "https")])
def test_a_receiver_that_drips_or_hangs_is_cut_off_in_time(drip: bytes, scheme: str) -> None:
    with dripping(drip) as port:
        began = time.monotonic()
        answer = HttpCaller(private_allowed=True, total_seconds=0.6).call(calling(f"{scheme}://127.0.0.1:{port}/"))
        assert time.monotonic() - began < 3
        assert answer.status is None
        assert answer.error in ("timeout", "tls")


@pytest.mark.parametrize(
    ("caller", "url", "error"),
    [
        (HttpCaller(private_allowed=True), "http://127.0.0.1:1/", "refused"),
        (HttpCaller(private_allowed=True, resolve=lambda _host, _port: []), "https://nowhere.example/", "dns"),
    ],
)
def test_whoever_is_not_there_is_a_word_and_no_exception(caller: HttpCaller, url: str, error: str) -> None:
    answer = caller.call(calling(url))
    assert (answer.status, answer.error) == (None, error)


def test_a_server_that_speaks_no_http_is_a_word() -> None:
    with dripping(b"SSH-2.0-OpenSSH_9.9\r\n") as port:
        answer = HttpCaller(private_allowed=True, total_seconds=2).call(calling(f"http://127.0.0.1:{port}/"))
        assert (answer.status, answer.error) == (None, "no_http")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("100.64.0.1", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("fe80::1%eth0", False),
        ("2002:0a00:0001::", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::93.184.216.34", True),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_addresses_are_public_or_not(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.storage
def test_receivers_that_hang_delay_nobody(people: People, vault: PersonalVault) -> None:
    """Real threads: eight receivers hang, more than there are places, and the good one hears at once, again and again."""
    desk, let_go, heard = Desk(people, vault), Event(), Event()
    for number in range(8):
        desk.add(f"hangs{number}")
    desk.happen()
    rounds = WebhookRounds(desk.deliverer)

    def hanging(_: Call) -> Answer:
        let_go.wait(0.4)
        return Answer(None, "timeout")

    def hearing(_: Call) -> Answer:
        heard.set()
        return Answer(200)

    desk.receivers.moods = {f"https://hangs{number}.example/": hanging for number in range(8)}
    until = _going_round(rounds, lambda: len(desk.receivers.calls) >= 8, 20)
    desk.clock.advance(minutes=1)
    desk.add("good")
    desk.receivers.moods["https://good.example/"] = hearing
    desk.happen()
    began = time.monotonic()
    _going_round(rounds, heard.is_set, 20)
    let_go.set()
    rounds.close()
    assert until
    assert time.monotonic() - began < 3


def _going_round(rounds: WebhookRounds, done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        rounds.step()
    return done()
