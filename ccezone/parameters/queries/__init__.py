"""Reading parameters: from the database, from a book kept for some seconds, or from the defaults that ship with us."""

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import StringIO
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, select, true

from ccezone.parameters.rules import NATIONAL, ExchangeRate, JsonValue, Kind, Parameter, ParameterBook, rate_key, read_value
from ccezone.parameters.tables import PARAMETER

_STAMP = "SELECT count(*), sum(xmin::text::bigint) FROM parameter"
"""Changes with every row that is added, changed or dropped: each row names the transaction that wrote it."""
_books: WeakKeyDictionary[Engine, dict[str, tuple[tuple[int, int | None], ParameterBook]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Key:
    """A parameter the code asks for: its kind, unit, and name in both languages."""

    key: str
    kind: Kind
    unit: str
    label_zh: str
    label_en: str


@cache
def catalogue() -> Mapping[str, Key]:
    """Return every known key (``keys.csv``)."""
    rows = packaged("keys.csv")
    return {row["key"]: Key(row["key"], Kind(row["kind"]), row["unit"], row["label_zh"], row["label_en"]) for row in rows}


@cache
def defaults() -> tuple[Parameter, ...]:
    """Return the values that ship with us (``defaults.csv``), each with document, source and how sure it is."""
    return tuple(
        Parameter(
            row["zone"],
            row["key"],
            read_value(catalogue()[row["key"]].kind, row["value"]),
            date.fromisoformat(row["effective_from"]),
            date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            row["document"],
            row["status"],
            row["note"],
            row["source"],
        )
        for row in packaged("defaults.csv")
    )


def default_book(zone: str = NATIONAL) -> ParameterBook:
    """Return the shipped values as a book, for work without a database (quotes, tests)."""
    return ParameterBook(zone, defaults())


def book(connection: Connection, zone: str, known_until: datetime | None = None) -> ParameterBook:
    """Load all parameters a zone can see: its own, the nation's, and what ships with us: a stored row of the same day wins.

    ``known_until`` (aware) leaves out what was entered later, so that a past day can be recomputed as it was judged. Without
    it the book that was read the last time is handed out again as long as no row came, went or changed.
    """
    if known_until is not None:
        return _read(connection, zone, PARAMETER.c.created_at <= known_until)
    [(rows, written)] = connection.exec_driver_sql(_STAMP).all()
    kept = _books.setdefault(connection.engine, {})
    stamp, known = kept.get(zone, (None, None))
    if known is None or stamp != (rows, written):
        known = _read(connection, zone, true())
        kept[zone] = (rows, written), known
    return known


def _read(connection: Connection, zone: str, condition: ColumnElement[bool]) -> ParameterBook:
    columns = [PARAMETER.c[name] for name in Parameter.__dataclass_fields__]
    statement = select(*columns).where(PARAMETER.c.zone.in_({zone, NATIONAL}), condition)
    stored = [Parameter(*row) for row in connection.execute(statement)]
    return ParameterBook(zone, [*stored, *(row for row in defaults() if row.zone in (zone, NATIONAL))])


def value(connection: Connection, zone: str, key: str, day: date) -> JsonValue:
    """Return one value in force on a day. Raises ``ParameterMissing``."""
    return book(connection, zone).row(key, day).value


def rates_entered(connection: Connection, since: date) -> Sequence[ExchangeRate]:
    """Return the customs exchange rates entered for months from a day on, newest month first."""
    columns = [PARAMETER.c[name] for name in ("key", "value", "effective_from", "document", "status")]
    wanted = (PARAMETER.c.key.startswith(rate_key(""), autoescape=True), PARAMETER.c.effective_from >= since)
    statement = select(*columns).where(*wanted).order_by(PARAMETER.c.effective_from.desc(), PARAMETER.c.key)
    return [
        ExchangeRate(key.removeprefix(rate_key("")), Decimal(value), begins, document, status, provisional=False)
        for key, value, begins, document, status in connection.execute(statement)
    ]


@dataclass
class CachedBook:
    """A zone's book, loaded again when it is older than ``lifetime`` seconds: for workers and web processes."""

    zone: str
    lifetime: float = 5.0
    monotonic: Callable[[], float] = time.monotonic
    _book: ParameterBook | None = field(default=None, init=False)
    _loaded_at: float = field(default=0.0, init=False)

    def current(self, connection: Connection) -> ParameterBook:
        """Return a book at most ``lifetime`` seconds old."""
        now = self.monotonic()
        if self._book is None or now - self._loaded_at >= self.lifetime:
            self._book, self._loaded_at = book(connection, self.zone), now
        return self._book


def packaged(name: str) -> list[dict[str, str]]:
    """Return the rows of a table that ships with the area."""
    text = (files("ccezone.parameters") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text, newline="")))
