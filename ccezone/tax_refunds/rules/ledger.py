"""The goods ledger of retail exports: the six fields that Caishui 2018 No.103 asks of every exported item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

SIX_FIELDS = ("exported_on", "goods_name", "unit", "quantity", "unit_price", "amount")


@dataclass(frozen=True, slots=True)
class SixFields:
    """What is recorded of an item; ``None`` or empty where nothing usable was stated."""

    exported_on: date | None
    goods_name: str
    unit: str
    quantity: Decimal | None
    unit_price: Decimal | None
    amount: Decimal | None

    @property
    def gaps(self) -> Sequence[str]:
        """The fields that are missing, in the notice's order. Nothing exported at nought counts as recorded."""
        return [name for name in SIX_FIELDS if not getattr(self, name)]


def six_fields(line: Mapping[str, str], exported_on: str) -> SixFields:
    """Read the six fields of a declared line. A unit price that is not stated follows from amount and quantity."""
    quantity, amount = _amount(line.get("qty", "")), _amount(line.get("total_price", ""))
    price = _amount(line.get("price", ""))
    if price is None and quantity and amount:
        price = (amount / quantity).quantize(Decimal("0.00001"))
    name = line.get("goods_name") or line.get("item_name", "")
    return SixFields(_day(exported_on), name, line.get("unit", ""), quantity, price, amount)


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value > 0 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
