"""Bulk paths: ``COPY`` rows in, and plain psycopg cursors for set-based statements on the transaction's own connection."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, TypeGuard, cast
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import Connection

Row = Sequence[object]
Parameters = Mapping[str, object]
_EPOCH = datetime.fromtimestamp(0, UTC)


def driver(connection: Connection) -> psycopg.Connection[tuple[Any, ...]]:
    """Return the psycopg connection under a SQLAlchemy one; it shares the running transaction."""
    return cast("psycopg.Connection[tuple[Any, ...]]", connection.connection.driver_connection)


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Row], types: Sequence[str] = ()) -> None:
    """Copy rows into a table.

    With ``types`` (PostgreSQL type names, one per column) the binary protocol is used; without, the text protocol.
    Raises what the server raises (unique violations included): the transaction is then lost.
    """
    with driver(connection).cursor() as cursor, cursor.copy(copy_statement(table, tuple(columns), binary=bool(types))) as copy:
        if types:
            copy.set_types(types)
        for row in rows:
            copy.write_row(row)


@cache
def copy_statement(table: str, columns: tuple[str, ...], *, binary: bool) -> bytes:
    """Spell ``COPY … FROM STDIN``."""
    form = sql.SQL(" WITH (FORMAT BINARY)" if binary else "")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) FROM STDIN{}").format(sql.Identifier(table), names, form).as_bytes()


def fetch(
    connection: Connection, statement: str, parameters: Parameters | None = None, *, binary: bool = False
) -> list[tuple[Any, ...]]:
    """Run one statement with ``%(name)s`` parameters and return its rows; ``binary`` pays where they hold long bytes."""
    with driver(connection).cursor() as cursor:
        cursor.execute(statement.encode(), _spelled(parameters), binary=binary)
        return cursor.fetchall() if cursor.description else []


def array(values: Iterable[object]) -> str:
    """Spell numbers, identifiers or ISO moments as an array literal: to be cast, as in ``%(ids)s::bigint[]``.

    A fraction of the cost of adapting a list value by value. Text goes through ``text_array``.
    """
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def numbers(values: Iterable[int | None]) -> str:
    """Spell whole numbers as an array literal, at half the cost of ``array``."""
    return "{" + str([*values])[1:-1].replace("None", "NULL") + "}"


@lru_cache(maxsize=1024)
def microseconds(moment: datetime) -> int:
    """Count from 1970, exactly, for ``timestamptz 'epoch' + n * interval '1 microsecond'``.

    Many rows share few moments, and PostgreSQL reads a number at a third of the cost of a spelled moment.
    """
    return (moment - _EPOCH) // timedelta(microseconds=1)


def text_array(values: Iterable[str | None]) -> str:
    """Spell texts as an array literal, for ``%(names)s::text[]``."""
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def run(connection: Connection, statement: str, parameters: Parameters | None = None) -> int:
    """Run one statement and return how many rows it touched."""
    with driver(connection).cursor() as cursor:
        return cursor.execute(statement.encode(), _spelled(parameters)).rowcount


def _spelled(parameters: Parameters | None) -> Parameters | None:
    """Spell long lists of numbers and identifiers here, at a fraction of what the driver takes for it."""
    if parameters is None:
        return None
    return {name: array(value) if _plain_list(value) else value for name, value in parameters.items()}


def _plain_list(value: object) -> TypeGuard[list[object]]:
    return type(value) is list and len(value) > 0 and type(value[0]) in (int, UUID)
