"""Indicators SAFE watches (FX-016 to FX-018), as arithmetic: formulas are shown with their source, and no verdict is drawn."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Flows:
    """What an enterprise traded and was paid in a time, in one currency. ``credit``: trade credit it reported."""

    exports: Decimal = Decimal(0)
    imports: Decimal = Decimal(0)
    receipts: Decimal = Decimal(0)
    payments: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)

    @property
    def difference(self) -> Decimal:
        """Total difference: imports + receipts - exports - payments."""
        return self.imports + self.receipts - self.exports - self.payments

    @property
    def difference_ratio(self) -> Decimal | None:
        """Total difference to all flows."""
        return _ratio(self.difference, self.imports + self.receipts + self.exports + self.payments)

    @property
    def credit_ratio(self) -> Decimal | None:
        """Registered trade credit to declared trade with receipts and payments."""
        return _ratio(self.credit, self.imports + self.exports + self.receipts + self.payments)

    @property
    def funds_ratio(self) -> Decimal | None:
        """Receipts and payments to imports and exports."""
        return _ratio(self.receipts + self.payments, self.imports + self.exports)


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(_SHARE, ROUND_HALF_UP) if whole else None
