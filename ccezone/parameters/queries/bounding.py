"""What can be meant by a value: the bounds of a key, and the groups that keys are shown in."""

from collections.abc import Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache

from ccezone.parameters.queries import Key, packaged
from ccezone.parameters.rules.proposing import Bounds
from schemas.codes import code_list

OTHER = ("其他", "Other")


@cache
def bounds(key: Key) -> Bounds:
    """Return the bounds of a key: of the last row of ``bounds.csv`` whose keys and unit (where it names one) are its own."""
    found = Bounds()
    for row in packaged("bounds.csv"):
        if fnmatchcase(key.key, row["keys"]) and row["unit"] in ("", key.unit):
            found = Bounds(_number(row["least"]), _number(row["most"]), _words(row["words"]), row["pattern"])
    return found


@cache
def groups() -> Mapping[str, tuple[str, str]]:
    """Return the groups of keys (the first part of their names), in the order they are shown, each in both languages."""
    return {row["prefix"]: (row["label_zh"], row["label_en"]) for row in packaged("groups.csv")}


def group_of(key: str) -> str:
    """Return the group of a key."""
    return key.partition(".")[0]


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _words(text: str) -> frozenset[str]:
    """The words themselves, or those of a code list (``@name``)."""
    return frozenset(code_list(text[1:]).codes) if text.startswith("@") else frozenset(text.split())
