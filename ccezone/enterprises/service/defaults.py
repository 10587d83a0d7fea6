"""Keeping declaration defaults."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from ccezone.enterprises.rules import defaults_faults
from ccezone.enterprises.tables import DeclarationDefaults
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.holding import hold


@dataclass(frozen=True, slots=True)
class DefaultsEntry:
    """Declaration defaults of one mode and flow, as entered. Empty text: not given."""

    trade_mode: str
    flow: str
    customs_code: str
    port_code: str
    agent_code: str
    agent_name: str
    transport_mode: str
    owner_code: str = ""
    owner_name: str = ""
    bonded_enterprise_code: str = ""
    bonded_enterprise_name: str = ""
    ems_no: str = ""
    assure_code: str = ""
    declaration_path: str = "A"
    transport_name: str = ""
    voyage_no: str = ""
    bill_no: str = ""
    total_package_no: str = ""
    wrap_type: str = ""
    loct_no: str = ""
    license_no: str = ""
    country: str = ""
    pod: str = ""
    trade_country: str = ""
    freight_flag: str = "3"
    insurance_flag: str = "3"
    note: str = ""


def hold_defaults(uow: UnitOfWork, enterprise_id: UUID, trade_mode: str, flow: str) -> None:
    """Let nobody else change these defaults before this transaction ends."""
    hold(uow.connection, "declaration-defaults", enterprise_id, trade_mode, flow)


def save_defaults(uow: UnitOfWork, enterprise_id: UUID, entry: DefaultsEntry, clock: Clock) -> None:
    """Save the declaration defaults of one mode and flow. Raises ``Refused`` naming each field that is missing."""
    faults = defaults_faults(asdict(entry))
    if faults:
        raise Refused(*faults)
    hold_defaults(uow, enterprise_id, entry.trade_mode, entry.flow)
    now = clock.now()
    values = {**asdict(entry), "enterprise_id": enterprise_id, "id": uuidv7(), "created_at": now, "updated_at": now}
    changed = {name: value for name, value in values.items() if name not in ("id", "created_at")}
    statement = insert(DeclarationDefaults).values(values)
    uow.connection.execute(statement.on_conflict_do_update(index_elements=["enterprise_id", "trade_mode", "flow"], set_=changed))
