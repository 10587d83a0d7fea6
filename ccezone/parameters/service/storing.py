"""Writing dated values: a row is added and never overwritten."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import Parameter
from ccezone.parameters.tables import PARAMETER
from ccezone.storage import UnitOfWork


def add_row(uow: UnitOfWork, parameter: Parameter, clock: Clock, created_by: str, proposal_id: UUID | None = None) -> bool:
    """Add a value; ``False`` when one of its zone and key begins on that day already."""
    facts: dict[str, object] = {name: getattr(parameter, name) for name in Parameter.__dataclass_fields__}
    row = facts | {"id": uuidv7(), "created_by": created_by, "created_at": clock.now(), "proposal_id": proposal_id}
    added = insert(PARAMETER).values(row).on_conflict_do_nothing(constraint="parameter_begins_once_a_day")
    return uow.connection.execute(added.returning(PARAMETER.c.id)).first() is not None
