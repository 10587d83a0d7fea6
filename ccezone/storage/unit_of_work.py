"""One use case, one transaction: the unit of work carries the connection, and news to whoever subscribed to it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from select import POLLIN, poll
from typing import TypeVar, cast

import orjson
import psycopg
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, ProgrammingError
from sqlmodel import Session

from ccezone.kernel.errors import Fault, NotAllowed
from ccezone.storage.reach import InsufficientPrivilege, Reach, narrow, narrowed

# JSON columns are read and written thousands of times a second; orjson does so at a fraction of the standard library's cost.
set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)

Event = TypeVar("Event")
Item = TypeVar("Item")
Subscriber = Callable[["UnitOfWork", object], None]
Subscriptions = Mapping[type[object], Sequence[Subscriber]]


@dataclass
class UnitOfWork:
    """A running transaction.

    ``connection`` serves set-based statements, ``session`` (on the same connection) serves CRUD rows.
    """

    connection: Connection
    session: Session
    subscriptions: Subscriptions = field(default_factory=dict)
    _endings: dict[Callable[["UnitOfWork", list[object]], None], list[object]] = field(default_factory=dict, init=False)

    def at_end(self, task: Callable[["UnitOfWork", list[Item]], None], item: Item) -> None:
        """Have ``task`` called once with all items gathered for it, last of all before the commit.

        For what must be locked by everybody in turn: the lock is held for the commit alone, and is taken after every other one.
        """
        self._endings.setdefault(cast("Callable[[UnitOfWork, list[object]], None]", task), []).append(item)

    def end(self) -> None:
        """Write what the session holds and do what was put off to the end; the transaction is then ready to commit."""
        self.session.flush()
        for task, items in self._endings.items():
            task(self, items)

    def publish(self, event: object) -> None:
        """Tell every subscriber of this event's type, now, in this transaction: all of it commits or none does."""
        for subscriber in self.subscriptions.get(type(event), ()):
            subscriber(self, event)


def _require_open(connection: psycopg.Connection[object], _record: object, _proxy: object) -> None:
    """Have a pooled connection replaced when its server has hung up, which its socket tells without a round trip.

    An idle connection has nothing to say, so that whatever can be read is its end.
    """
    socket = poll()
    socket.register(connection.fileno(), POLLIN)
    if socket.poll(0):
        raise DisconnectionError("the server closed this connection")


class Database:
    """A PostgreSQL database, and the subscriptions that hold for every transaction on it."""

    def __init__(self, url: str, subscriptions: Subscriptions | None = None, pool_size: int = 10) -> None:
        self.url = url
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=5,
            connect_args={"prepare_threshold": 3, "connect_timeout": 10},
        )
        event.listen(self.engine, "checkout", _require_open)
        self.subscriptions: Subscriptions = subscriptions or {}
        self._narrowed: dict[Reach, Database] = {}

    def within(self, reach: Reach | None) -> "Database":
        """Return the database as somebody of some nodes sees it (``storage.reach``); ``None``: itself.

        Each reach has an engine of its own, on the same connections: what is remembered of one is never shown to another.
        """
        if reach is None:
            return self
        return self._narrowed.setdefault(reach, _Within(self, reach))

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """Open a unit of work; commit when the block ends, roll back when it raises."""
        with self.engine.begin() as connection, Session(bind=connection, expire_on_commit=False) as session:
            uow = UnitOfWork(connection, session, self.subscriptions)
            yield uow
            uow.end()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read-only transaction, for read models."""
        with self.engine.connect().execution_options(postgresql_readonly=True) as connection:
            yield connection

    @contextmanager
    def alone(self, key: int) -> Iterator[bool]:
        """Say whether this process, of all on this database, holds the lock ``key`` while the block runs."""
        with self.engine.connect() as connection:
            yield bool(connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}).scalar_one())

    def joined(self, uow: UnitOfWork, subscriptions: Subscriptions | None = None) -> "Database":
        """Return a database whose units of work are parts of a running one (savepoints): they commit when it does.

        ``subscriptions`` stand in for those that hold otherwise.
        """
        return _Joined(self, uow, self.subscriptions if subscriptions is None else subscriptions)

    def close(self) -> None:
        """Give all pooled connections back to the server."""
        self.engine.dispose()


class _Within(Database):
    """The database narrowed to some nodes, for the length of each transaction."""

    def __init__(self, database: Database, reach: Reach) -> None:
        self.url, self.engine, self.subscriptions = database.url, narrowed(database.engine, reach), database.subscriptions
        self._reach, self._narrowed = reach, {}

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        try:
            with self.engine.begin() as connection, Session(bind=connection, expire_on_commit=False) as session:
                narrow(connection, self._reach)
                uow = UnitOfWork(connection, session, self.subscriptions)
                yield uow
                uow.end()
        except (InsufficientPrivilege, ProgrammingError) as error:
            if isinstance(error, ProgrammingError) and not isinstance(error.orig, InsufficientPrivilege):
                raise
            raise NotAllowed(Fault("", "beyond_your_node")) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(postgresql_readonly=True) as connection:
            narrow(connection, self._reach)
            yield connection

    def within(self, reach: Reach | None) -> Database:
        raise RuntimeError("what is narrowed is neither widened nor narrowed again")

    def close(self) -> None:
        """The whole database gives the connections back."""


class _Joined(Database):
    """The database as seen from within a running unit of work, for use cases that open their own."""

    def __init__(self, database: Database, uow: UnitOfWork, subscriptions: Subscriptions) -> None:
        self.url, self.engine, self.subscriptions = database.url, database.engine, subscriptions
        self._uow, self._narrowed = uow, {}

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        connection = self._uow.connection
        with (
            connection.begin_nested(),
            Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session,
        ):
            uow = UnitOfWork(connection, session, self.subscriptions)
            yield uow
            uow.end()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        yield self._uow.connection

    def close(self) -> None:
        """The running unit of work gives its connection back itself."""
