"""Builders for import tax: a test names only what matters to it."""

from decimal import Decimal

from ccezone.import_tax.rules import Limits, Measure, TariffRate, TaxLine

LIMITS_2019 = Limits(single=Decimal(5000), annual=Decimal(26000), reduced_tax_factor=Decimal("0.7"))


def a_rate(
    hs_code: str = "1901101010",
    vat: str | None = "13",
    consumption: str = "0",
    specific: str = "0",
    specific_measure: Measure | None = None,
    threshold: str | None = None,
    threshold_measure: Measure | None = None,
    tariff: str | None = "10",
) -> TariffRate:
    """A rate; by default infant formula: value-added tax 13, tariff 10, no consumption tax."""
    return TariffRate(
        hs_code,
        Decimal(vat) if vat is not None else None,
        Decimal(consumption),
        Decimal(specific),
        specific_measure,
        Decimal(threshold) if threshold is not None else None,
        threshold_measure,
        Decimal(tariff) if tariff is not None else None,
    )


def a_line(value: str, hs_code: str = "1901101010", line_no: int = 1, qty: str = "1", **statutory: str) -> TaxLine:
    """A line; statutory quantities as ``unit_035="0.05"``."""
    quantities = {unit.removeprefix("unit_"): Decimal(quantity) for unit, quantity in statutory.items()}
    return TaxLine(line_no, hs_code, Decimal(value), Decimal(qty), quantities)
