"""Registering enterprises: an officer registers, amends, suspends."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from ccezone.enterprises.queries import forget_directory
from ccezone.enterprises.rules import Status, identity_faults
from ccezone.enterprises.tables import Enterprise
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class Registration:
    """What an officer enters about an enterprise."""

    uscc: str
    name: str
    roles: Collection[str]
    customs_code: str | None = None
    name_en: str = ""
    dxp_id: str | None = None
    node: str = ""
    contact: str = ""
    auto_submit: bool = False


def register(uow: UnitOfWork, registration: Registration, clock: Clock) -> UUID:
    """Register an enterprise as active. Raises ``Refused``: wrong codes, unknown role, code already taken."""
    faults = _registration_faults(uow, registration)
    if faults:
        raise Refused(*faults)
    now = clock.now()
    enterprise_id = uuidv7()
    values = {**_columns(registration), "id": enterprise_id, "created_at": now, "updated_at": now}
    uow.connection.execute(insert(Enterprise).values(values))
    forget_directory(uow.connection)
    return enterprise_id


def amend(uow: UnitOfWork, enterprise_id: UUID, registration: Registration, clock: Clock) -> None:
    """Change what is registered of an enterprise, roles included. Raises ``NotFound``, ``Refused``."""
    row = _row(uow, enterprise_id)
    faults = _registration_faults(uow, registration, but=enterprise_id)
    if faults:
        raise Refused(*faults)
    row.sqlmodel_update({**_columns(registration), "updated_at": clock.now()})
    uow.session.add(row)
    uow.session.flush()
    forget_directory(uow.connection)


def set_status(uow: UnitOfWork, enterprise_id: UUID, status: Status, clock: Clock) -> None:
    """Suspend an enterprise or take it up again: a suspended one may not send. Raises ``NotFound``."""
    row = _row(uow, enterprise_id)
    row.status = status.value
    row.updated_at = clock.now()
    uow.session.add(row)
    uow.session.flush()
    forget_directory(uow.connection)


def _row(uow: UnitOfWork, enterprise_id: UUID) -> Enterprise:
    row = uow.session.get(Enterprise, enterprise_id)
    if row is None:
        raise NotFound(Fault("", "not_found", {"value": str(enterprise_id)}))
    return row


def _columns(registration: Registration) -> dict[str, object]:
    return {**asdict(registration), "roles": sorted(set(registration.roles))}


def _registration_faults(uow: UnitOfWork, registration: Registration, but: UUID | None = None) -> list[Fault]:
    faults = identity_faults(registration.uscc, registration.customs_code, registration.roles)
    if not registration.name.strip():
        faults.append(Fault("/name", "required"))
    if not faults:
        faults += _taken(uow, registration, but)
    return faults


def _taken(uow: UnitOfWork, registration: Registration, but: UUID | None) -> list[Fault]:
    table = Enterprise.metadata.tables["enterprise"]
    same = table.c.uscc == registration.uscc
    if registration.customs_code is not None:
        same = same | (table.c.customs_code == registration.customs_code)
    faults = []
    for row in uow.connection.execute(select(table.c.id, table.c.uscc).where(same)):
        if row.id != but:
            field = "uscc" if row.uscc == registration.uscc else "customs_code"
            faults.append(Fault(f"/{field}", "code_taken", {"value": str(getattr(registration, field))}))
    return faults
