"""Exact amounts. A rule that rounds says so, and names its source; nothing rounds by the way."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def round_half_up(amount: Decimal, quantum: Decimal = FEN) -> Decimal:
    """Round half up to ``quantum`` (fen by default)."""
    return amount.quantize(quantum, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its customs currency code (``142`` is the yuan)."""

    amount: Decimal
    currency: str
