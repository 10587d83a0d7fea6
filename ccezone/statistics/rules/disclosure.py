"""Which figures may be open to everybody: none that rests on a few firms, and none that gives such a one away.

A figure resting on fewer than ``least`` firms is withheld. The figures of a table add up to a total that is open: whatever is
withheld of it must rest on ``least`` firms together and be two figures at least, else the difference would tell it. Only
amounts that do not overlap are open (months, not the year so far; one criterion at a time), so that no other subtraction helps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Resting:
    """A figure of a table: how many lists and which worth it has, and on how many firms it rests (0: nobody knows)."""

    lists: int
    value: Decimal
    firms: int


def withheld(figures: Mapping[str, Resting], least: int) -> frozenset[str]:
    """Return the keys of one column whose figures are not for everybody; nought is, since it rests on nobody."""
    counted = {key: one for key, one in figures.items() if one.lists or one.value}
    held = {key for key, one in counted.items() if one.firms < least}
    if not held:
        return frozenset()
    known = [key for key in counted if key not in held]
    if known:
        held.add(min(known, key=lambda key: (counted[key].value, key)))  # rests on enough firms: so does the difference
    return frozenset(held)


def open_total(total: Resting, least: int) -> bool:
    """Say whether a total may be told."""
    return total.firms >= least or not (total.lists or total.value)
