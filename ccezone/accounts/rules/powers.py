"""Who may add people, grant roles and read the trail: three powers in three pairs of hands (GB/T 22239-2019, 8.1.5)."""

from collections.abc import Collection
from enum import StrEnum

from ccezone.accounts.rules import POWERS, Role
from ccezone.kernel.errors import Fault

ADMINISTRATORS = frozenset(POWERS)


class RequestState(StrEnum):
    """What became of a role that was asked for."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


def wanted_faults(role: str, current: Role, reason: str, offered: Collection[Role]) -> list[Fault]:
    """Judge a role that is asked for: one that is offered, another than the present one, with a reason."""
    if role not in {each.value for each in offered}:
        return [Fault("/role", "unknown_role", {"value": role})]
    faults = [Fault("/role", "role_held_already")] if role == current else []
    return faults + ([] if reason.strip() else [Fault("/reason", "required")])


def grant_faults(wanted: Role, current: Role, name: str, others: Collection[tuple[Role, str]]) -> list[Fault]:
    """Judge a grant: nobody gets a second of the three powers, neither in one account nor in two.

    ``others`` are the roles and names of everybody else who can sign in. A power is taken away before another is granted, so
    that there is a moment in which somebody else may look.
    """
    if wanted not in ADMINISTRATORS:
        return []
    if current in ADMINISTRATORS:
        return [Fault("/role", "two_powers")]
    if any(role in ADMINISTRATORS and role != wanted and _same(name, each) for role, each in others):
        return [Fault("/role", "two_powers_one_person", {"name": name})]
    return []


def _same(name: str, other: str) -> bool:
    return name.casefold().split() == other.casefold().split()
