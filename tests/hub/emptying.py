"""A database as it was before the first test: no rows, and every sequence at its start, so that no test sees another's traces."""

from sqlalchemy import Connection, text

_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_SMALL = 8 * 1024
"""Bytes: one page. Leftovers within it change no plan, and rows are read in the order in which they came, as in a new table."""


def filled_tables(connection: Connection) -> list[str]:
    """The tables that hold rows, but the one of the migrations."""
    return [name for name, _size in _filled(connection)]


def empty(connection: Connection) -> None:
    """Empty the tables that hold rows.

    Deleting the few rows of a small table takes a tenth of the time that new files for it and its indexes take. Neither
    triggers nor foreign keys look on, for all rows go.
    """
    filled = _filled(connection)
    large = [name for name, size in filled if size > _SMALL]
    if large:
        connection.execute(text(f"TRUNCATE {', '.join(large)} CASCADE"))
    if filled:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        deletions = " ".join(f"DELETE FROM {name};" for name, size in filled if size <= _SMALL)  # noqa: S608
        connection.execute(text(f"DO $$ BEGIN {deletions} END $$"))
        connection.execute(text("SET LOCAL session_replication_role = origin"))
    connection.execute(text(_RESTART))


def _filled(connection: Connection) -> list[tuple[str, int]]:
    """The tables that hold rows, and their sizes in bytes."""
    tables = connection.execute(text(_TABLES)).scalars().all()
    asked = (f"SELECT '{name}', pg_relation_size('{name}') WHERE EXISTS (SELECT FROM {name})" for name in tables)  # noqa: S608
    return [(row[0], row[1]) for row in connection.execute(text(" UNION ALL ".join(asked)))]
