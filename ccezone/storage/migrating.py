"""Bringing a database to the newest schema, safely when several processes try at once."""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from ccezone.storage.reach.laying import lay_reach
from ccezone.storage.unit_of_work import Database

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 4_611_686_018_427_387_001  # advisory lock of whoever migrates


def pinned_head() -> str:
    """Return the migration this code was written for."""
    return (_FOLDER / "HEAD").read_text(encoding="utf-8").strip()


def upgrade(url: str) -> None:
    """Run the outstanding migrations of the database at a SQLAlchemy address, one process at a time; lay what nodes may see."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.commit()
            try:
                command.upgrade(configuration(connection), "head")
                lay_reach(connection)
                connection.commit()
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
    finally:
        engine.dispose()


def current_head(connection: Connection) -> str | None:
    """Return the migration a database stands at, or None when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a database answers, and which migration it stands at against the one this code was written for."""

    reachable: bool
    migration: str | None
    expected: str


def readiness(database: Database) -> Readiness:
    """Look at a database without raising."""
    expected = pinned_head()
    try:
        with database.engine.connect() as connection:
            return Readiness(True, current_head(connection), expected)
    except SQLAlchemyError:
        return Readiness(False, None, expected)


def differences(connection: Connection, metadata: MetaData) -> list[object]:
    """Return what the tables in code have that the migrated database has not, or the reverse."""
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def draft(url: str, metadata: MetaData, number: str, message: str) -> None:
    """Write a new migration from what differs; a person reads and finishes it."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            config = configuration(connection)
            config.attributes["metadata"] = metadata
            command.revision(config, message=message, autogenerate=True, rev_id=number)
    finally:
        engine.dispose()


def configuration(connection: Connection) -> Config:
    """Alembic's configuration without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
