"""What makes a product of the master declarable (CEB603 and CEB621 field tables, edition 202205)."""

import re
from decimal import Decimal

from ccezone.kernel.errors import Fault

_HS_CODE = re.compile(r"[0-9]{10}\Z")


def product_faults(
    *,
    item_no: str,
    name: str,
    hs_code: str,
    unit: str,
    unit1: str,
    unit2: str | None,
    qty1_per_unit: Decimal,
    qty2_per_unit: Decimal | None,
    net_weight: Decimal,
    price_low: Decimal | None = None,
    price_high: Decimal | None = None,
) -> list[Fault]:
    """Judge one product: required texts, ten-digit code, second unit and quantity as a pair, amounts above 0."""
    required = {"item_no": item_no, "name": name, "unit": unit, "unit1": unit1}
    faults = [Fault(f"/{field}", "required") for field, value in required.items() if not value.strip()]
    if not _HS_CODE.match(hs_code):
        faults.append(Fault("/hs_code", "bad_hs_code", {"value": hs_code}))
    if (unit2 is None) != (qty2_per_unit is None):
        faults.append(Fault("/qty2_per_unit", "second_unit_pair"))
    amounts = {"qty1_per_unit": qty1_per_unit, "qty2_per_unit": qty2_per_unit, "net_weight": net_weight}
    faults += [
        Fault(f"/{field}", "must_be_positive", {"value": str(value)})
        for field, value in amounts.items()
        if value is not None and value <= 0
    ]
    if price_low is not None and price_high is not None and price_low > price_high:
        faults.append(Fault("/price_low", "bad_low_high"))
    return faults
