"""Whose lists somebody may see: an enterprise its own and those it transmits as customs broker, the office all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from ccezone.accounts.rules import Scope as Limits
from ccezone.enterprises.queries import directory
from ccezone.enterprises.rules import Role


@dataclass(frozen=True, slots=True)
class Scope:
    """The lists in view. Without an enterprise: everybody's. ``transmitter_codes`` are a customs broker's, in both spellings.

    ``limits`` is how far the authority reaches under which an agent looks at the enterprise's lists.
    """

    enterprise_id: UUID | None = None
    transmitter_codes: Sequence[str] = ()
    limits: Limits | None = None

    @property
    def condition(self) -> str:
        """SQL over ``d`` (declaration_list), spelled so that each kind of viewer gets the index it needs."""
        if self.enterprise_id is None:
            return "true"
        own = "d.merchant_id = %(enterprise)s"
        if self.limits is not None:
            return f"{own} AND d.trade_mode = ANY(%(modes)s) AND d.flow = ANY(%(flows)s)"
        return f"({own} OR d.transmitter_code = ANY(%(transmitters)s))" if self.transmitter_codes else own

    @property
    def values(self) -> Mapping[str, object]:
        """Parameters of ``condition``."""
        modes, flows = (self.limits.modes, self.limits.flows) if self.limits else ((), ())
        return {
            "enterprise": self.enterprise_id,
            "transmitters": list(self.transmitter_codes),
            "modes": sorted(modes),
            "flows": sorted(flows),
        }


OFFICE = Scope()


def scope_of(connection: Connection, enterprise_id: UUID | None, limits: Limits | None = None) -> Scope:
    """Return what an enterprise may see; ``None`` is the office. An agent who acts for it sees as far as its ``limits``."""
    if enterprise_id is None:
        return OFFICE
    if limits is not None:
        return Scope(enterprise_id, limits=limits)
    party = directory(connection).by_id.get(enterprise_id)
    if party is None or Role.AGENT not in party.roles:
        return Scope(enterprise_id)
    return Scope(enterprise_id, tuple(code for code in (party.uscc, party.customs_code) if code))
