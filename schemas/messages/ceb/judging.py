"""What one value must look like, said once for both speakers: the marshmallow field and the compiled loader.

Two levels. The *schema* level is the official schema file (occurrence, length, digits). The *intake* level adds what
stands only in the specification's text or needs a code list: mandatory text that is empty, unknown codes, unreal times.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from schemas.codes import CodeList, code_list, code_list_names
from schemas.messages.ceb.definition import Field, Kind

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9](?:[0-9]{3})?")
_TIME_LENGTHS = {"YYYYMMDD": 8, "YYYYMMDDhhmmss": 14, "YYYYMMDDhhmmssfff": 17}
_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one value; the caller knows where it stands."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """The demands of one level on one field. ``codes`` is set only where a code outside the list is refused."""

    kind: Kind
    required: bool
    min_length: int
    max_length: int | None
    digits: int | None
    decimals: int | None
    codes: CodeList | None
    time_format: str

    @property
    def time_length(self) -> int:
        return _TIME_LENGTHS[self.time_format]


def rule(field_: Field, *, strict: bool) -> Rule:
    """Return the rule of the schema level, or of the intake level (``strict``)."""
    demanded = strict and field_.spoken_for
    codes = list_of(field_) if strict else None
    return Rule(
        kind=field_.kind,
        required=field_.mandatory or demanded,
        min_length=max(field_.min_length, 1 if demanded else 0),
        max_length=field_.max_length,
        digits=field_.digits,
        decimals=field_.decimals,
        codes=codes if codes and codes.complete else None,
        time_format=field_.time_format if strict else "",
    )


def list_of(field_: Field) -> CodeList | None:
    """Return the code list of a field, complete or not; receipt codes are open-ended and are not judged by a list."""
    if field_.code_list == "status_codes" or field_.code_list not in code_list_names():
        return None
    return code_list(field_.code_list)


def text_flaw(demand: Rule, text: str) -> Flaw | None:
    """Judge a text value; lengths count characters, as the schema language does."""
    low, high, actual = demand.min_length, demand.max_length, str(len(text))
    if not text and low:
        return Flaw("empty")
    if high is not None and low == high and len(text) != high:
        return Flaw("wrong_length", {"length": str(high), "actual": actual})
    if len(text) < low:
        return Flaw("too_short", {"min": str(low), "actual": actual})
    if high is not None and len(text) > high:
        return Flaw("too_long", {"max": str(high), "actual": actual})
    if text and demand.codes and not demand.codes.contains(text):
        return unknown_code(demand.codes, text)
    if text and demand.time_format and not is_real_time(text, demand.time_length):
        return Flaw("bad_time", {"value": text, "format": demand.time_format})
    return None


def unknown_code(codes: CodeList, text: str) -> Flaw:
    """Say that a code is not in its list; a list that is known to be incomplete says so."""
    return Flaw(
        "unknown_code" if codes.complete else "unlisted_code",
        {"value": text, "list_zh": codes.label_zh, "list_en": codes.label_en, "edition": codes.edition},
    )


def number_flaw(demand: Rule, text: str) -> Flaw | None:
    """Judge a decimal or whole number by its digits, as ``totalDigits`` and ``fractionDigits`` count them."""
    if not text:
        return Flaw("empty")
    whole = demand.kind == "integer"
    if not (_INTEGER if whole else _DECIMAL).fullmatch(text):
        return Flaw("not_an_integer" if whole else "not_a_number", {"value": text[:60]})
    before, _, after = text.lstrip("+-").partition(".")
    before, after = before.lstrip("0"), after.rstrip("0")
    if demand.decimals is not None and len(after) > demand.decimals:
        return Flaw("too_many_decimals", {"decimals": str(demand.decimals)})
    if demand.digits is not None and len(before) + len(after) > demand.digits:
        return Flaw("too_many_digits", {"digits": str(demand.digits)})
    return None


def collapse(text: str) -> str:
    """Drop the white space around a number, which the schema language ignores."""
    return text.strip(_BLANKS)


def is_real_time(text: str, length: int) -> bool:
    """Whether the digits spell a moment that exists: ``length`` 8 (day), 14 (second) or 17 (millisecond)."""
    if len(text) != length or not _is_day(text[:8]):
        return False
    return length == 8 or _CLOCK.fullmatch(text, 8) is not None


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    if not (text.isascii() and text.isdecimal()):
        return False
    try:
        datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007  # a calendar day has no zone
    except ValueError:
        return False
    return True


def length_test(demand: Rule, name: str) -> str:
    """Spell the length rule as an expression over the variable ``name``, for generated code."""
    low, high = demand.min_length, demand.max_length
    if low == high:
        return f"len({name}) == {high}"
    if high is None:
        return f"len({name}) >= {low}"
    return f"{low} <= len({name}) <= {high}" if low else f"len({name}) <= {high}"


def plain_number(demand: Rule) -> Callable[[str], object]:
    """A test of numbers that are surely in range; unusual spellings are left to marshmallow."""
    return re.compile(text_pattern(demand)).fullmatch


def text_pattern(demand: Rule) -> str:
    """The expression of an element's text that is surely right, but for codes and times; numbers spelled unusually are not.

    It takes no mark-up and never goes back over what it took.
    """
    if demand.kind == "integer":
        return f"[0-9]{{1,{min(demand.digits or 18, 18)}}}+"
    if demand.kind == "decimal":
        before, after = (demand.digits or 19) - (demand.decimals or 0), demand.decimals or 0
        return f"-?[0-9]{{1,{before}}}+" + (rf"(?:\.[0-9]{{1,{after}}}+)?+" if after else "")
    return f"[^<]{{{demand.min_length},{'' if demand.max_length is None else demand.max_length}}}+"
