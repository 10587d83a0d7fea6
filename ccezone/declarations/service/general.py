"""General declarations (报关单): goods that may not go by list are declared elsewhere; the hub records what was declared.

9710 and 9810 above the parcel limit, goods with licence, tax or inspection (GACC 2020 No. 75). Recorded, never sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb
from sqlalchemy import Connection

from ccezone.declarations.rules.general import GeneralLine, general_faults
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run

_COLUMNS = """declaration_no = %(declaration_no)s, flow = %(flow)s, trade_mode = %(trade_mode)s, customs_code = %(customs_code)s,
    declared_on = %(declared_on)s, released_on = %(released_on)s, country = %(country)s, transport_mode = %(transport_mode)s,
    currency = %(currency)s, total_value = %(total_value)s, net_weight = %(net_weight)s, lines = %(lines)s,
    order_nos = %(order_nos)s, note = %(note)s"""
_INSERT = """
INSERT INTO general_declaration (id, merchant_id, declaration_no, flow, trade_mode, customs_code, declared_on, released_on, country,
    transport_mode, currency, total_value, net_weight, lines, order_nos, note, version, created_at, updated_at, actor)
VALUES (%(id)s, %(merchant)s, %(declaration_no)s, %(flow)s, %(trade_mode)s, %(customs_code)s, %(declared_on)s, %(released_on)s,
    %(country)s, %(transport_mode)s, %(currency)s, %(total_value)s, %(net_weight)s, %(lines)s, %(order_nos)s, %(note)s, 1, %(at)s,
    %(at)s, %(actor)s)
"""
_OWN = "SELECT version, declaration_no FROM general_declaration WHERE id = %(id)s AND merchant_id = %(merchant)s FOR UPDATE"
_AMEND = f"""
UPDATE general_declaration SET {_COLUMNS}, version = version + 1, updated_at = %(at)s, actor = %(actor)s WHERE id = %(id)s
"""  # noqa: S608  # our own names
_REMOVE = """
UPDATE general_declaration SET removed_at = %(at)s, version = version + 1, updated_at = %(now)s, actor = %(actor)s WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class GeneralEntry:
    """What a general declaration says. ``total_value`` and line values in ``currency``; ``order_nos`` name orders it covers."""

    declaration_no: str
    flow: str
    trade_mode: str
    customs_code: str
    declared_on: date
    currency: str
    total_value: Decimal
    lines: Sequence[GeneralLine]
    released_on: date | None = None
    country: str = ""
    transport_mode: str = ""
    net_weight: Decimal | None = None
    order_nos: Sequence[str] = ()
    note: str = ""


def record_general(database: Database, clock: Clock, merchant_id: UUID, entry: GeneralEntry, actor: str) -> UUID:
    """Record a general declaration. Raises ``Refused`` with everything wrong, its number recorded before included."""
    _judge(entry, clock)
    number = uuidv7()
    values = {**_values(entry), "id": number, "merchant": merchant_id, "at": clock.now(), "actor": actor}
    _write(database, _INSERT, values, entry.declaration_no)
    return number


def amend_general(
    database: Database, clock: Clock, merchant_id: UUID, declaration_id: UUID, entry: GeneralEntry, version: int, actor: str
) -> None:
    """Correct what was recorded. Raises ``NotFound``, ``Stale`` when somebody else corrected it first, ``Refused``."""
    _judge(entry, clock)
    with database.begin() as uow:
        _held(uow.connection, merchant_id, declaration_id, version)
        values = {**_values(entry), "id": declaration_id, "at": clock.now(), "actor": actor}
        _write(database.joined(uow), _AMEND, values, entry.declaration_no)


def remove_general(
    database: Database, clock: Clock, merchant_id: UUID, declaration_id: UUID, version: int, actor: str, *, undo: bool = False
) -> None:
    """Take a record back, or with ``undo`` put it up again.

    Raises ``NotFound``, ``Stale``, or ``Refused`` when its number was recorded anew meanwhile.
    """
    with database.begin() as uow:
        declaration_no = _held(uow.connection, merchant_id, declaration_id, version)
        now = clock.now()
        values = {"id": declaration_id, "at": None if undo else now, "now": now, "actor": actor}
        _write(database.joined(uow), _REMOVE, values, declaration_no)


def _judge(entry: GeneralEntry, clock: Clock) -> None:
    faults = general_faults(
        declaration_no=entry.declaration_no,
        trade_mode=entry.trade_mode,
        customs_code=entry.customs_code,
        flow=entry.flow,
        declared_on=entry.declared_on,
        released_on=entry.released_on,
        currency=entry.currency,
        total_value=entry.total_value,
        lines=entry.lines,
        today=clock.now().astimezone(SHANGHAI).date(),
    )
    if faults:
        raise Refused(*faults)


def _values(entry: GeneralEntry) -> dict[str, object]:
    values = asdict(entry)
    lines = [{name: str(value) for name, value in line.items()} for line in values["lines"]]
    return {**values, "lines": Jsonb(lines), "order_nos": Jsonb(list(entry.order_nos))}


def _held(connection: Connection, merchant_id: UUID, declaration_id: UUID, version: int) -> str:
    """Hold a merchant's own record, and return its number."""
    found = fetch(connection, _OWN, {"id": declaration_id, "merchant": merchant_id})
    if not found:
        raise NotFound(Fault("", "general_not_found", {"id": str(declaration_id)}))
    if found[0][0] != version:
        raise Stale(Fault("", "general_changed_meanwhile", {"id": str(declaration_id)}))
    return str(found[0][1])


def _write(database: Database, statement: str, values: Mapping[str, object], declaration_no: str) -> None:
    try:
        with database.begin() as uow:
            run(uow.connection, statement, values)
    except UniqueViolation as twice:
        raise Refused(Fault("/declaration_no", "general_recorded_before", {"value": declaration_no})) from twice
