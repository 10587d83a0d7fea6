"""What an export's archive is made of: parts of it to be kept one by one, and rows of a table as CSV and as JSON."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.csv_text import csv_text
from ccezone.statistics.sources import Source

PERSONAL = "personal"
_PART = 4 * 1024 * 1024  # bytes


@dataclass
class Parts(io.RawIOBase):
    """A file that is written from front to back, and handed on in parts of some megabytes."""

    keep: Callable[[bytes], None]
    written: int = 0
    _pending: bytearray = field(default_factory=bytearray)

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:  # whatever has a buffer
        taken = bytes(data)
        self._pending += taken
        self.written += len(taken)
        while len(self._pending) >= _PART:
            self.keep(bytes(self._pending[:_PART]))
            del self._pending[:_PART]
        return len(taken)

    def finish(self) -> None:
        """Hand on what is left."""
        if self._pending:
            self.keep(bytes(self._pending))
            self._pending.clear()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a table that are written together; the ``first`` brings what stands above them."""

    rows: Sequence[Mapping[str, object]]
    first: bool


def columns_of(source: Source) -> list[str]:
    """Return the columns of a table as written; all personal values stand in the last."""
    return [*source.columns, *([PERSONAL] if source.sealed else [])]


def as_csv(source: Source, rows: Sequence[Mapping[str, object]], *, first: bool) -> bytes:
    """Write rows for spreadsheets: nothing in them is taken for a formula."""
    names = columns_of(source)
    heading = [names] if first else []
    return csv_text([*heading, *([_cell(row[name]) for name in names] for row in rows)], marked=first)


def as_json(_source: Source, rows: Sequence[Mapping[str, object]], *, first: bool) -> bytes:
    """One row a line of one array, exact: amounts are texts."""
    lines = (orjson.dumps(dict(row), default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME) for row in rows)
    body = b",\n".join(lines)
    if first:
        return b"[\n" + body
    return b",\n" + body if body else b""


def _plain(value: object) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S%:z}" if isinstance(value, datetime) else str(value)


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=_plain).decode()
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value
