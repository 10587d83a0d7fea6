"""The electronic tax bill CEB816 of a released import list: retail import tax within the limits, or in full above them.

Own implementation of GACC and others 2018 No. 157 (tariff 0; value-added and consumption tax at 70 %); rates are those of
``sample_tariff``, and a code that is not in it is billed without consumption tax at the general rate of value-added tax.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ccezone.kernel.money import round_half_up
from integrations.mockservers.single_window.cross_checks import dutiable_value
from integrations.mockservers.single_window.receipts import node
from integrations.mockservers.single_window.records import Record, Values
from schemas.codes import rows
from schemas.messages.ceb.definition import definition

TAX_BILL = "CEB816Message"
_GENERATED = "1"
_REDUCED = Decimal("0.7")
_GENERAL_VAT = Decimal("0.13")
_HUNDRED = Decimal(100)
_GRAMS = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates as fractions; ``specific`` in yuan per legal unit; ``threshold``: unit price from which consumption tax is due."""

    vat: Decimal = _GENERAL_VAT
    consumption: Decimal = Decimal(0)
    specific: Decimal = Decimal(0)
    threshold: Decimal = Decimal(0)
    by_weight: bool = True
    tariff: Decimal = Decimal(0)


@cache
def _rates() -> dict[str, Rates]:
    return {row["hs_code"]: _read(row) for row in rows("sample_tariff")}


def _read(row: Mapping[str, str]) -> Rates:
    def number(column: str, absent: Decimal = Decimal(0)) -> Decimal:
        return Decimal(row[column]) if row[column] else absent

    return Rates(
        number("import_vat_rate_pct", _GENERAL_VAT * _HUNDRED) / _HUNDRED,
        number("ct_advalorem_pct") / _HUNDRED,
        number("ct_specific_amount"),
        number("ct_price_threshold"),
        row["ct_threshold_unit"] != "CNY per piece",
        number("mfn_tariff_pct") / _HUNDRED,
    )


def tax_bill(record: Record, return_time: str, guid: str, single_limit: Decimal) -> bytes:
    """Return the tax bill of a released import list as a fragment; amounts in yuan, half up to the fen per line."""
    reduced = dutiable_value(record) <= single_limit
    lines = [_line(line, value, reduced) for line, value in zip(record.lines, _values(record), strict=True)]
    head = {
        "guid": guid,
        "return_time": return_time,
        "list_no": record.list_no,
        "tax_no": f"{record.list_no}_0",
        "status": _GENERATED,
        **{name: record.head.get(name, "") for name in _COPIED},
        **{name: str(sum((Decimal(line[name]) for line in lines), Decimal(0))) for name in _TAXES},
    }
    return node(definition(TAX_BILL), head, lines)


_COPIED = ("assure_code", "merchant_code", "carrier_code", "agent_code", "customs_code", "order_no", "waybill_no")
_TAXES = ("customs_tax", "value_added_tax", "consumption_tax")


def _values(record: Record) -> list[Decimal]:
    """Spread freight and insurance over the lines by value; the last line takes what rounding leaves."""
    goods = [Decimal(line["total_price"]) for line in record.lines]
    whole, total = sum(goods, Decimal(0)), dutiable_value(record)
    if not whole:
        return goods
    spread = [round_half_up(value * total / whole) for value in goods[:-1]]
    return [*spread, total - sum(spread, Decimal(0))]


def _line(line: Values, value: Decimal, reduced: bool) -> Values:
    rates = _rates().get(line["hs_code"], Rates())
    tariff = Decimal(0) if reduced else value * rates.tariff
    consumption = _consumption(line, value, value + tariff, rates)
    vat = (value + tariff + consumption) * rates.vat
    share = _REDUCED if reduced else Decimal(1)
    return {
        "line_no": line["line_no"],
        "hs_code": line["hs_code"],
        "tax_price": str(round_half_up(value)),
        "customs_tax": str(round_half_up(tariff)),
        "value_added_tax": str(round_half_up(vat * share)),
        "consumption_tax": str(round_half_up(consumption * share)),
    }


def _consumption(line: Values, value: Decimal, base: Decimal, rates: Rates) -> Decimal:
    quantity = Decimal(line["qty1"]) * (_GRAMS if rates.by_weight else 1)
    if rates.threshold and (not quantity or value / quantity < rates.threshold):
        return Decimal(0)
    specific = rates.specific * Decimal(line["qty1"])
    return (base + specific) / (1 - rates.consumption) * rates.consumption + specific
