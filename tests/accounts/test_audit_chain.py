"""The audit trail cannot be changed unseen: one entry altered, removed, exchanged, added or cut off is found and named."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from click.testing import CliRunner

from ccezone.accounts.queries.audit import AuditFilter, audit_end, search_audit, verifications
from ccezone.accounts.rules.chaining import Break, Damage, Entry, Head, digest_of
from ccezone.accounts.service import record, verify_audit
from ccezone.cli import main
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Connection, Database
from ccezone.storage.copying import fetch, run
from tests.accounts.conftest import OFFICER

pytestmark = pytest.mark.storage


@pytest.fixture
def trail(database: Database, clock: FixedClock) -> list[UUID]:
    """Five things somebody did; their entries' ids in order."""
    for number in range(5):
        with database.begin() as uow:
            record(uow, OFFICER, "personal.reveal", f"order:{number}", clock, {"field": "buyer_name", "名": "值"})
    with database.reading() as connection:
        return [row[0] for row in fetch(connection, "SELECT id FROM audit_entry ORDER BY number")]


def found(database: Database, clock: FixedClock, anchor: Head | None = None) -> list[Break]:
    return list(verify_audit(database, clock, anchor=anchor).breaks)


def meddle(database: Database, *statements: str) -> None:
    """Change the trail as somebody would who owns the database."""
    with database.begin() as uow:
        run(uow.connection, "ALTER TABLE audit_entry DISABLE TRIGGER append_only")
        for statement in statements:
            assert run(uow.connection, statement) > 0
        run(uow.connection, "ALTER TABLE audit_entry ENABLE TRIGGER append_only")


def test_a_trail_nobody_touched_is_whole(database: Database, clock: FixedClock, trail: list[UUID]) -> None:
    assert len(trail) == 5
    checked = verify_audit(database, clock)
    assert (checked.whole, checked.number) == (True, 5)
    with database.reading() as connection:
        assert verifications(connection)[0] == checked


def test_an_empty_trail_is_whole(database: Database, clock: FixedClock) -> None:
    assert found(database, clock) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'user:nobody'",
        "at = at - interval '1 microsecond'",
        "subject = 'order:9'",
        "action = 'personal.print'",
        """detail = '{"field": "phone"}'""",
        "digest = former",
        "former = digest",
    ],
)
def test_an_altered_entry_is_named(database: Database, clock: FixedClock, trail: list[UUID], change: str) -> None:
    meddle(database, f"UPDATE audit_entry SET {change} WHERE number = 3")  # noqa: S608
    assert found(database, clock)[0] == Break(3, Damage.ALTERED, trail[2])


def test_a_removed_entry_is_named(database: Database, clock: FixedClock, trail: list[UUID]) -> None:
    assert trail
    meddle(database, "DELETE FROM audit_entry WHERE number = 3")
    assert found(database, clock) == [Break(3, Damage.REMOVED)]


def test_removing_the_last_entries_is_found_even_with_the_head_moved_back(
    database: Database, clock: FixedClock, trail: list[UUID]
) -> None:
    assert trail
    with database.reading() as connection:
        kept = audit_end(connection)[0]
    meddle(database, "DELETE FROM audit_entry WHERE number > 3")
    assert found(database, clock) == [Break(4, Damage.REMOVED), Break(5, Damage.REMOVED)]
    meddle(database, "DELETE FROM audit_verification")
    meddle(database, "UPDATE audit_head SET number = 3, digest = (SELECT digest FROM audit_entry WHERE number = 3)")
    assert found(database, clock) == []
    assert found(database, clock, anchor=kept) == [Break(5, Damage.REMOVED)]


def test_a_head_that_is_gone_is_found(database: Database, clock: FixedClock, trail: list[UUID]) -> None:
    assert trail
    meddle(database, "DELETE FROM audit_head")
    assert found(database, clock) == [Break(5, Damage.FORGED)]


_SWAPPED = "UPDATE audit_entry SET number = CASE number WHEN {0} THEN -{1} ELSE -{0} END WHERE number IN ({0}, {1})"


def test_two_exchanged_entries_are_named(database: Database, clock: FixedClock, trail: list[UUID]) -> None:
    meddle(database, _SWAPPED.format(2, 4), "UPDATE audit_entry SET number = -number WHERE number < 0")
    assert {each.entry_id for each in found(database, clock)} >= {trail[1], trail[3]}


def test_contents_exchanged_between_two_entries_are_named(database: Database, clock: FixedClock, trail: list[UUID]) -> None:
    swap = """
    UPDATE audit_entry a SET subject = b.subject, at = b.at FROM audit_entry b
    WHERE (a.number, b.number) IN ((2, 4), (4, 2))
    """
    meddle(database, swap)
    assert [each.entry_id for each in found(database, clock)] == [trail[1], trail[3]]


def test_an_entry_replaced_with_its_digest_made_right_breaks_the_one_after_it(
    database: Database, clock: FixedClock, trail: list[UUID]
) -> None:
    with database.reading() as connection:
        entry = search_audit(connection, AuditFilter(subject="order:2"))[0]
        former = fetch(connection, "SELECT former FROM audit_entry WHERE number = 3")[0][0]
    forged = Entry(entry.id, entry.at, entry.actor, entry.action, "order:77", entry.detail)
    digest = digest_of(3, bytes(former), forged).hex()
    meddle(database, f"UPDATE audit_entry SET subject = 'order:77', digest = '\\x{digest}' WHERE number = 3")  # noqa: S608
    assert found(database, clock) == [Break(4, Damage.FORGED, trail[3])]


def test_a_trail_written_anew_from_end_to_end_does_not_pass_an_earlier_check(
    database: Database, clock: FixedClock, trail: list[UUID]
) -> None:
    assert trail
    verify_audit(database, clock)
    meddle(database, "DELETE FROM audit_entry", "DELETE FROM audit_head")
    for number in range(5):
        with database.begin() as uow:
            record(uow, OFFICER, "personal.reveal", f"order:{number + 40}", clock)
    assert found(database, clock) == [Break(5, Damage.FORGED)]


def test_the_database_itself_refuses_a_change(database: Database, trail: list[UUID]) -> None:
    assert trail
    with pytest.raises(Exception, match="append-only"), database.begin() as uow:
        run(uow.connection, "UPDATE audit_entry SET subject = '' WHERE number = 1")


def test_many_at_once_make_one_chain_without_a_gap(database: Database, clock: FixedClock) -> None:
    def act(who: int) -> None:
        for number in range(5):
            with database.begin() as uow:
                record(uow, OFFICER, "personal.reveal", f"order:{who}-{number}", clock)
                record(uow, OFFICER, "personal.print", f"order:{who}-{number}", clock)

    with ThreadPoolExecutor(6) as people:
        list(people.map(act, range(6)))
    checked = verify_audit(database, clock)
    assert (checked.number, checked.found) == (60, 0)


def test_what_is_rolled_back_leaves_no_gap(database: Database, clock: FixedClock, trail: list[UUID]) -> None:
    assert trail
    with pytest.raises(LookupError):
        _fails_after_recording(database, clock)
    with database.begin() as uow:
        record(uow, OFFICER, "personal.reveal", "order:kept", clock)
    assert found(database, clock) == []


def _fails_after_recording(database: Database, clock: FixedClock) -> None:
    with database.begin() as uow:
        record(uow, OFFICER, "personal.reveal", "order:lost", clock)
        raise LookupError


def test_the_head_is_locked_for_the_commit_alone(database: Database, clock: FixedClock) -> None:
    """Somebody who has recorded and is still at work keeps nobody waiting."""
    with database.begin() as slow:
        record(slow, OFFICER, "personal.reveal", "order:slow", clock)
        with database.begin() as quick:
            record(quick, OFFICER, "personal.reveal", "order:quick", clock)
    with database.reading() as connection:
        assert _subjects(connection) == ["order:slow", "order:quick"]


def _subjects(connection: Connection) -> list[str]:
    return [row.subject for row in search_audit(connection, AuditFilter())]


@pytest.mark.parametrize(
    ("wanted", "subjects"),
    [
        (AuditFilter(subject="order:1"), ["order:1"]),
        (AuditFilter(actors=["user:x"]), []),
        (AuditFilter(actors=[OFFICER.actor], actions=["personal.reveal"], subject="order:"), ["order:4", "order:3"]),
        (AuditFilter(subject="order:%"), []),
    ],
)
def test_the_trail_is_searched(database: Database, trail: list[UUID], wanted: AuditFilter, subjects: list[str]) -> None:
    assert trail
    with database.reading() as connection:
        assert [row.subject for row in search_audit(connection, wanted, limit=2)] == subjects


def test_the_command_names_the_entry_and_ends_with_status_one(
    database: Database, clock: FixedClock, trail: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database.url)
    whole = CliRunner().invoke(main, ["audit", "verify"])
    assert (whole.exit_code, "5 条 entries, 完整 whole" in whole.output) == (0, True), whole.output
    anchor = whole.output.strip().rsplit(" ", 1)[1]
    meddle(database, "UPDATE audit_entry SET actor = 'user:nobody' WHERE number = 2")
    told = CliRunner().invoke(main, ["audit", "verify", "--anchor", anchor])
    assert told.exit_code == 1
    assert f"entry 2 ({trail[1]}): 已被篡改 altered" in told.output
    assert CliRunner().invoke(main, ["audit", "verify", "--anchor", "5"]).exit_code == 2
