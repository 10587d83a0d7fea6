"""Exact amounts. A rule that rounds says so, and names its source; nothing rounds by the way."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
_DECIMALS = {"116": 0, "133": 0, "118": 3}  # yen, won, Kuwaiti dinar


def round_half_up(amount: Decimal, quantum: Decimal = FEN) -> Decimal:
    """Round half up to ``quantum`` (fen by default)."""
    return amount.quantize(quantum, rounding=ROUND_HALF_UP)


def decimals_of(currency: str) -> int:
    """Return how many decimals a currency (customs code) is reckoned in: ISO 4217's minor units; two unless known otherwise."""
    return _DECIMALS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its customs currency code (``142`` is the yuan)."""

    amount: Decimal
    currency: str
