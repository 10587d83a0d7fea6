"""How far somebody of the office sees: the whole zone, or the firms of some nodes (一网多点: hub, branches, front windows).

The database itself holds the line (docs/adr/0019). A connection that was narrowed works in the role ``ROLE``, for which every
table has a row-level policy (``conditions``): no query needs to know of it, and none can forget it. Whoever sees the whole
zone works as the owner of the tables, to whom no policy applies: nothing is added to those queries.
"""

from dataclasses import dataclass

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, Engine

from ccezone.storage.copying import driver

__all__ = ["InsufficientPrivilege", "Reach", "narrow", "narrowed", "reach_spelled", "reached"]

ROLE = "ccezone_node"
SETTING = "ccezone.nodes"
_NARROW = f"SELECT set_config('{SETTING}', %(nodes)s, true), set_config('role', '{ROLE}', true)"
_OPTION = "ccezone_reach"


@dataclass(frozen=True, slots=True)
class Reach:
    """The nodes somebody sees, by code; of none of them, nothing is seen."""

    nodes: frozenset[str]

    @property
    def spelled(self) -> str:
        """Spell it as the setting holds it: the same nodes always alike."""
        return ",".join(sorted(self.nodes))


def reach_spelled(spelled: str) -> Reach | None:
    """Read what ``Reach.spelled`` wrote; nothing: the whole zone."""
    return Reach(frozenset(spelled.split(","))) if spelled else None


def narrow(connection: Connection, reach: Reach) -> None:
    """Show this connection's transaction what belongs to these nodes, and nothing else."""
    with driver(connection).cursor() as cursor:
        cursor.execute(_NARROW.encode(), {"nodes": reach.spelled})


def narrowed(engine: Engine, reach: Reach) -> Engine:
    """Return the engine of a reach: the same connections, which say how far they see without asking the server."""
    return engine.execution_options(**{_OPTION: reach})


def reached(connection: Connection) -> Reach | None:
    """Return how far a connection sees; ``None``: the whole zone."""
    found = connection.get_execution_options().get(_OPTION)
    return found if isinstance(found, Reach) else None
