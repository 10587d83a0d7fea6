"""The mock's own database: created when it is missing, and connections that survive a restart of the server."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from queue import Empty, LifoQueue
from typing import Any, TypeAlias

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from integrations.mockservers.single_window.bodies import packed
from integrations.mockservers.single_window.layout import LAYOUTS, SUMMED_HEAD, SUMMED_LINES
from integrations.mockservers.single_window.records import widened

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

VERSION = 3
_APPLICATIONS = "applications.sql"
_CREATION_LOCK = 0x6D6F636B  # "mock"
_CONNECT_SECONDS = 10


class WrongVersion(RuntimeError):
    """The database was made by another version of the mock."""


def native_url(url: str) -> str:
    """Accept SQLAlchemy's spelling of an address as well."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


class Connections:
    """A few open connections, handed out one at a time."""

    def __init__(self, url: str) -> None:
        self.url = native_url(url)
        self._idle: LifoQueue[Connection] = LifoQueue()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Hand out a connection in a transaction that commits when the block ends. Raises ``psycopg.Error``."""
        with self.statement() as connection, connection.transaction():
            yield connection

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """Hand out a connection for one statement, which commits by itself. Raises ``psycopg.Error``."""
        connection = self._take()
        try:
            yield connection
        finally:
            if connection.broken or connection.closed:
                self.close()
            else:
                self._idle.put(connection)

    def _take(self) -> Connection:
        while True:
            try:
                connection = self._idle.get_nowait()
            except Empty:
                return psycopg.connect(self.url, autocommit=True, connect_timeout=_CONNECT_SECONDS, prepare_threshold=3)
            if not connection.closed:
                return connection

    def close(self) -> None:
        """Close what is idle; after a server restart every idle connection is as dead as the one that noticed."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return


def array(numbers: Iterable[int]) -> str:
    """Spell numbers as an array literal, to be cast as in ``%s::bigint[]``: far cheaper than adapting each."""
    return "{" + ",".join(map(str, numbers)) + "}"


def prepare(url: str, patience_seconds: float = 30.0) -> None:
    """Create the database and its tables where they are missing, waiting for the server to come up.

    Raises ``WrongVersion``, and ``psycopg.OperationalError`` when no server came up in time.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            _create_database(native_url(url))
            _create_tables(native_url(url))
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _create_database(url: str) -> None:
    name = str(conninfo_to_dict(url).get("dbname") or "")
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (_CREATION_LOCK,))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _create_tables(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_CREATION_LOCK,))
        if connection.execute("SELECT to_regclass('mock_version')").fetchone() == (None,):
            for script in ("schema.sql", _APPLICATIONS):
                connection.execute((files(__package__ or "") / script).read_bytes())
        if connection.execute("SELECT version FROM mock_version").fetchone() == (1,):
            _compress_bodies(connection)
        if connection.execute("SELECT version FROM mock_version").fetchone() == (2,):
            _widen_lists(connection)
        found = connection.execute("SELECT version FROM mock_version").fetchone()
        if found != (VERSION,):
            raise WrongVersion(f"the mock's database has version {found}, this program needs {VERSION}: drop it")


def _compress_bodies(connection: Connection) -> None:
    """Bring version 1, which kept messages as they were, to version 2: what waits is compressed, nothing else differs."""
    for table in ("inbox_queue", "mailbox"):
        named = {"table": sql.Identifier(table)}
        waiting = connection.execute(sql.SQL("SELECT id, body FROM {table}").format(**named)).fetchall()
        kept = sql.SQL("UPDATE {table} SET body = %s WHERE id = %s").format(**named)
        for number, body in waiting:
            connection.execute(kept, (packed(body), number))
    connection.execute("UPDATE mock_version SET version = 2")


def _widen_lists(connection: Connection) -> None:
    """Bring version 2 to version 3, which sums lists up and takes goods back: export lists keep more, empty for older ones."""
    connection.execute((files(__package__ or "") / _APPLICATIONS).read_bytes())
    layout = LAYOUTS["CEB603Message"]
    head, lines = ([name in added for name in names] for added, names in ((SUMMED_HEAD, layout.head), (SUMMED_LINES, layout.lines)))
    for key, facts in connection.execute("SELECT key, facts FROM documents WHERE kind = 603").fetchall():
        connection.execute("UPDATE documents SET facts = %s WHERE key = %s", (widened(facts, head, lines), key))
    connection.execute("DELETE FROM documents WHERE kind IN (213, 625, 701)")  # answered without being read until now
    connection.execute("UPDATE mock_version SET version = 3")
