"""What a statement says, field by field, and how a text becomes a value: the same for every format."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from ccezone.kernel.errors import Fault, Refused
from schemas.codes import rows

FORMATS = ("mt940", "csv", "json")
KINDS = ("platform", "payment_institution", "buyer", "warehouse")
_AMOUNT = re.compile(r"-?\d{1,13}(\.\d{1,2})?")
_REFERENCE = re.compile(r"[0-9A-Za-z\-_./]{1,40}")
MOST_ENTRIES = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an account: money that came, or below nought money that went. ``settlement_reference`` names orders, or a file."""

    bank_reference: str
    amount: Decimal
    value_date: date
    payer: str
    kind: str
    settlement_reference: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's day, in one currency (customs' numeric code). ``sequence`` counts the account's statements."""

    account: str
    currency: str
    sequence: int
    day: date
    opening: Decimal
    closing: Decimal
    entries: Sequence[Entry]
    format: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, how its text is read, and whether it must be there."""

    name: str
    read: Callable[[str], object]
    required: bool = True


def _amount(text: str) -> Decimal:
    if not _AMOUNT.fullmatch(text):
        raise ValueError(text)
    return Decimal(text).quantize(Decimal("0.01"))


def _day(text: str) -> date:
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def _sequence(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text)):
        raise ValueError(text)
    return int(text)


def _reference(text: str) -> str:
    if text and not _REFERENCE.fullmatch(text):
        raise ValueError(text)
    return text


def _words(text: str) -> str:
    if len(text) > 140 or any(ord(letter) < 32 for letter in text):
        raise ValueError(text)
    return text


def _orders(text: str) -> str:
    if len(text) > 500 or any(ord(letter) < 32 for letter in text):
        raise ValueError(text)
    return text


def _kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError(text)
    return text


def _currency(text: str) -> str:
    if text not in letters_of():
        raise ValueError(text)
    return letters_of()[text]


HEAD = (
    Field("account", _reference),
    Field("currency", _currency),
    Field("sequence", _sequence),
    Field("day", _day),
    Field("opening", _amount),
    Field("closing", _amount),
)
ENTRY = (
    Field("bank_reference", _reference),
    Field("amount", _amount),
    Field("value_date", _day),
    Field("payer", _words),
    Field("kind", _kind),
    Field("settlement_reference", _orders, required=False),
)
SETTLEMENT = (
    Field("reference", _words),
    Field("order_no", _words),
    Field("gross", _amount),
    Field("fee", _amount),
    Field("currency", _currency),
)
"""The columns of a payment institution's settlement file."""


@cache
def letters_of() -> Mapping[str, str]:
    """Currencies by their letters (ISO 4217), as customs numbers them."""
    return {row["iso_code"]: row["code"] for row in rows("currencies") if row["iso_code"] and row["obsolete"] != "1"}


def letters(currency: str) -> str:
    """Spell a currency in letters, as banks do; nothing where customs lists none."""
    return next((name for name, number in letters_of().items() if number == currency), "")


def guarded(words: str) -> str:
    """Keep the stroke, which separates parts of field 86, out of words."""
    return words.replace("%", "%25").replace("/", "%2F")


def unguarded(words: str) -> str:
    """``guarded`` backwards."""
    return words.replace("%2F", "/").replace("%25", "%")


def values_of(fields: Sequence[Field], said: Mapping[str, str], pointer: str, line: int) -> tuple[dict[str, object], list[Fault]]:
    """Read the fields of a head or an entry; each fault names the field and the line of the file."""
    values: dict[str, object] = {}
    faults = []
    for each in fields:
        text = said.get(each.name, "").strip()
        if not text and each.required:
            faults.append(Fault(f"{pointer}/{each.name}", "statement_missing", {"field": each.name, "line": str(line)}))
            continue
        try:
            values[each.name] = each.read(text)
        except ValueError:
            told = {"field": each.name, "line": str(line), "value": text[:60]}
            faults.append(Fault(f"{pointer}/{each.name}", "statement_bad", told))
    return values, faults


def unreadable(line: int, why: str) -> Refused:
    """Say that a file cannot be read from a line on."""
    return Refused(Fault("", "statement_unreadable", {"line": str(line), "why": why[:80]}))
