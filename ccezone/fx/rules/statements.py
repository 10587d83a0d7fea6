"""Whether a day's statement follows the one before it: numbers without a hole, balances that go on where they ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Standing(StrEnum):
    """What to do with a statement: take it, or park it with this reason; ``KNOWN``: it was taken before, word for word."""

    TAKE = "take"
    KNOWN = "known"
    CHANGED = "changed"
    GAP = "gap"
    OPENING = "opening_differs"


@dataclass(frozen=True, slots=True)
class Told:
    """A statement as its number and balances tell it; ``digest`` covers all it says."""

    sequence: int
    opening: Decimal
    closing: Decimal
    digest: int


def standing(last: Told | None, same_number: Told | None, new: Told) -> Standing:
    """Judge a statement by the last one taken of its account, and by the one taken under the same number."""
    if same_number is not None:
        return Standing.KNOWN if same_number.digest == new.digest else Standing.CHANGED
    if last is None:
        return Standing.TAKE
    if new.sequence <= last.sequence:
        return Standing.CHANGED
    if new.sequence > last.sequence + 1:
        return Standing.GAP
    return Standing.TAKE if new.opening == last.closing else Standing.OPENING


def adds_up(opening: Decimal, amounts: Sequence[Decimal], closing: Decimal) -> bool:
    """Say whether a statement's own lines lead from its opening balance to its closing one."""
    return opening + sum(amounts, Decimal(0)) == closing
