"""A consistent copy of everything a hub knows: the database, and the attachments it refers to.

A backup is a folder: ``database.dump`` (pg_dump's own format), ``attachments.tar`` and ``manifest.json`` with what is
in them. It holds personal data encrypted; the keys are not in it, and without them that data cannot be read.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ccezone.storage.embedded import program

FORMAT = 1
_DUMP, _ATTACHMENTS, _MANIFEST = "database.dump", "attachments.tar", "manifest.json"
_Connection = psycopg.Connection[tuple[object, ...]]


class BackupRefused(Exception):
    """The copy cannot be made or restored; the text says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``rows`` counts each table, ``sha256`` names each file's digest, ``migration`` is its schema."""

    format: int
    product: str
    made_at: str
    migration: str | None
    rows: Mapping[str, int]
    sha256: Mapping[str, str]


def backup(database_url: str, attachments: Path, target: Path) -> Manifest:
    """Copy database and attachments into the new folder ``target``, while the system runs.

    Attachments are stored before the rows that name them and never changed, so copying them after the database's
    snapshot misses none. Raises ``BackupRefused`` when the folder exists or the database cannot be copied.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already: name a new folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    with _connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = str(_one(connection, "SELECT pg_export_snapshot()"))
        rows, migration = _row_counts(connection), _migration(connection)
        _dump(database_url, snapshot, unfinished / _DUMP)
    _pack(attachments, unfinished / _ATTACHMENTS)
    digests = {name: _sha256(unfinished / name) for name in (_DUMP, _ATTACHMENTS)}
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(FORMAT, version("ccezone"), made_at, migration, rows, digests)
    (unfinished / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    unfinished.rename(target)
    return manifest


def restore(source: Path, database_url: str, attachments: Path, *, force: bool = False) -> Manifest:
    """Put a backup back into an empty database and an empty attachments folder, and prove that it arrived whole.

    ``force`` removes what is there. Raises ``BackupRefused``: damaged or unknown backup, something in the way,
    counts that differ afterwards.
    """
    manifest = read_manifest(source)
    with _connect(database_url) as connection:
        if force:
            _empty(connection)
        elif found := _row_counts(connection):
            raise BackupRefused(f"the database is not empty (it has the table {min(found)}): use --force to replace it")
        if not force and attachments.is_dir() and any(attachments.iterdir()):
            raise BackupRefused(f"{attachments} is not empty: use --force to replace it")
    _load(database_url, source / _DUMP)
    _unpack(source / _ATTACHMENTS, attachments)
    with _connect(database_url) as connection:
        connection.autocommit = True
        connection.execute("ANALYZE")  # a dump carries no planner statistics
        arrived = _row_counts(connection)
    if arrived != manifest.rows:
        wrong = sorted(name for name in {*arrived, *manifest.rows} if arrived.get(name) != manifest.rows.get(name))
        raise BackupRefused(f"the restored row counts differ from the backup's in: {', '.join(wrong)}")
    return manifest


def read_manifest(source: Path) -> Manifest:
    """Read what a backup holds, and check that its files are whole. Raises ``BackupRefused``."""
    try:
        manifest = Manifest(**json.loads((source / _MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupRefused(f"{source} is not a backup: {error}") from error
    if manifest.format != FORMAT:
        raise BackupRefused(f"{source} has format {manifest.format}, this version reads {FORMAT}")
    for name, digest in manifest.sha256.items():
        if not (source / name).is_file() or _sha256(source / name) != digest:
            raise BackupRefused(f"{source / name} is missing or damaged: its SHA-256 is not the manifest's")
    return manifest


def _connect(url: str) -> _Connection:
    try:
        return psycopg.connect(_libpq(url))
    except psycopg.OperationalError as error:
        raise BackupRefused(f"the database does not answer: {error}") from error


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _one(connection: _Connection, query: str) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _row_counts(connection: _Connection) -> dict[str, int]:
    """Rows of each table; partitioned tables are counted through their partitions."""
    found = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables JOIN pg_class ON oid = format('%I.%I', schemaname, tablename)::regclass"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND relkind = 'r' ORDER BY 1, 2"
    ).fetchall()
    counts = {}
    for schema, table in found:
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(str(schema), str(table)))
        row = connection.execute(query).fetchone()
        counts[f"{schema}.{table}"] = int(str(row[0])) if row else 0
    return counts


def _migration(connection: _Connection) -> str | None:
    if _one(connection, "SELECT to_regclass('alembic_version')") is None:
        return None
    return str(_one(connection, "SELECT version_num FROM alembic_version"))


def _empty(connection: _Connection) -> None:
    for (schema,) in connection.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    ).fetchall():
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(str(schema))))
    connection.execute("CREATE SCHEMA public")


def _dump(url: str, snapshot: str, target: Path) -> None:
    options = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run("pg_dump", [*options, f"--file={target}"], url)


def _load(url: str, source: Path) -> None:
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*options, str(source)], url)


def _run(name: str, options: list[str], url: str) -> None:
    """Run a PostgreSQL program on a database; the password goes through the environment, not the process list."""
    parts = conninfo_to_dict(_libpq(url))
    password = {"PGPASSWORD": str(parts.pop("password"))} if "password" in parts else {}
    argv = [str(program(name)), *options, f"--dbname={make_conninfo('', **parts)}"]
    done = subprocess.run(argv, env={**os.environ, **password}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupRefused(f"{name} failed: {done.stderr.strip()}")


def _pack(folder: Path, target: Path) -> None:
    with tarfile.open(target, "w") as archive:
        if folder.is_dir():
            archive.add(folder, arcname=".")


def _unpack(source: Path, folder: Path) -> None:
    """Unpack beside the place and rename: nobody sees half of it."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    with tarfile.open(source) as archive:
        for member in archive:
            _extract(archive, member, unfinished.resolve())
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file or folder. ``extractall`` learnt to refuse what leads elsewhere in Python 3.11.4 only."""
    target = (folder / member.name).resolve()
    content = archive.extractfile(member) if member.isfile() else None
    if not target.is_relative_to(folder) or not (content or member.isdir()):
        raise BackupRefused(f"{_ATTACHMENTS} holds {member.name}, which is no file or folder of its own")
    if content is None:
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("wb") as written:
        shutil.copyfileobj(content, written)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
