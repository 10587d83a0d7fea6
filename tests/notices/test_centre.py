"""The message centre: who is told, how digests grow, what a person reads, finds and chooses."""

from collections.abc import Callable, Iterator

import pytest

from ccezone.accounts.rules import FIRM, Permission, Principal, Role
from ccezone.accounts.service import Audited, Invitation, accept, invite, issue_credential, request_reset, revoke_credential
from ccezone.accounts.service import record as audit
from ccezone.kernel.clock import FixedClock
from ccezone.kernel.errors import NotFound, Refused
from ccezone.notices.queries import Filter, choices_of, kinds, notice, unread_count
from ccezone.notices.rules import Channel
from ccezone.notices.service import Audience, Tally, Tidings, choose, count, notify, read, read_all, tell_digests, tell_security
from ccezone.storage import Database
from tests.notices.people import People

pytestmark = pytest.mark.storage
APPROVED = "registration_approved"


@pytest.fixture
def told(people: People) -> Callable[..., int]:
    """Tell somebody of something."""

    def tell(kind: str = APPROVED, *, to: Audience | None = None, **params: object) -> int:
        with people.database.begin() as uow:
            audience = to or Audience(enterprise_id=people.firm)
            return notify(uow, audience, Tidings(kind, people.clock.now(), "enterprise", "1", params))

    return tell


def test_everybody_of_a_firm_is_told_and_nobody_else(people: People, told: Callable[..., int]) -> None:
    assert told(name="赣南家具") == 2
    assert people.titles(people.mei) == people.titles(people.tom) == ["备案已通过：赣南家具"]
    assert people.titles(people.rita) == people.titles(people.officer) == []


def test_the_office_is_told_by_role(people: People, told: Callable[..., int]) -> None:
    assert told("registration_submitted", to=Audience(roles=("zone_officer", "admin")), name="赣南家具") == 1
    assert people.titles(people.officer) == ["有新的备案申请：赣南家具"]


def test_a_message_is_worded_in_the_language_of_whoever_reads_it(people: People, told: Callable[..., int]) -> None:
    told("case_opened", subject={"list": "case_kinds", "code": "late_correction"})
    (message,) = people.messages(people.mei)
    assert message.title("zh") == "贵企业的单证出现异常：放行后要求变更单据"
    assert message.title("en") == "Something unusual about your documents: Correction asked after release"


def test_whoever_switched_a_kind_off_is_not_told(people: People, told: Callable[..., int]) -> None:
    people.chooses(people.mei, registration_approved="off")
    assert told() == 1
    assert people.titles(people.mei) == []


def test_whoever_may_not_see_the_documents_is_not_told_of_them(people: People, told: Callable[..., int]) -> None:
    with people.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE user_account SET permissions = '{products:read}' WHERE login = 'tom@example.org'")
    assert told("list_rejected") == 1
    assert told() == 2, "what concerns the whole firm everybody hears"


def test_security_cannot_be_switched_off_and_unknown_channels_are_refused(people: People) -> None:
    with people.database.begin() as uow, pytest.raises(Refused, match="notice_fixed"):
        choose(uow, people.mei, {"password_changed": "off"})
    with people.database.begin() as uow, pytest.raises(Refused, match="channel_unknown"):
        choose(uow, people.mei, {APPROVED: "pigeon"})
    with people.database.begin() as uow, pytest.raises(Refused, match="channel_unknown"):
        choose(uow, people.mei, {"gossip": "mail"})


def test_choices_begin_as_the_kinds_have_them(people: People) -> None:
    people.chooses(people.mei, list_released="digest")
    with people.database.reading() as connection:
        chosen = choices_of(connection, people.mei)
    assert chosen["list_released"] == Channel.DIGEST
    assert chosen["list_rejected"] == kinds()["list_rejected"].channel == Channel.MAIL


def tally(people: People, kind: str, number: int, sample: str = "7") -> None:
    with people.database.begin() as uow:
        count(uow, [Tally(people.firm, kind, number, sample)], people.clock.now())


def test_five_thousand_rejections_are_one_message(people: People, clock: FixedClock) -> None:
    for _ in range(50):
        tally(people, "list_rejected", 100)
        clock.advance(seconds=1)
    assert tell_digests(people.database, clock) == 0, "it has not settled yet"
    clock.advance(seconds=60)
    assert tell_digests(people.database, clock) == 2
    assert people.titles(people.mei) == ["5,000 份清单被退单"]
    assert tell_digests(people.database, clock) == 0


def test_what_never_settles_is_told_after_ten_minutes(people: People, clock: FixedClock) -> None:
    for _ in range(61):
        tally(people, "list_released", 1)
        clock.advance(seconds=10)
    assert tell_digests(people.database, clock) == 2


def test_an_unread_digest_takes_later_counts_in_and_moves_to_the_top(
    people: People, clock: FixedClock, told: Callable[..., int]
) -> None:
    tally(people, "list_rejected", 1)
    clock.advance(minutes=2)
    tell_digests(people.database, clock)
    told()
    assert people.messages(people.mei)[1].subject == "7", "a single one opens itself"
    tally(people, "list_rejected", 2)
    clock.advance(minutes=2)
    tell_digests(people.database, clock)
    newest, _ = people.messages(people.mei)
    assert (newest.number, newest.subject) == (3, "")


def test_a_digest_that_was_read_is_not_changed_any_more(people: People, clock: FixedClock) -> None:
    for _ in range(2):
        tally(people, "list_rejected", 4)
        clock.advance(minutes=2)
        tell_digests(people.database, clock)
        with people.database.begin() as uow:
            read_all(uow, people.mei, clock)
    assert [message.number for message in people.messages(people.mei)] == [4, 4]
    assert [message.number for message in people.messages(people.tom)] == [8]


def test_reading_is_ones_own_and_counts_down(people: People, clock: FixedClock, told: Callable[..., int]) -> None:
    told()
    told()
    (newest, _) = people.messages(people.mei)
    with people.database.begin() as uow:
        assert read(uow, people.mei, newest.id, clock).read_at == clock.now()
        with pytest.raises(NotFound):
            read(uow, people.tom, newest.id, clock)
    with people.database.reading() as connection:
        assert unread_count(connection, people.mei) == 1
        assert unread_count(connection, people.tom) == 2
        assert notice(connection, people.rita, newest.id) is None


def test_all_read_stops_at_what_was_shown(people: People, clock: FixedClock, told: Callable[..., int]) -> None:
    told()
    (shown,) = people.messages(people.mei)
    told()
    with people.database.begin() as uow:
        assert read_all(uow, people.mei, clock, upto=shown.place) == 1
    assert len(people.messages(people.mei, Filter(unread=True))) == 1


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Filter(text="赣南"), 1),
        (Filter(text="备案已通过"), 1),
        (Filter(text="password", locale="en"), 1),
        (Filter(text="密码", locale="en"), 0),
        (Filter(group="security"), 1),
        (Filter(group="lists"), 0),
        (Filter(text="100%"), 0),
        (Filter(unread=True), 2),
    ],
)
def test_messages_are_found_by_what_is_shown(people: People, told: Callable[..., int], wanted: Filter, number: int) -> None:
    told(name="赣南家具")
    told("password_changed", to=Audience(user_id=people.mei))
    assert len(people.messages(people.mei, wanted)) == number


@pytest.fixture
def watchful(database: Database) -> Iterator[Database]:
    """A database on which audited acts are told of."""
    found = Database(database.url, {Audited: [tell_security]})
    yield found
    found.close()


def test_credentials_and_passwords_tell_whom_they_belong_to(watchful: Database, people: People, clock: FixedClock) -> None:
    by = Principal(Role.FIRM, people.firm, frozenset(FIRM), user_id=people.mei)
    with watchful.begin() as uow:
        issued = issue_credential(uow, people.firm, "ERP", [Permission.BILLS_READ], by, clock)
        revoke_credential(uow, people.firm, issued.id, by, clock)
        audit(uow, by, "user.password", f"user:{people.tom}", clock)
        audit(uow, by, "personal.reveal", "order:1", clock)
    assert people.titles(people.tom) == ["您的登录密码已修改", "接口凭证已吊销：ERP", "新发了接口凭证：ERP"]
    assert people.titles(people.rita) == []


def test_a_first_password_is_no_news_and_a_reset_is(watchful: Database, people: People, clock: FixedClock) -> None:
    with watchful.begin() as uow:
        link = invite(uow, Invitation("new@example.org", "new", Role.FIRM, people.firm), None, clock)
    with watchful.begin() as uow:
        accept(uow, link.token, "a-first-long-password", clock)
    assert people.titles(link.user_id) == []
    clock.advance(days=1)
    with watchful.begin() as uow:
        reset = request_reset(uow, "new@example.org", clock)
    assert reset is not None
    with watchful.begin() as uow:
        accept(uow, reset.token, "a-second-long-password", clock)
    assert people.titles(link.user_id) == ["您的登录密码已修改"]


def test_every_kind_has_words_in_both_languages_and_a_default() -> None:
    for kind in kinds().values():
        assert kind.audience in ("firm", "office", "bank", "person")
        for field in ("label", "title", "text"):
            assert kind.words[f"{field}_zh"], kind.code
            assert kind.words[f"{field}_en"], kind.code
        assert not (kind.fixed and kind.channel == Channel.OFF)
