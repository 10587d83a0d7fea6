"""Authorities in the making: furniture lets the zone's customs agent act for it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from ccezone.accounts.rules import STAFF, Principal, Role
from ccezone.enterprises.rules.authority import ACTIONS
from ccezone.enterprises.service import Grant, answer_authority, grant_authority, revoke_authority
from ccezone.kernel.clock import SHANGHAI
from tests.hub.harness import Hub

MODES = ("9610", "1210")


def administrator(hub: Hub, who: str) -> Principal:
    """Somebody of a firm who may do everything."""
    return Principal(Role.FIRM, hub.party(who).id, frozenset(STAFF), user_id=UUID(int=8), name=who)


def authorise(
    hub: Hub,
    owner: str = "furniture",
    *,
    modes: Collection[str] = MODES,
    flows: Collection[str] = ("E", "I"),
    actions: Collection[str] = ACTIONS,
    days: int | None = None,
    accepted: bool = True,
) -> UUID:
    """Let a firm authorise the zone's agent, from today on; ``days`` later it ends."""
    today = hub.clock.now().astimezone(SHANGHAI).date()
    until = None if days is None else today + timedelta(days=days)
    with hub.database.begin() as uow:
        grant = Grant(hub.party("agent").uscc, modes, flows, actions, today, until)
        number = grant_authority(uow, hub.party(owner).id, grant, administrator(hub, owner), hub.clock)
        if accepted:
            answer_authority(uow, number, hub.party("agent").id, True, administrator(hub, "agent"), hub.clock)
    return number


def revoke(hub: Hub, number: UUID, by: str = "furniture") -> None:
    """End an authority."""
    with hub.database.begin() as uow:
        revoke_authority(uow, number, hub.party(by).id, administrator(hub, by), hub.clock)
