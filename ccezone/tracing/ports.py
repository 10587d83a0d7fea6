"""What tracing needs from elsewhere: the dated steps of an order's money. Without it the FX strand is not shown at all."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from ccezone.storage import Connection


class MoneyStep(Protocol):
    """One step of the money of an order; ``receipt_number`` names the receipt of money, ``kind`` the kind of line, if any."""

    @property
    def at(self) -> datetime: ...
    @property
    def step(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def receipt_number(self) -> int: ...


MoneyHistory = Callable[[Connection, UUID | None, int], Sequence[MoneyStep]]
"""Gives the steps of an order's money by firm (``None``: the office) and the order's key, in their order."""
