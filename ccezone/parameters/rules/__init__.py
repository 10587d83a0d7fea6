"""Which value of a parameter is in force: the newest that had begun, of the zone first, then of the nation.

A row whose ``effective_to`` (inclusive) has passed is not in force; an older row never comes back to life behind it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

NATIONAL = "CN"
YUAN = "142"
_RATE_KEY = "exchange.customs."
JsonValue = str | int | bool | list[str]


class Kind(StrEnum):
    """What a parameter's value is. Decimals are kept as strings, so that no digit is ever lost."""

    DECIMAL = "decimal"
    INTEGER = "integer"
    FLAG = "flag"
    TEXT = "text"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated value. ``effective_to`` is the last day, or ``None``; ``status`` tells how sure the fact is."""

    zone: str
    key: str
    value: JsonValue
    effective_from: date
    effective_to: date | None = None
    document: str = ""
    status: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Yuan for one unit of a currency (customs' numeric code), as customs uses it for a month.

    Customs takes the rate of the third Wednesday of the month before. ``provisional``: the day's month has none yet, and this is
    the last one known.
    """

    currency: str
    cny: Decimal
    since: date
    document: str
    status: str
    provisional: bool


class ParameterMissing(LookupError):
    """No value is in force on the day."""

    def __init__(self, zone: str, key: str, day: date) -> None:
        super().__init__(f"parameter {key} has no value for zone {zone} on {day.isoformat()}")


def in_force(rows: Iterable[Parameter], key: str, day: date, zone: str = NATIONAL) -> Parameter | None:
    """Return the row in force on a day: the zone's own, else the national one, else ``None``."""
    begun = [row for row in rows if row.key == key and row.effective_from <= day]
    for owner in (zone, NATIONAL):
        newest = max((row for row in begun if row.zone == owner), key=lambda row: row.effective_from, default=None)
        if newest is not None and (newest.effective_to is None or day <= newest.effective_to):
            return newest
    return None


def read_value(kind: Kind, text: str) -> JsonValue:
    """Read a value as people write it (texts: separated by spaces). Raises ``ValueError`` when it is not of the kind."""
    if kind is Kind.DECIMAL:
        return _decimal(text)
    if kind is Kind.INTEGER:
        return int(text)
    if kind is Kind.FLAG:
        if text not in ("true", "false"):
            raise ValueError(f"neither true nor false: {text!r}")
        return text == "true"
    return text.split() if kind is Kind.TEXTS else text


def written(value: JsonValue) -> str:
    """Write a value as people type it: ``read_value`` backwards."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value) if isinstance(value, list) else str(value)


def _decimal(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a decimal: {text!r}") from None
    if not value.is_finite():
        raise ValueError(f"not a finite decimal: {text!r}")
    return text


_MOST_KEPT = 100_000  # a book lives as long as its rows do, and is asked about many days


@dataclass(frozen=True)
class ParameterBook:
    """All parameters as one zone sees them, for typed look-ups without a database."""

    zone: str
    rows: Sequence[Parameter]
    _by_key: Mapping[str, list[Parameter]] = field(init=False, repr=False, compare=False)
    _found: dict[tuple[str, date], Parameter | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key: dict[str, list[Parameter]] = {}
        for row in self.rows:
            by_key.setdefault(row.key, []).append(row)
        object.__setattr__(self, "_by_key", by_key)

    def has(self, key: str, day: date) -> bool:
        """Say whether a value is in force."""
        return self._looked_up(key, day) is not None

    def row(self, key: str, day: date) -> Parameter:
        """Return the row in force. Raises ``ParameterMissing``."""
        found = self._looked_up(key, day)
        if found is None:
            raise ParameterMissing(self.zone, key, day)
        return found

    def _looked_up(self, key: str, day: date) -> Parameter | None:
        """A book never changes, so that a look-up is made once for a key and a day, not for each of thousands of lines."""
        if (key, day) not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[key, day] = in_force(self._by_key.get(key, ()), key, day, self.zone)
        return self._found[key, day]

    def decimal(self, key: str, day: date) -> Decimal:
        return Decimal(self.text(key, day))

    def exchange_rate(self, currency: str, day: date) -> "ExchangeRate | None":
        """Return the customs exchange rate of a currency on a day; of an earlier month while the day's own is not published."""
        if currency == YUAN:
            return ExchangeRate(currency, Decimal(1), day.replace(day=1), "", "", provisional=False)
        try:
            row = self.row(rate_key(currency), day)
        except ParameterMissing:
            return None
        old = (row.effective_from.year, row.effective_from.month) != (day.year, day.month)
        return ExchangeRate(currency, Decimal(str(row.value)), row.effective_from, row.document, row.status, provisional=old)

    def integer(self, key: str, day: date) -> int:
        value = self.row(key, day).value
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"parameter {key} is no integer: {value!r}")
        return value

    def flag(self, key: str, day: date) -> bool:
        value = self.row(key, day).value
        if not isinstance(value, bool):
            raise TypeError(f"parameter {key} is no flag: {value!r}")
        return value

    def text(self, key: str, day: date) -> str:
        value = self.row(key, day).value
        if not isinstance(value, str):
            raise TypeError(f"parameter {key} is no text: {value!r}")
        return value

    def texts(self, key: str, day: date) -> tuple[str, ...]:
        value = self.row(key, day).value
        if not isinstance(value, list):
            raise TypeError(f"parameter {key} is no list: {value!r}")
        return tuple(value)


def rate_key(currency: str) -> str:
    """Return the parameter that holds the customs exchange rates of a currency (numeric code)."""
    return _RATE_KEY + currency
