"""One example's values: read strictly, with everything that is wrong with them told at once."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.rules import ParameterBook

Row = Mapping[str, object]
Answer = Mapping[str, object]

_PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?")
_REGIME = re.compile(r"(\d{4}-\d{2}-\d{2})(\.\.(\d{4}-\d{2}-\d{2})?)?", re.ASCII)
_HUNDRED = Decimal(100)
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters to work by, and the day that counts where an example names none."""

    book: ParameterBook
    today: date


class Inputs:
    """Reads one line's values, and gathers what is wrong with them so that all is told at once."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._faults: list[Fault] = []

    def text(self, key: str) -> str:
        """Return the value as trimmed text; empty when absent or null."""
        value = self._row.get(key)
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30:
            return format(value, "f")
        return "" if value is None else str(value).strip()

    def given(self, key: str) -> bool:
        return bool(self.text(key))

    def amount(self, key: str, default: Decimal | None = None) -> Decimal:
        """Return a number of zero or more. Absent: the default, or a fault when there is none."""
        value = self.text(key)
        if not value:
            if default is None:
                self.fault(key, "required")
            return default or Decimal(0)
        if not _PLAIN_NUMBER.fullmatch(value):
            self.fault(key, "quote_amount", value=value)
            return Decimal(0)
        return Decimal(value)

    def percent(self, key: str, default: Decimal | None = None) -> Decimal:
        """Return a percentage from 0 to below 100."""
        value = self.amount(key, default)
        if value >= _HUNDRED:
            self.fault(key, "quote_percent", value=str(value))
            return Decimal(0)
        return value

    def count(self, key: str) -> int:
        """Return a whole number of one or more; required."""
        value = self.text(key)
        if not value:
            self.fault(key, "required")
        elif _PLAIN_NUMBER.fullmatch(value) and Decimal(value) >= 1 and Decimal(value) % 1 == 0:
            return int(Decimal(value))
        else:
            self.fault(key, "quote_count", value=value)
        return 1

    def fault(self, key: str, code: str, **params: str) -> None:
        self._faults.append(Fault(f"/{key}", code, params))

    def refuse_faults(self) -> None:
        """Raise ``Refused`` with everything that was found wrong, if anything was."""
        if self._faults:
            raise Refused(*self._faults)

    def yes(self, key: str) -> bool:
        """Return a yes or no; required."""
        value = self.text(key).lower()
        if not value:
            self.fault(key, "required")
        elif value not in _YES | _NO:
            self.fault(key, "quote_yes_no", value=value)
        return value in _YES

    def day(self, key: str, today: date) -> date:
        """Return the first day of a period such as ``2019-04-01..``; today when it is absent. Raises ``ValueError``."""
        regime = self.text(key)
        if not regime:
            return today
        shape = _REGIME.fullmatch(regime)
        if shape is None:
            raise ValueError(regime)
        return date.fromisoformat(shape[1])


def ignored(row: Row, known: Collection[str]) -> Answer:
    """Name the keys that mean nothing, so that a misspelled one is not passed over in silence."""
    unknown = sorted(key for key in row if key not in known and not key.startswith("expected_"))
    return {"ignored_keys": unknown} if unknown else {}


def figure(value: Decimal | None) -> str | None:
    """Write an amount as the vectors do."""
    return None if value is None else f"{value:f}"
