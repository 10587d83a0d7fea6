"""Whose lists somebody may see: an enterprise its own and those it transmits as customs broker, the office all."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from ccezone.enterprises.queries import directory
from ccezone.enterprises.rules import Role


@dataclass(frozen=True, slots=True)
class Scope:
    """The lists in view. Without an enterprise: everybody's. ``transmitter_code`` is set for customs brokers only."""

    enterprise_id: UUID | None = None
    transmitter_code: str | None = None

    @property
    def condition(self) -> str:
        """SQL over ``d`` (declaration_list), spelled so that each kind of viewer gets the index it needs."""
        if self.enterprise_id is None:
            return "true"
        own = "d.merchant_id = %(enterprise)s"
        return f"({own} OR d.transmitter_code = %(transmitter)s)" if self.transmitter_code else own

    @property
    def values(self) -> Mapping[str, object]:
        """Parameters of ``condition``."""
        return {"enterprise": self.enterprise_id, "transmitter": self.transmitter_code}


OFFICE = Scope()


def scope_of(connection: Connection, enterprise_id: UUID | None) -> Scope:
    """Return what an enterprise may see; ``None`` is the office."""
    if enterprise_id is None:
        return OFFICE
    party = directory(connection).by_id.get(enterprise_id)
    broker = party is not None and Role.AGENT in party.roles
    return Scope(enterprise_id, party.uscc if party is not None and broker else None)
