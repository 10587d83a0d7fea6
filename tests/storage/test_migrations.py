"""Migrations: numbered, pinned, equal to the model, harmless to repeat, safe when two processes begin at once."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import text

from ccezone.accounts.service import record, verify_audit
from ccezone.bootstrap import all_tables
from ccezone.kernel.clock import SystemClock
from ccezone.storage import Database, readiness
from ccezone.storage.copying import fetch
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import configuration, current_head, differences, pinned_head, upgrade

pytestmark = pytest.mark.storage
VERSIONS = Path(sys.modules["ccezone.storage.migrating"].__file__ or "").parent / "migrations" / "versions"
_FILES = sorted(path.name for path in VERSIONS.glob("[0-9]*.py"))


@pytest.fixture
def empty_url(database_server: EmbeddedPostgres) -> Iterator[str]:
    """Address of a database in which nothing is."""
    yield database_server.create_database("migrating")
    database_server.drop_database("migrating")


def test_migrations_are_numbered_without_a_gap_and_the_last_is_pinned() -> None:
    numbers = [name.split("_", 1)[0] for name in _FILES]
    assert numbers == [f"{place:04d}" for place in range(1, len(numbers) + 1)]
    assert pinned_head() == numbers[-1]


def test_each_migration_follows_the_one_before() -> None:
    for place, name in enumerate(_FILES):
        found = re.search(r"^down_revision.*= (.*)$", (VERSIONS / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert found is not None
        assert found.group(1).strip("\"'") == (f"{place:04d}" if place else "None")


def test_documents_that_are_read_whole_cost_analyse_nothing(database: Database) -> None:
    with database.reading() as connection:
        found = "SELECT attname FROM pg_attribute WHERE attrelid = 'order_version'::regclass AND attstattarget = 0"
        assert fetch(connection, found) == [("lines",)]


def test_the_tables_of_the_code_are_those_of_the_migrations(database: Database) -> None:
    with database.engine.connect() as connection:
        assert differences(connection, all_tables()) == []


def test_a_column_that_only_the_database_has_is_noticed(empty_url: str) -> None:
    upgrade(empty_url)
    database = Database(empty_url)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE enterprise ADD COLUMN planted text"))
        assert "planted" in str(differences(connection, all_tables()))
    database.close()


def test_upgrading_twice_is_harmless_and_ready(empty_url: str) -> None:
    before = Database(empty_url)
    assert readiness(before).migration is None
    upgrade(empty_url)
    upgrade(empty_url)
    with before.reading() as connection:
        assert current_head(connection) == pinned_head()
    found = readiness(before)
    assert (found.reachable, found.migration) == (True, found.expected)
    before.close()


def test_an_audit_trail_kept_before_it_was_chained_is_chained(empty_url: str) -> None:
    database = Database(empty_url)
    with database.engine.begin() as connection:
        command.upgrade(configuration(connection), "0004")
        for number, actor in enumerate(("user:a", "用户", "system")):
            values = {"id": UUID(int=number), "actor": actor, "number": number}
            connection.execute(text(_OLD_ENTRY), values)
    upgrade(empty_url)
    checked = verify_audit(database, SystemClock())
    assert (checked.number, checked.found) == (3, 0)
    with database.begin() as uow:
        record(uow, None, "user.create", "user:b", SystemClock())
    assert verify_audit(database, SystemClock()).whole
    database.close()


_OLD_ENTRY = """
INSERT INTO audit_entry (id, at, actor, action, subject, detail)
VALUES (:id, now() + :number * interval '1.000001 s', :actor, 'user.create', 'user:a', '{"角色": "firm", "b": "1"}')
"""


def test_two_processes_that_upgrade_at_once_take_turns(empty_url: str) -> None:
    program = f"from ccezone.storage.migrating import upgrade; upgrade({empty_url!r})"
    both = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(2)]
    for process in both:
        _, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint.decode()
    database = Database(empty_url)
    with database.reading() as connection:
        assert current_head(connection) == pinned_head()
    database.close()


def test_a_database_that_does_not_answer_is_not_ready() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert not readiness(database).reachable
