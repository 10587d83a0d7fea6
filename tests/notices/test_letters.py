"""From messages to mail: at once or daily, in the reader's language, grouped, with a way out."""

from datetime import UTC, datetime

import pytest

from ccezone.kernel.clock import FixedClock
from ccezone.notices.queries import MailCounts, mail_counts, mail_log
from ccezone.notices.service import (
    Audience,
    Letterhead,
    SmtpPostman,
    Tidings,
    mail_notices,
    notify,
    read_all,
    send_due,
)
from ccezone.storage.personal import PersonalVault
from tests.notices.mail_server import MailServer, said
from tests.notices.people import People

pytestmark = pytest.mark.storage
HEAD = Letterhead("https://hub.example/", "赣州综试区", "Ganzhou pilot zone")


@pytest.fixture
def post(people: People, vault: PersonalVault, mail_server: MailServer) -> "Post":
    return Post(people, vault, mail_server)


class Post:
    """The hub's mail room, with a real mail server at the other end."""

    def __init__(self, people: People, vault: PersonalVault, server: MailServer) -> None:
        self.people, self.vault, self.server = people, vault, server

    def tell(self, kind: str, **params: str) -> None:
        with self.people.database.begin() as uow:
            notify(uow, Audience(enterprise_id=self.people.firm), Tidings(kind, self.people.clock.now(), params=params))

    def send(self) -> list[tuple[str, str, str]]:
        """Send what is to be mailed; return who got what: address, subject, plain text."""
        self.server.received.clear()
        clock, database = self.people.clock, self.people.database
        mail_notices(database, self.vault, clock, HEAD)
        send_due(database, SmtpPostman(f"{self.server.url}?from=hub@example.org&tls=no"), self.vault, clock)
        return sorted((str(mail["To"]), str(mail["Subject"]), said(mail)) for mail in self.server.received)


def test_each_reads_it_in_their_own_language(post: Post) -> None:
    post.tell("registration_approved", name="赣南家具")
    mei, tom = post.send()
    assert mei[:2] == ("mei@example.org", "[赣州综试区] 备案已通过：赣南家具")
    assert tom[:2] == ("tom@example.org", "[Ganzhou pilot zone] Registration approved: 赣南家具")
    assert "mei，您好" in mei[2]
    assert "Dear tom," in tom[2]
    assert post.send() == []


def test_a_mail_links_to_its_message_and_to_the_choices_in_both_forms(post: Post) -> None:
    post.tell("registration_approved", name="<b>赣南</b>")
    post.send()
    (message,) = post.people.messages(post.people.mei)
    mail = next(each for each in post.server.received if each["To"] == "mei@example.org")
    assert mail["List-Unsubscribe"] == "<https://hub.example/profile/notices>"
    for form in ("plain", "html"):
        assert f"https://hub.example/messages/{message.id}" in said(mail, form)
        assert "https://hub.example/profile/notices" in said(mail, form)
    assert "&lt;b&gt;" in said(mail, "html")


def test_what_comes_at_once_travels_in_one_mail(post: Post) -> None:
    for number in range(40):
        post.tell("registration_approved", name=f"企业{number}")
    mei, _ = post.send()
    assert mei[1] == "[赣州综试区] 您有 40 条新消息"
    assert "企业39" in mei[2]
    assert "另有 10 条" in mei[2]


def test_a_digest_goes_out_once_a_day_at_eight_with_what_is_unread(post: Post, clock: FixedClock) -> None:
    people = post.people
    people.chooses(people.mei, registration_approved="digest", merge_conflict="digest")
    people.chooses(people.tom, registration_approved="app", merge_conflict="off")
    post.tell("registration_approved", name="读过")
    with people.database.begin() as uow:
        read_all(uow, people.mei, clock)
    post.tell("merge_conflict")
    assert post.send() == [], "it is noon"
    clock.moment = datetime(2026, 6, 1, 23, 59, tzinfo=UTC)  # 7:59 in Shanghai
    assert post.send() == []
    clock.advance(minutes=1)
    ((to, subject, text),) = post.send()
    assert (to, subject) == ("mei@example.org", "[赣州综试区] 每日汇总：1 条未读消息")
    assert "比对不符" in text
    assert "读过" not in text
    clock.advance(days=1)
    assert post.send() == []


def test_the_office_sees_what_went_out_and_never_what_it_said(post: Post) -> None:
    post.tell("registration_approved", name="赣南家具")
    post.send()
    with post.people.database.reading() as connection:
        newest, _ = mail_log(connection, "sent")
        assert mail_counts(connection) == MailCounts(sent=2)
        assert [mail.login for mail in mail_log(connection, text="tom")] == ["tom@example.org"]
        assert mail_log(connection, "given_up") == []
    assert (newest.kind, newest.state, newest.attempts) == ("registration_approved", "sent", 1)


def test_a_disabled_person_gets_no_mail(post: Post) -> None:
    post.tell("registration_approved")
    with post.people.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE user_account SET status = 'disabled' WHERE login = 'mei@example.org'")
    assert [to for to, _, _ in post.send()] == ["tom@example.org"]
