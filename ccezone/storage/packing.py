"""``COPY`` in binary of rows that are numbers and moments but for their last column, a text: spelled by columns, in one go.

A third of what ``INSERT … SELECT FROM unnest`` costs PostgreSQL, and half of what it costs here.
"""

import struct
from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from ccezone.storage.copying import copy_statement, driver

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]
_MOMENT = "TIMESTAMP WITH TIME ZONE"
_LETTERS = {"SMALLINT": "h", "INTEGER": "i", "BIGINT": "q", _MOMENT: "q"}
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_END = struct.pack("!h", -1)
_EPOCH = 946_684_800_000_000
"""PostgreSQL counts microseconds from 2000, in UTC."""


class PackedTable:
    """How rows of a table are spelled whose columns are numbers and moments, none of them empty, and a text at the end."""

    def __init__(self, table: Table) -> None:
        """Raises ``KeyError``: a column of another type."""
        *counted, _text = table.columns
        self._statement = copy_statement(table.name, tuple(column.name for column in table.columns), binary=True)
        self._types = [column.type.compile(_DIALECT) for column in counted]
        letters = [_LETTERS[kind] for kind in self._types]
        self._sizes = [struct.calcsize("!" + letter) for letter in letters]
        self._row = struct.Struct("!h" + "".join("i" + letter for letter in letters) + "i")

    def copy(self, connection: Connection, columns: Sequence[Iterable[int]], texts: Sequence[str]) -> None:
        """Copy rows given by columns, in the order of the table; moments as microseconds since 1970.

        A column that is the same throughout may be ``itertools.repeat``. Raises what the server raises (unique violations
        included): the transaction, or the savepoint, is then lost.
        """
        spelled = [text.encode() for text in texts]
        numbers = [_since_2000(given) if kind == _MOMENT else given for kind, given in zip(self._types, columns, strict=True)]
        sized = chain.from_iterable((repeat(size), column) for size, column in zip(self._sizes, numbers, strict=True))
        heads = map(self._row.pack, repeat(len(numbers) + 1), *sized, map(len, spelled))
        body = b"".join(chain.from_iterable(zip(heads, spelled, strict=True)))
        with driver(connection).cursor() as cursor, cursor.copy(self._statement) as copy:
            copy.write(_SIGNATURE + body + _END)


def _since_2000(moments: Iterable[int]) -> Iterable[int]:
    return map((-_EPOCH).__add__, moments)
