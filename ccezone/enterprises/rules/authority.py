"""How far an agent may act for a firm: scope, days, acceptance (委托; Customs Law art. 9-11, GACC 2018 No. 194)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ccezone.enterprises.rules.parties import Flow, Role
from ccezone.kernel.errors import Fault

MODES = ("9610", "1210", "9710", "9810")
ACTIONS = (
    *("bills:read", "bills:write", "declarations:read", "declarations:write"),
    *("products:read", "products:write", "personal:reveal"),
)
"""What may be entrusted: named as the permissions of a person (``accounts.rules.Permission``)."""
AGENTS = frozenset({Role.AGENT, Role.FOREIGN_TRADE_SERVICE})


class AuthorityState(StrEnum):
    """Standing of an authority on a day."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    FUTURE = "future"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides an authority's standing. ``valid_to`` is its last day."""

    valid_from: date
    valid_to: date | None
    accepted_at: datetime | None
    declined_at: datetime | None
    revoked_at: datetime | None


def state_on(terms: Terms, today: date) -> AuthorityState:
    """Return the standing on a day: revoked and declined for good; in force only once accepted and within its days."""
    if terms.revoked_at is not None:
        return AuthorityState.REVOKED
    if terms.declined_at is not None:
        return AuthorityState.DECLINED
    if terms.valid_to is not None and terms.valid_to < today:
        return AuthorityState.EXPIRED
    if terms.accepted_at is None:
        return AuthorityState.PROPOSED
    return AuthorityState.FUTURE if today < terms.valid_from else AuthorityState.IN_FORCE


def grant_faults(
    modes: Collection[str],
    flows: Collection[str],
    actions: Collection[str],
    valid_from: date,
    valid_to: date | None,
    today: date,
) -> list[Fault]:
    """Judge what is to be granted: a scope in every direction, known values, days in order and not in the past."""
    faults = []
    known = {"modes": (modes, set(MODES)), "flows": (flows, {flow.value for flow in Flow}), "actions": (actions, set(ACTIONS))}
    for field, (given, allowed) in known.items():
        if not given:
            faults.append(Fault(f"/{field}", "required"))
        faults += [Fault(f"/{field}", "unknown_choice", {"value": each}) for each in sorted(set(given) - allowed)]
    if valid_from < today:
        faults.append(Fault("/valid_from", "not_yet_from"))
    if valid_to is not None and valid_to < valid_from:
        faults.append(Fault("/valid_to", "ends_before_begin"))
    return faults


def whole_actions(actions: Collection[str]) -> list[str]:
    """Add the reading that each writing needs."""
    reads = {action.replace(":write", ":read") for action in actions if action.endswith(":write")}
    return sorted({*actions, *reads})
