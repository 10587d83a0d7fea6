"""Connections that the tests of a process share: a new one costs ten times what emptying the database over a known one does."""

from ccezone.storage import Database
from ccezone.storage.unit_of_work import Subscriptions


class SharedDatabase(Database):
    """The database as one test has it: with subscriptions and an engine of its own, for which processes remember what they
    read, on the connections of another ``Database``, which stay open when this one is closed.
    """

    def __init__(self, owner: Database, subscriptions: Subscriptions | None = None) -> None:
        self.url = owner.url
        self.engine = owner.engine.execution_options()
        self.subscriptions = subscriptions or {}
        self._narrowed = {}

    def close(self) -> None:
        """Leave the connections to their owner."""
