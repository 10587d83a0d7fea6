"""Who an enterprise is: roles, status, forms of its codes (GACC 2018 No. 194; GB 32100-2015)."""

from collections.abc import Collection
from enum import StrEnum

from ccezone.kernel.check_digits import check_customs_registration_code, check_uscc
from ccezone.kernel.errors import Fault


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
    """Enterprise inside a special customs area that keeps the bonded goods."""
    SITE = "site_operator"
    FOREIGN_TRADE_SERVICE = "foreign_trade_service"
    """Comprehensive foreign-trade service enterprise (外综服): exports in small firms' stead."""
    TRADER = "individual_trader"
    """Registered individual trader (个体工商户): registration entitles to an FX settlement account."""
    BANK = "bank"
    RATING = "credit_rating"
    INSPECTION = "inspection"
    PARK = "park_operator"
    OVERSEAS_WAREHOUSE = "overseas_warehouse"


ALSO = {Role.TRADER: Role.MERCHANT, Role.FOREIGN_TRADE_SERVICE: Role.AGENT}
"""Roles that come with another: an individual trader sells as a merchant does, a 外综服 files as an agent does."""


class Status(StrEnum):
    """Standing of a registration."""

    APPLIED = "applied"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class TradeMode(StrEnum):
    """Supervision modes for which lists are prepared here."""

    DIRECT = "9610"
    BONDED = "1210"
    BETWEEN_FIRMS = "9710"
    WAREHOUSE = "9810"


class Flow(StrEnum):
    """Direction of trade."""

    EXPORT = "E"
    IMPORT = "I"


def held_roles(roles: Collection[str]) -> frozenset[str]:
    """Return the roles an enterprise holds by those it was registered with."""
    return frozenset(roles) | {ALSO[role].value for role in ALSO if role in roles}


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
