"""A payment institution's settlement file (CSV): which orders a sum it pays out belongs to, gross, and what it kept back."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

from ccezone.kernel.errors import Fault, Refused
from schemas.statements.definition import SETTLEMENT, unreadable, values_of

_MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class SettledOrder:
    """A line of the file and where it stands."""

    line: int
    reference: str
    order_no: str
    gross: Decimal
    fee: Decimal
    currency: str


def read_settlement(content: bytes) -> Sequence[SettledOrder]:
    """Read a file. Raises ``Refused`` with a fault for each field that is missing or wrong."""
    try:
        text = content.decode("utf-8-sig")
        table = list(csv.DictReader(StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        raise unreadable(1, "UTF-8") from None
    except csv.Error as error:
        raise unreadable(1, f"CSV: {error}") from None
    names = [each.name for each in SETTLEMENT]
    if not table or not set(names) <= set(table[0]):
        raise unreadable(1, "CSV: " + " ".join(names))
    if len(table) > _MOST_LINES:
        raise unreadable(_MOST_LINES, "too many lines")
    found, faults = [], list[Fault]()
    for line, row in enumerate(table, start=2):
        said = {name: value or "" for name, value in row.items() if isinstance(name, str)}
        values, wrong = values_of(SETTLEMENT, said, f"/lines/{line - 2}", line)
        faults += wrong
        if not wrong:
            found.append(SettledOrder(line, **values))  # type: ignore[arg-type]  # the definition read them
    if faults:
        raise Refused(*faults[:50])
    return found
