"""Read models of authorities: those a firm gave, those an agent holds, and the one somebody works under just now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.enterprises.rules.authority import AuthorityState, Terms, state_on
from ccezone.storage.copying import fetch

_SELECT = """
SELECT a.id, a.owner_id, o.name, o.uscc, a.agent_id, g.name, g.uscc, a.modes, a.flows, a.actions, a.valid_from, a.valid_to, a.note,
    a.granted_at, a.accepted_at, a.declined_at, a.revoked_at, o.status = 'active' AND g.status = 'active'
FROM agent_authority a JOIN enterprise o ON o.id = a.owner_id JOIN enterprise g ON g.id = a.agent_id
"""
_GIVEN = f"{_SELECT} WHERE a.owner_id = %(id)s ORDER BY a.id DESC"
_HELD = f"{_SELECT} WHERE a.agent_id = %(id)s ORDER BY a.id DESC"
_ONE = f"{_SELECT} WHERE a.id = %(id)s"


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """One authority: what ``owner`` lets ``agent`` do. ``parties_active``: neither firm is suspended."""

    id: UUID
    owner_id: UUID
    owner_name: str
    owner_uscc: str
    agent_id: UUID
    agent_name: str
    agent_uscc: str
    modes: Sequence[str]
    flows: Sequence[str]
    actions: Sequence[str]
    valid_from: date
    valid_to: date | None
    note: str
    granted_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    revoked_at: datetime | None
    parties_active: bool

    def state(self, today: date) -> AuthorityState:
        """Return its standing on a day."""
        return state_on(Terms(self.valid_from, self.valid_to, self.accepted_at, self.declined_at, self.revoked_at), today)

    def in_force(self, today: date) -> bool:
        """Say whether the agent may act under it on a day."""
        return self.parties_active and self.state(today) is AuthorityState.IN_FORCE


def authorities_given(connection: Connection, owner_id: UUID) -> Sequence[AuthorityView]:
    """Return what a firm granted, newest first."""
    return [AuthorityView(*row) for row in fetch(connection, _GIVEN, {"id": owner_id})]


def authorities_held(connection: Connection, agent_id: UUID) -> Sequence[AuthorityView]:
    """Return what an agent was granted, newest first."""
    return [AuthorityView(*row) for row in fetch(connection, _HELD, {"id": agent_id})]


def authority(connection: Connection, authority_id: UUID) -> AuthorityView | None:
    """Return one authority."""
    found = fetch(connection, _ONE, {"id": authority_id})
    return AuthorityView(*found[0]) if found else None


def authorities_in_force(connection: Connection, agent_id: UUID, today: date) -> Sequence[AuthorityView]:
    """Return the authorities under which an agent may act on a day."""
    return [each for each in authorities_held(connection, agent_id) if each.in_force(today)]
