"""Backup and restore: a round trip loses nothing, and nothing is overwritten or half restored."""

import hashlib
import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from ccezone.cli_backup import backup as backup_command
from ccezone.cli_backup import restore as restore_command
from ccezone.storage.backup import BackupRefused, backup, read_manifest, restore
from ccezone.storage.embedded import EmbeddedPostgres, serving

pytestmark = pytest.mark.storage

_FILL = """
CREATE TABLE parcel (id bigint PRIMARY KEY, goods text, amount numeric(12, 2));
INSERT INTO parcel SELECT n, '脐橙 ' || n, n / 100.0 FROM generate_series(1, 500) AS n;
CREATE TABLE receipt (id bigint, at timestamptz) PARTITION BY RANGE (id);
CREATE TABLE receipt_1 PARTITION OF receipt FOR VALUES FROM (0) TO (100);
INSERT INTO receipt VALUES (7, '2026-10-01T00:00:00Z');
CREATE TABLE alembic_version (version_num text);
INSERT INTO alembic_version VALUES ('0009');
"""
_CONTENT = "SELECT md5(string_agg(parcel::text, ',' ORDER BY id)) FROM parcel"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("backup") / "pg", durable=False) as running:
        yield running


@pytest.fixture
def filled(server: EmbeddedPostgres) -> Iterator[str]:
    """A database with something in it."""
    url = server.create_database("filled")
    execute(url, _FILL)
    yield url
    server.drop_database("filled")


@pytest.fixture
def empty(server: EmbeddedPostgres) -> Iterator[str]:
    yield server.create_database("empty")
    server.drop_database("empty")


@pytest.fixture
def attachments(tmp_path: Path) -> Path:
    folder = tmp_path / "attachments"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "发票.pdf").write_bytes(b"%PDF-1.7 \x00\xff")
    return folder


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(statement.encode())


def value(url: str, query: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_a_round_trip_brings_back_every_row_and_file(filled: str, empty: str, attachments: Path, tmp_path: Path) -> None:
    made = backup(filled, attachments, tmp_path / "copy")
    back = restore(tmp_path / "copy", empty, tmp_path / "back")

    assert made == back
    assert made.rows == {"public.alembic_version": 1, "public.parcel": 500, "public.receipt_1": 1}
    assert made.migration == "0009"
    assert value(empty, _CONTENT) == value(filled, _CONTENT)
    assert value(empty, "SELECT at = '2026-10-01T00:00:00Z' FROM receipt") is True
    assert (tmp_path / "back" / "ab" / "发票.pdf").read_bytes() == b"%PDF-1.7 \x00\xff"


def test_a_copy_taken_under_load_agrees_with_its_own_counts(filled: str, empty: str, attachments: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def keep_writing() -> None:
        with psycopg.connect(filled.replace("+psycopg", ""), autocommit=True) as connection:
            while not done.is_set():
                connection.execute("INSERT INTO parcel SELECT max(id) + 1, 'new', 1 FROM parcel")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        backup(filled, attachments, tmp_path / "copy")
    finally:
        done.set()
        writer.join()
    restore(tmp_path / "copy", empty, tmp_path / "back")  # raises when the counts differ


def test_a_database_with_tables_is_not_overwritten(filled: str, attachments: Path, tmp_path: Path) -> None:
    backup(filled, attachments, tmp_path / "copy")
    with pytest.raises(BackupRefused, match="not empty"):
        restore(tmp_path / "copy", filled, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_attachments_are_not_overwritten(filled: str, empty: str, attachments: Path, tmp_path: Path) -> None:
    backup(filled, attachments, tmp_path / "copy")
    with pytest.raises(BackupRefused, match=r"attachments is not empty"):
        restore(tmp_path / "copy", empty, attachments)
    assert value(empty, "SELECT to_regclass('parcel')") is None


def test_force_replaces_what_is_there(filled: str, attachments: Path, tmp_path: Path) -> None:
    backup(filled, attachments, tmp_path / "copy")
    execute(filled, "DELETE FROM parcel; CREATE TABLE later (id int)")
    (attachments / "later").write_text("x")
    restore(tmp_path / "copy", filled, attachments, force=True)
    assert value(filled, "SELECT count(*) FROM parcel") == 500
    assert value(filled, "SELECT to_regclass('later')") is None
    assert not (attachments / "later").exists()


def test_an_existing_folder_is_not_overwritten(filled: str, attachments: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="exists already"):
        backup(filled, attachments, tmp_path)


@pytest.mark.parametrize("name", ["database.dump", "attachments.tar"])
def test_a_damaged_backup_is_refused_before_anything_changes(filled: str, attachments: Path, tmp_path: Path, name: str) -> None:
    backup(filled, attachments, tmp_path / "copy")
    with (tmp_path / "copy" / name).open("ab") as handle:
        handle.write(b"x")
    with pytest.raises(BackupRefused, match=f"{name} is missing or damaged"):
        restore(tmp_path / "copy", filled, attachments, force=True)
    assert value(filled, "SELECT count(*) FROM parcel") == 500


@pytest.mark.parametrize("kind", ["above", "link"])
def test_an_archive_that_leads_elsewhere_is_refused_and_writes_nothing_there(
    filled: str, empty: str, attachments: Path, tmp_path: Path, kind: str
) -> None:
    copy, outside = tmp_path / "copy", tmp_path / "outside.txt"
    backup(filled, attachments, copy)
    member = tarfile.TarInfo("../outside.txt" if kind == "above" else "linked")
    if kind == "link":
        member.type, member.linkname = tarfile.SYMTYPE, str(outside)
    with tarfile.open(copy / "attachments.tar", "w") as archive:
        archive.addfile(member)
    told = json.loads((copy / "manifest.json").read_text())
    told["sha256"]["attachments.tar"] = hashlib.sha256((copy / "attachments.tar").read_bytes()).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(BackupRefused, match="no file or folder of its own"):
        restore(copy, empty, tmp_path / "restored")
    assert not outside.exists()
    assert not (tmp_path / "restored").exists()


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="is not a backup"):
        read_manifest(tmp_path)


def test_the_commands_work_beside_a_running_system_and_without_one(tmp_path: Path) -> None:
    data, copy = str(tmp_path / "data"), str(tmp_path / "copy")
    with EmbeddedPostgres(tmp_path / "data" / "postgres", durable=False) as running:
        execute(running.url, _FILL)
        saved = CliRunner().invoke(backup_command, [copy, "--data", data], env={"DATABASE_URL": None})
    assert (saved.exit_code, "502 rows" in saved.output) == (0, True), saved.output

    refused = CliRunner().invoke(restore_command, [copy, "--data", data], env={"DATABASE_URL": None})
    assert (refused.exit_code, "not empty" in refused.output) == (1, True), refused.output

    forced = CliRunner().invoke(restore_command, [copy, "--force", "--data", data], env={"DATABASE_URL": None})
    assert forced.exit_code == 0, forced.output
    with serving(tmp_path / "data" / "postgres") as url:
        assert value(url, "SELECT count(*) FROM parcel") == 500
