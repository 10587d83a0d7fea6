"""Authorities: a firm grants one to an agent, who accepts or declines it; either side may end it at any time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.authorities import authorities_given
from ccezone.enterprises.rules.authority import AGENTS, AuthorityState, grant_faults, whole_actions
from ccezone.enterprises.tables import AgentAuthority
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class Grant:
    """What a firm grants: to whom (by either code), how far, from a day to a day (inclusive)."""

    agent_code: str
    modes: Collection[str]
    flows: Collection[str]
    actions: Collection[str]
    valid_from: date
    valid_to: date | None = None
    note: str = ""


def grant_authority(uow: UnitOfWork, owner_id: UUID, grant: Grant, by: Principal, clock: Clock) -> UUID:
    """Grant an authority; it holds once the agent accepts. Raises ``Refused``: scope, days, no agent, one in force already."""
    today = clock.now().astimezone(SHANGHAI).date()
    faults = grant_faults(grant.modes, grant.flows, grant.actions, grant.valid_from, grant.valid_to, today)
    agent = directory(uow.connection).find(grant.agent_code.strip().upper())
    if agent is None:
        faults.append(Fault("/agent_code", "enterprise_unknown", {"value": grant.agent_code}))
    elif agent.id == owner_id:
        faults.append(Fault("/agent_code", "authority_for_self"))
    elif not agent.roles & AGENTS or not agent.active:
        faults.append(Fault("/agent_code", "not_an_agent", {"name": agent.name}))
    elif _open_already(uow, owner_id, agent.id, today):
        faults.append(Fault("/agent_code", "authority_twice"))
    if faults or agent is None:
        raise Refused(*faults)
    row = AgentAuthority(
        id=uuidv7(),
        owner_id=owner_id,
        agent_id=agent.id,
        modes=sorted(set(grant.modes)),
        flows=sorted(set(grant.flows)),
        actions=whole_actions(grant.actions),
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        note=grant.note.strip(),
        granted_by=by.actor,
        granted_at=clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()
    record(uow, by, "authority.grant", f"authority:{row.id}", clock, {"owner": str(owner_id), "agent": str(agent.id)})
    return row.id


def answer_authority(uow: UnitOfWork, authority_id: UUID, agent_id: UUID, accept: bool, by: Principal, clock: Clock) -> None:
    """Accept or decline an authority one was offered. Raises ``NotFound``, ``Refused`` when it is no longer open."""
    row = _locked(uow, authority_id)
    if row.agent_id != agent_id:
        raise NotFound(Fault("", "not_found"))
    today = clock.now().astimezone(SHANGHAI).date()
    ended = row.valid_to is not None and row.valid_to < today
    if row.accepted_at or row.declined_at or row.revoked_at or ended:
        raise Refused(Fault("", "authority_not_open"))
    if accept:
        row.accepted_at = clock.now()
    else:
        row.declined_at = clock.now()
    record(uow, by, "authority.accept" if accept else "authority.decline", f"authority:{row.id}", clock)


def revoke_authority(uow: UnitOfWork, authority_id: UUID, party_id: UUID, by: Principal, clock: Clock) -> None:
    """End an authority, as the firm that gave it or the agent that holds it; at once. Raises ``NotFound``, ``Refused``."""
    row = _locked(uow, authority_id)
    if party_id not in (row.owner_id, row.agent_id):
        raise NotFound(Fault("", "not_found"))
    if row.revoked_at or row.declined_at:
        raise Refused(Fault("", "authority_not_open"))
    row.revoked_at, row.ended_by = clock.now(), by.actor
    record(uow, by, "authority.revoke", f"authority:{row.id}", clock)


def _locked(uow: UnitOfWork, authority_id: UUID) -> AgentAuthority:
    row = uow.session.get(AgentAuthority, authority_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found"))
    return row


def _open_already(uow: UnitOfWork, owner_id: UUID, agent_id: UUID, today: date) -> bool:
    live = (AuthorityState.PROPOSED, AuthorityState.FUTURE, AuthorityState.IN_FORCE)
    given = authorities_given(uow.connection, owner_id)
    return any(each.agent_id == agent_id and each.state(today) in live for each in given)
