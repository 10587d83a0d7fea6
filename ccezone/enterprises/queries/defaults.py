"""Read models of declaration defaults."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from ccezone.enterprises import tables  # noqa: F401 - declares the tables

_defaults = SQLModel.metadata.tables["declaration_defaults"]


@dataclass(frozen=True, slots=True)
class DefaultsView:
    """What all lists of one enterprise, mode and flow have in common. Empty text: not given."""

    enterprise_id: UUID
    trade_mode: str
    flow: str
    customs_code: str
    port_code: str
    agent_code: str
    agent_name: str
    owner_code: str
    owner_name: str
    bonded_enterprise_code: str
    bonded_enterprise_name: str
    ems_no: str
    assure_code: str
    declaration_path: str
    transport_mode: str
    transport_name: str
    voyage_no: str
    bill_no: str
    total_package_no: str
    wrap_type: str
    loct_no: str
    license_no: str
    country: str
    pod: str
    trade_country: str
    freight_flag: str
    insurance_flag: str
    note: str


def defaults_of(connection: Connection, enterprise_ids: Collection[UUID]) -> dict[tuple[UUID, str, str], DefaultsView]:
    """Return declaration defaults by (enterprise, trade mode, flow)."""
    if not enterprise_ids:
        return {}
    statement = select(*(_defaults.c[field.name] for field in fields(DefaultsView))).where(
        _defaults.c.enterprise_id.in_(enterprise_ids)
    )
    views = (DefaultsView(**row) for row in connection.execute(statement).mappings())
    return {(view.enterprise_id, view.trade_mode, view.flow): view for view in views}
