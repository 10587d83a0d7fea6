"""One use case, one transaction: rows, news and what its listeners do commit together or not at all."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ccezone.accounts.tables import AuditEntry
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork

pytestmark = pytest.mark.storage
NOW = datetime(2026, 1, 5, tzinfo=UTC)
ENTRY: dict[str, Any] = {
    "id": uuidv7(),
    "number": 1,
    "at": NOW,
    "actor": "",
    "subject": "",
    "detail": {},
    "former": b"",
    "digest": b"",
}
_ADD = text("INSERT INTO event_log (subject_kind, subject, at, kind, actor, detail) VALUES ('test', 1, now(), :kind, '', '{}')")


@dataclass(frozen=True)
class Happened:
    """News."""

    what: str


def log(uow: UnitOfWork, news: object) -> None:
    """A listener that writes what it heard."""
    assert isinstance(news, Happened)
    uow.connection.execute(_ADD, {"kind": news.what})


def kinds(database: Database) -> list[str]:
    """What was logged."""
    with database.reading() as connection:
        return list(connection.execute(text("SELECT kind FROM event_log ORDER BY id")).scalars())


def test_a_listener_writes_in_the_transaction_that_published(database: Database) -> None:
    database.subscriptions = {Happened: [log, log]}
    with database.begin() as uow:
        uow.publish(Happened("heard"))
        assert kinds(database) == [], "nobody sees it before the commit"
    assert kinds(database) == ["heard", "heard"]


def test_when_anything_fails_nothing_is_kept(database: Database) -> None:
    database.subscriptions = {Happened: [log]}

    def fail(uow: UnitOfWork) -> None:
        uow.publish(Happened("heard"))
        raise RuntimeError("afterwards")

    with pytest.raises(RuntimeError), database.begin() as uow:
        fail(uow)
    assert kinds(database) == []


def test_news_nobody_listens_to_is_no_error(database: Database) -> None:
    with database.begin() as uow:
        uow.publish(Happened("unheard"))
    assert kinds(database) == []


def test_rows_of_the_session_and_of_the_connection_share_the_transaction(database: Database) -> None:
    with database.begin() as uow:
        uow.session.execute(_ADD, {"kind": "session"})
        uow.connection.execute(_ADD, {"kind": "connection"})
    assert kinds(database) == ["session", "connection"]


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with database.reading() as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.execute(_ADD, {"kind": "forbidden"})


def test_of_all_processes_one_holds_a_lock(database: Database) -> None:
    other = Database(database.url)
    with database.alone(77) as first, other.alone(77) as second, other.alone(78) as elsewhere:
        assert (first, second, elsewhere) == (True, False, True)
    with other.alone(77) as later:
        assert later
    other.close()


def test_a_joined_unit_of_work_commits_with_the_one_it_is_part_of(database: Database) -> None:
    database.subscriptions = {Happened: [log]}
    with database.begin() as uow:
        with database.joined(uow).begin() as part:
            part.publish(Happened("part"))
        assert kinds(database) == [], "the part alone commits nothing"
    assert kinds(database) == ["part"]


def fail_in_part(database: Database, uow: UnitOfWork) -> None:
    """Write rows both ways in a part, and break it off."""
    with database.joined(uow).begin() as part:
        part.session.add(AuditEntry(**ENTRY, action="undone"))
        part.session.flush()
        part.publish(Happened("undone"))
        raise ZeroDivisionError


def test_a_joined_unit_of_work_that_fails_undoes_its_own_part_only(database: Database) -> None:
    database.subscriptions = {Happened: [log]}
    with database.begin() as uow:
        uow.publish(Happened("before"))
        with pytest.raises(ZeroDivisionError):
            fail_in_part(database, uow)
        with database.joined(uow).begin() as part:
            part.session.add(AuditEntry(**ENTRY, action="kept"))
    assert kinds(database) == ["before"]
    with database.reading() as connection:
        assert connection.execute(text("SELECT action FROM audit_entry")).scalars().all() == ["kept"]


def test_a_joined_unit_of_work_may_tell_others(database: Database) -> None:
    heard: list[object] = []
    database.subscriptions = {Happened: [log]}
    with database.begin() as uow, database.joined(uow, {Happened: [lambda _uow, news: heard.append(news)]}).begin() as part:
        part.publish(Happened("inside"))
    assert (heard, kinds(database)) == ([Happened("inside")], [])
