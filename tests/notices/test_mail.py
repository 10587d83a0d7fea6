"""The mail queue: sealed while it waits, sent once, given up after eight attempts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.notices.ports import Mail, MailNotSent
from ccezone.notices.service import SmtpPostman, queue_mail, send_due
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

MAIL = Mail("mei@example.org", "账号邀请", "请打开链接")
VAULT = PersonalVault(bytes(32))


class Pigeon:
    """A postman who remembers, or refuses."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.delivered: list[Mail] = []
        self.refuses = refuses

    def deliver(self, mail: Mail) -> None:
        if self.refuses:
            raise MailNotSent("SMTPServerDisconnected")
        self.delivered.append(mail)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 6, 1, tzinfo=UTC))


@pytest.fixture
def queued(database: Database, clock: FixedClock) -> Database:
    with database.begin() as uow:
        queue_mail(uow, MAIL, VAULT, clock)
    return database


@pytest.mark.storage
def test_queued_mail_goes_out_once_and_leaves_no_text_behind(queued: Database, clock: FixedClock) -> None:
    pigeon = Pigeon()
    assert send_due(queued, pigeon, VAULT, clock) == 1
    assert send_due(queued, pigeon, VAULT, clock) == 0
    assert pigeon.delivered == [MAIL]
    with queued.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT sealed FROM mail_message").scalar_one() is None


@pytest.mark.storage
def test_waiting_mail_cannot_be_read_in_the_database(queued: Database) -> None:
    with queued.engine.connect() as connection:
        sealed = bytes(connection.exec_driver_sql("SELECT sealed FROM mail_message").scalar_one())
    assert b"example.org" not in sealed


@pytest.mark.storage
def test_refused_mail_waits_longer_each_time_and_is_given_up(queued: Database, clock: FixedClock) -> None:
    pigeon = Pigeon(refuses=True)
    for minutes in (1, 2, 4, 8, 16, 32, 64):
        assert send_due(queued, pigeon, VAULT, clock) == 0
        clock.advance(minutes=minutes - 0.5)
        assert send_due(queued, Pigeon(), VAULT, clock) == 0
        clock.advance(minutes=0.5)
    send_due(queued, pigeon, VAULT, clock)
    clock.advance(days=30)
    assert send_due(queued, Pigeon(), VAULT, clock) == 0


class _Smtp(StreamRequestHandler):
    """As much of SMTP as one delivery needs."""

    received: list[Message] = []  # noqa: RUF012 - the server has one instance a connection, the test reads the class

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.received.append(BytesParser().parsebytes(body))
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
            if command == b"QUIT":
                return


@pytest.fixture
def smtp_port() -> Iterator[int]:
    with ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def test_mail_reaches_an_smtp_server(smtp_port: int) -> None:
    SmtpPostman(f"smtp://127.0.0.1:{smtp_port}?from=hub@example.org&tls=no").deliver(MAIL)
    message = _Smtp.received[-1]
    assert (message["To"], message["From"]) == ("mei@example.org", "hub@example.org")


def test_an_absent_server_is_a_refusal_without_the_address_in_it() -> None:
    with pytest.raises(MailNotSent, match=r"^ConnectionRefusedError$"):
        SmtpPostman("smtp://127.0.0.1:1?from=hub@example.org").deliver(MAIL)


@pytest.mark.parametrize("url", ["http://host?from=a@b", "smtp://host", "smtp://?from=a@b"])
def test_a_malformed_mail_address_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        SmtpPostman(url)
