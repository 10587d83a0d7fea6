"""Who an enterprise is and what it may send: roles, status, forms of codes (GACC 2018 No. 194; field tables 202205)."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.check_digits import check_customs_registration_code, check_uscc
from ccezone.kernel.errors import Fault

_HS_CODE = re.compile(r"[0-9]{10}\Z")


class Role(StrEnum):
    """What an enterprise does in cross-border e-commerce; one enterprise may do several."""

    PLATFORM = "platform"
    MERCHANT = "merchant"
    PAYMENT = "payment"
    CARRIER = "logistics"
    EXPRESS = "express"
    """Entrusted express operator or postal enterprise: may send import orders and payments for others."""
    AGENT = "agent"
    BONDED = "bonded"
    SITE = "site_operator"


class Status(StrEnum):
    """Standing of a registration."""

    APPLIED = "applied"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class TradeMode(StrEnum):
    """Supervision modes for which lists are prepared here."""

    DIRECT = "9610"
    BONDED = "1210"


class Flow(StrEnum):
    """Direction of trade."""

    EXPORT = "E"
    IMPORT = "I"


def identity_faults(uscc: str, customs_code: str | None, roles: Collection[str]) -> list[Fault]:
    """Judge both codes (check digit included) and the roles."""
    faults: list[Fault] = []
    if not check_uscc(uscc):
        faults.append(Fault("/uscc", "bad_uscc", {"value": uscc}))
    if customs_code is not None and not check_customs_registration_code(customs_code):
        faults.append(Fault("/customs_code", "bad_customs_code", {"value": customs_code}))
    known = {role.value for role in Role}
    faults += [Fault("/roles", "unknown_role", {"value": role}) for role in sorted(set(roles) - known)]
    if not roles:
        faults.append(Fault("/roles", "role_needed"))
    return faults


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


_ALWAYS = ("customs_code", "port_code", "agent_code", "agent_name", "transport_mode")
_BONDED = ("bonded_enterprise_code", "bonded_enterprise_name", "ems_no")
NEEDED: Mapping[tuple[str, str], tuple[str, ...]] = {
    (TradeMode.DIRECT, Flow.EXPORT): (*_ALWAYS, "owner_code", "owner_name", "pod", "wrap_type"),
    (TradeMode.BONDED, Flow.EXPORT): (*_ALWAYS, "owner_code", "owner_name", "pod", "wrap_type", *_BONDED),
    (TradeMode.DIRECT, Flow.IMPORT): (*_ALWAYS, "assure_code", "country", "transport_name", "voyage_no", "bill_no"),
    (TradeMode.BONDED, Flow.IMPORT): (*_ALWAYS, "assure_code", "country", *_BONDED),
}
"""Defaults that a list of this mode and flow cannot do without (CEB603 and CEB621 field tables, edition 202205)."""


def defaults_faults(values: Mapping[str, str]) -> list[Fault]:
    """Judge declaration defaults: mode and flow known, and every default that they need given."""
    needed = NEEDED.get((values["trade_mode"], values["flow"]))
    if needed is None:
        return [Fault("/trade_mode", "unknown_mode", {"value": values["trade_mode"], "flow": values["flow"]})]
    faults = [Fault(f"/{name}", "required") for name in needed if not values[name].strip()]
    if values["declaration_path"] not in ("A", "B"):
        faults.append(Fault("/declaration_path", "unknown_code", {"value": values["declaration_path"]}))
    return faults
