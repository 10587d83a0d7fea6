"""What a list is composed from, and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order."""

    line_no: int
    item_no: str
    item_name: str
    unit: str
    currency: str
    qty: Decimal
    price: Decimal
    total_price: Decimal
    country: str = ""
    specification: str = ""
    bar_code: str = ""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order as a list needs it. ``personal`` holds the buyer's and consignee's opened values (import only)."""

    flow: str
    order_no: str
    order_type: str
    platform_code: str
    platform_name: str
    merchant_code: str
    merchant_name: str
    currency: str
    freight: Decimal
    lines: Sequence[OrderLine]
    personal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WaybillFacts:
    """A waybill as a list needs it."""

    carrier_code: str
    carrier_name: str
    waybill_no: str
    bill_no: str
    freight: Decimal
    insurance: Decimal
    currency: str
    gross_weight: Decimal
    packages: int


class Goods(Protocol):
    """How an item of the product master is declared; quantities are per unit of the order line."""

    @property
    def declared_name(self) -> str: ...
    @property
    def hs_code(self) -> str: ...
    @property
    def specification(self) -> str: ...
    @property
    def unit1(self) -> str: ...
    @property
    def unit2(self) -> str | None: ...
    @property
    def qty1_per_unit(self) -> Decimal: ...
    @property
    def qty2_per_unit(self) -> Decimal | None: ...
    @property
    def net_weight(self) -> Decimal: ...
    @property
    def barcode(self) -> str: ...
    @property
    def origin_country(self) -> str: ...
    @property
    def item_record_no(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class StatedGoods:
    """Goods that a form tells of because the product master does not know them."""

    declared_name: str
    hs_code: str
    specification: str
    unit1: str
    unit2: str | None
    qty1_per_unit: Decimal
    qty2_per_unit: Decimal | None
    item_record_no: str | None
    barcode: str = ""
    origin_country: str = ""
    net_weight: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a list lacks, or a rule it breaks, and its values.

    ``kind`` says what: ``product``, ``defaults``, ``bill``, ``line``, ``rule``, ``tax``, ``schema``, ``condition``, ``hs_digits``.
    """

    kind: str
    name: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Composition:
    """A composed list: its head and lines under domain names, values as text, and what keeps it from being filed."""

    head: dict[str, str]
    lines: list[dict[str, str]]
    missing: list[Missing]
    total_value: Decimal
