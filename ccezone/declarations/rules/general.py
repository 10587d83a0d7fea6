"""What a recorded general declaration (报关单) must say: official number forms and totals that add up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ccezone.kernel.errors import Fault

_NUMBER = re.compile(r"[0-9]{18}")
_HS_CODE = re.compile(r"[0-9]{10}")
_CUSTOMS = re.compile(r"[0-9]{4}")
_TOLERANCE = Decimal("0.01")
MODES = ("9710", "9810", "9610", "1210", "0110", "1039")
"""Supervision modes under which cross-border e-commerce goods are declared generally."""
MOST_LINES = 50  # a general declaration has no more


@dataclass(frozen=True, slots=True)
class GeneralLine:
    """One line of a general declaration; ``total_price`` in the declaration's currency."""

    hs_code: str
    goods_name: str
    qty: Decimal
    unit: str
    total_price: Decimal
    country: str = ""


def general_faults(
    *, declaration_no: str, trade_mode: str, customs_code: str, flow: str, declared_on: date, released_on: date | None,
    currency: str, total_value: Decimal, lines: Sequence[GeneralLine], today: date,
) -> list[Fault]:  # fmt: skip
    """Judge a record: an eighteen-digit number, its customs, days that were, ten-digit codes, a total that its lines make."""
    faults = []
    if not _NUMBER.fullmatch(declaration_no):
        faults.append(Fault("/declaration_no", "bad_declaration_no", {"value": declaration_no}))
    if trade_mode not in MODES:
        faults.append(Fault("/trade_mode", "unknown_code", {"value": trade_mode}))
    if flow not in ("E", "I"):
        faults.append(Fault("/flow", "unknown_code", {"value": flow}))
    if not _CUSTOMS.fullmatch(customs_code):
        faults.append(Fault("/customs_code", "unknown_code", {"value": customs_code}))
    if not currency:
        faults.append(Fault("/currency", "required"))
    if declared_on > today:
        faults.append(Fault("/declared_on", "day_to_come", {"value": declared_on.isoformat()}))
    if released_on is not None and not declared_on <= released_on <= today:
        faults.append(Fault("/released_on", "released_before_declared", {"value": released_on.isoformat()}))
    return faults + _line_faults(lines) + _total_faults(total_value, lines)


def _line_faults(lines: Sequence[GeneralLine]) -> list[Fault]:
    if not lines:
        return [Fault("/lines", "required")]
    if len(lines) > MOST_LINES:
        return [Fault("/lines", "too_many_lines", {"max": str(MOST_LINES)})]
    faults = []
    for place, line in enumerate(lines):
        if not _HS_CODE.fullmatch(line.hs_code):
            faults.append(Fault(f"/lines/{place}/hs_code", "bad_hs_code", {"value": line.hs_code}))
        if not line.goods_name.strip():
            faults.append(Fault(f"/lines/{place}/goods_name", "required"))
        if line.qty <= 0:
            faults.append(Fault(f"/lines/{place}/qty", "must_be_positive", {"value": str(line.qty)}))
        if line.total_price < 0:
            faults.append(Fault(f"/lines/{place}/total_price", "must_be_positive", {"value": str(line.total_price)}))
    return faults


def _total_faults(total: Decimal, lines: Sequence[GeneralLine]) -> list[Fault]:
    added = sum((line.total_price for line in lines), Decimal(0))
    if lines and abs(added - total) > _TOLERANCE:
        return [Fault("/total_value", "lines_do_not_add_up", {"total": f"{total:f}", "lines": f"{added:f}"})]
    return []
