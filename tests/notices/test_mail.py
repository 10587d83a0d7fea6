"""The mail queue: sealed while it waits, sent once, given up after eight attempts."""

from dataclasses import replace
from mailbox import Maildir
from pathlib import Path

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.notices.ports import Mail, MailNotSent
from ccezone.notices.queries import MailCounts, mail_counts, mail_log
from ccezone.notices.service import SmtpPostman, postman, queue_mail, send_due
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from tests.notices.mail_server import MailServer, said

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
def queued(database: Database, clock: FixedClock) -> Database:
    with database.begin() as uow:
        queue_mail(uow, MAIL, VAULT, clock)
    return database


@pytest.mark.storage
def test_queued_mail_goes_out_once_and_leaves_no_text_behind(queued: Database, clock: FixedClock) -> None:
    pigeon = Pigeon()
    assert send_due(queued, pigeon, VAULT, clock) == 1
    assert send_due(queued, pigeon, VAULT, clock) == 0
    (mail,) = pigeon.delivered
    assert (mail.to, mail.subject, mail.body) == (MAIL.to, MAIL.subject, MAIL.body)
    assert "请打开链接" in mail.html
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


def test_mail_reaches_an_smtp_server_with_both_forms_and_a_way_out(mail_server: MailServer) -> None:
    mail = replace(MAIL, html="<p>请打开链接</p>", choices_url="https://hub.example/profile/notices")
    SmtpPostman(f"{mail_server.url}?from=hub@example.org&tls=no").deliver(mail)
    (message,) = mail_server.received
    assert (message["To"], message["From"], message["Subject"]) == ("mei@example.org", "hub@example.org", "账号邀请")
    assert message["List-Unsubscribe"] == "<https://hub.example/profile/notices>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert said(message).strip() == "请打开链接"


def test_mail_goes_over_tls_to_a_server_that_proves_who_it_is(guarded_mail_server: MailServer) -> None:
    address = guarded_mail_server.url.replace("//", "//hub:right@")
    SmtpPostman(f"{address}?from=hub@example.org&ca={guarded_mail_server.authority}").deliver(MAIL)
    assert len(guarded_mail_server.received) == 1
    with pytest.raises(MailNotSent, match="SSLCertVerificationError"):
        SmtpPostman(f"{address}?from=hub@example.org").deliver(MAIL)
    with pytest.raises(MailNotSent, match="SMTPAuthenticationError"):
        SmtpPostman(f"{address.replace('right', 'wrong')}?from=hub@example.org&ca={guarded_mail_server.authority}").deliver(MAIL)
    assert len(guarded_mail_server.received) == 1


def test_a_recipient_the_server_refuses_is_a_refusal(mail_server: MailServer) -> None:
    with pytest.raises(MailNotSent, match="SMTPRecipientsRefused"):
        SmtpPostman(f"{mail_server.url}?from=hub@example.org&tls=no").deliver(replace(MAIL, to="nobody@example.org"))


def test_an_address_that_would_forge_headers_is_a_refusal(mail_server: MailServer) -> None:
    with pytest.raises(MailNotSent, match="ValueError"):
        SmtpPostman(f"{mail_server.url}?from=hub@example.org&tls=no").deliver(replace(MAIL, to="a@b\nBcc: c@d"))


def test_a_demonstration_keeps_its_mail_in_a_folder(tmp_path: Path) -> None:
    carrier = postman(f"maildir://{tmp_path}/mail")
    carrier.deliver(MAIL)
    (found,) = Maildir(tmp_path / "mail")
    assert found["To"] == "mei@example.org"


@pytest.mark.storage
def test_mail_sealed_with_another_key_is_given_up_and_stops_no_other(queued: Database, clock: FixedClock) -> None:
    clock.advance(seconds=1)
    with queued.begin() as uow:
        queue_mail(uow, replace(MAIL, to="tom@example.org"), PersonalVault(bytes([1] * 32)), clock)
        queue_mail(uow, MAIL, VAULT, clock)
    pigeon = Pigeon()
    assert send_due(queued, pigeon, VAULT, clock) == 2
    with queued.reading() as connection:
        assert mail_counts(connection) == MailCounts(sent=2, waiting=0, given_up=1)


@pytest.mark.storage
def test_a_server_that_is_down_is_not_asked_for_every_mail(queued: Database, clock: FixedClock) -> None:
    with queued.begin() as uow:
        for _ in range(9):
            queue_mail(uow, MAIL, VAULT, clock)
    assert send_due(queued, Pigeon(refuses=True), VAULT, clock) == 0
    with queued.reading() as connection:
        assert sum(mail.attempts for mail in mail_log(connection)) == 3


def test_an_absent_server_is_a_refusal_without_the_address_in_it() -> None:
    with pytest.raises(MailNotSent, match=r"^ConnectionRefusedError$"):
        SmtpPostman("smtp://127.0.0.1:1?from=hub@example.org").deliver(MAIL)


@pytest.mark.parametrize("url", ["http://host?from=a@b", "smtp://host", "smtp://?from=a@b"])
def test_a_malformed_mail_address_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        SmtpPostman(url)
