"""A database as it was before the first test: no rows, and every sequence at its start, so that no test sees another's traces."""

from sqlalchemy import Connection, text

from ccezone.storage import Database
from tests.hub.behind import behind

_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
_SMALL = 8 * 1024
"""Bytes: one page. Leftovers within it change no plan, and rows are read in the order in which they came, as in a new table."""
_EMPTY = """
CREATE SCHEMA emptying;
CREATE FUNCTION emptying.empty() RETURNS void LANGUAGE plpgsql AS $$
DECLARE large text[] := '{{}}';
BEGIN
    IF (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') <> {count} THEN
        RAISE EXCEPTION 'there are tables now that would not be emptied';
    END IF;
    {each}
    IF large <> '{{}}' THEN
        EXECUTE 'TRUNCATE ' || array_to_string(large, ', ') || ' CASCADE';
    END IF;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
_EACH = """
    IF EXISTS (SELECT FROM public.{name}) THEN
        IF pg_relation_size('public.{name}') > {small} THEN large := array_append(large, 'public.{name}');
        ELSE DELETE FROM public.{name}; END IF;
    END IF;
"""


def filled_tables(connection: Connection) -> list[str]:
    """The tables that hold rows, but the one of the migrations."""
    tables = connection.execute(text(_TABLES)).scalars().all()
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)  # noqa: S608  # our own names
    return [row[0] for row in connection.execute(text(" UNION ALL ".join(asked)))]


def lay_up_emptying(connection: Connection) -> None:
    """Teach a migrated database to empty itself: by a function whose statements, one for each table, are planned once."""
    tables = connection.execute(text(_TABLES)).scalars().all()
    each = "".join(_EACH.format(name=name, small=_SMALL) for name in tables)
    connection.exec_driver_sql(_EMPTY.format(count=len(tables) + 1, each=each).replace("%", "%%"))


def empty(database: Database) -> None:
    """Empty the tables that hold rows. Raises ``DBAPIError`` when there are others than when ``lay_up_emptying`` looked.

    Deleting the few rows of a small table takes a tenth of the time that new files for it and its indexes take. Neither
    triggers nor foreign keys look on, for all rows go.
    """
    with behind(database) as connection:
        connection.execute(text("SELECT emptying.empty()"))
