"""Fixtures every test may use: one embedded PostgreSQL a session, one migrated database a worker, emptied before each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from ccezone.storage import Database
from ccezone.storage.embedded import EmbeddedPostgres
from ccezone.storage.migrating import upgrade
from tests.hub.harness import Hub

_TABLES = """
SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of this test session's own."""
    folder: Path = tmp_path_factory.mktemp("postgres")
    folder.chmod(0o755)
    with EmbeddedPostgres(folder, durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def database_url(database_server: EmbeddedPostgres) -> str:
    """Address of a migrated database on it."""
    upgrade(database_server.url)
    return database_server.url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The migrated database, empty."""
    database = Database(database_url)
    with database.engine.begin() as connection:
        tables = connection.execute(text(_TABLES)).scalar_one()
        if tables:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    yield database
    database.close()


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Hub:
    """A founded zone on the empty database, driven step by step."""
    return Hub(database, tmp_path / "keys")
