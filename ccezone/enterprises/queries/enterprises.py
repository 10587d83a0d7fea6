"""Read models of enterprises: the in-memory directory intake judges senders by, lists for pages."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, RootTransaction, RowMapping, Select, func, or_, select
from sqlmodel import SQLModel

from ccezone.enterprises import tables  # noqa: F401 - declares the tables
from ccezone.enterprises.rules import Status

FRESH_SECONDS = 5.0

_enterprises = SQLModel.metadata.tables["enterprise"]


@dataclass(frozen=True, slots=True)
class EnterpriseView:
    """An enterprise as other areas see it."""

    id: UUID
    uscc: str
    customs_code: str | None
    name: str
    name_en: str
    roles: frozenset[str]
    dxp_id: str | None
    node: str
    contact: str
    status: str
    auto_submit: bool
    created_at: datetime
    filing_block: str = ""
    credit_grade: str = ""
    credit_block: str = ""
    fast_lane: bool = False
    auto_submit_allowed: bool = True

    @property
    def may_file(self) -> bool:
        """Say whether declarations may be filed for it now: active, no licence it needs has ended, not blocked by credit."""
        return self.active and not self.filing_block and not self.credit_block

    @property
    def active(self) -> bool:
        """Say whether it may send and declare now."""
        return self.status == Status.ACTIVE


@dataclass(frozen=True, slots=True)
class Directory:
    """All enterprises, found by either code or by id, in constant time."""

    by_code: Mapping[str, EnterpriseView]
    by_id: Mapping[UUID, EnterpriseView]

    def find(self, code: str) -> EnterpriseView | None:
        """Return the enterprise with this unified social credit code or customs code."""
        return self.by_code.get(code)


_directories: WeakKeyDictionary[Engine, tuple[float, Directory]] = WeakKeyDictionary()
_changing: WeakKeyDictionary[RootTransaction, Directory | None] = WeakKeyDictionary()
"""Transactions that changed enterprises: what they see is remembered for themselves only, for they may be rolled back."""


def directory(connection: Connection, monotonic: Callable[[], float] = time.monotonic) -> Directory:
    """Return all enterprises, at most ``FRESH_SECONDS`` old; a change made by this process shows at once."""
    transaction = connection.get_transaction()
    if transaction is not None and transaction in _changing:
        own = _changing[transaction] or _load_directory(connection)
        _changing[transaction] = own
        return own
    now = monotonic()
    known = _directories.get(connection.engine)
    if known is not None and now - known[0] < FRESH_SECONDS:
        return known[1]
    loaded = _load_directory(connection)
    _directories[connection.engine] = (now, loaded)
    return loaded


def forget_directory(connection: Connection) -> None:
    """Drop the remembered directory: an enterprise has changed."""
    for engine in [each for each in _directories if each.pool is connection.engine.pool]:
        del _directories[engine]  # of every reach: each remembers its own
    transaction = connection.get_transaction()
    if transaction is not None:
        _changing[transaction] = None


def _load_directory(connection: Connection) -> Directory:
    views = [_enterprise(row) for row in connection.execute(_select()).mappings()]
    by_code = {code: view for view in views for code in (view.customs_code, view.uscc) if code}
    return Directory(by_code, {view.id: view for view in views})


def enterprise(connection: Connection, enterprise_id: UUID) -> EnterpriseView | None:
    """Return one enterprise, as it stands now."""
    statement = _select().where(_enterprises.c.id == enterprise_id)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _enterprise(row)


def search_enterprises(
    connection: Connection, text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[EnterpriseView]:
    """Return enterprises whose name or code contains ``text``, newest first, after a cursor."""
    statement = _select().order_by(_enterprises.c.id.desc()).limit(limit)
    if text:
        names = (_enterprises.c.name, _enterprises.c.name_en, _enterprises.c.uscc, _enterprises.c.customs_code)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in names)))
    if after is not None:
        statement = statement.where(_enterprises.c.id < after)
    return [_enterprise(row) for row in connection.execute(statement).mappings()]


def count_enterprises(connection: Connection, status: str) -> int:
    """Count the enterprises of one status."""
    statement = select(func.count()).select_from(_enterprises).where(_enterprises.c.status == status)
    return int(connection.execute(statement).scalar_one())


def _select() -> Select[tuple[object, ...]]:
    return select(*(_enterprises.c[field.name] for field in fields(EnterpriseView)))


def _enterprise(row: RowMapping) -> EnterpriseView:
    return EnterpriseView(**{**row, "roles": frozenset(row["roles"])})
