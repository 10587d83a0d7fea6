"""The registry of "needs you now": a feature's module builds ``Todo`` counters and lists them in its ``Feature``."""

from dataclasses import dataclass

from ccezone.accounts.rules import Principal
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.shell.access import opens
from ccezone.web.shell.feature import Todo

__all__ = ["Counted", "Todo", "waiting"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter and what it found."""

    todo: Todo
    number: int


def waiting(connection: Connection, principal: Principal) -> list[Counted]:
    """Return the counters of this person's role that found something, urgent ones first."""
    known = (todo for feature in hub().features for todo in feature.todo if principal.role in todo.roles)
    counters = [todo for todo in known if opens(principal, todo.endpoint)]
    counted = [Counted(todo, todo.count(connection, principal)) for todo in counters]
    return sorted((entry for entry in counted if entry.number), key=lambda entry: not entry.todo.urgent)
