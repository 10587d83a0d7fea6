"""A day's balance of a ledger: the whole, the parts it must fall into, and the items that stand in the way when it does not.

Every ledger of the hub (goods released, foreign exchange received) states its own balance in this one shape, so that one
nightly reconciliation can print them all and open an exception for each item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Part:
    """One part of a whole, such as ``claimed`` or ``settled``: its name and its amount in the balance's unit."""

    name: str
    amount: Decimal


@dataclass(frozen=True)
class Difference:
    """One item that does not add up: what it is (``kind`` and its number), whose, and the two amounts that disagree."""

    kind: str
    number: str
    merchant: str
    expected: Decimal
    found: Decimal


@dataclass(frozen=True)
class Balance:
    """What a ledger holds at the end of a day, in one unit (a currency's letters, or a unit of goods)."""

    ledger: str
    day: date
    unit: str
    whole: Decimal
    parts: Sequence[Part]
    differences: Sequence[Difference] = ()

    @property
    def gap(self) -> Decimal:
        """The whole less its parts: nothing when the ledger balances, whatever the items say."""
        return self.whole - sum((part.amount for part in self.parts), Decimal(0))

    @property
    def stands(self) -> bool:
        """Whether the parts add up to the whole and no single item disagrees."""
        return self.gap == 0 and not self.differences
