"""Which node somebody of the office belongs to: they see the firms of it and of the nodes under it (一网多点)."""

from collections.abc import Collection
from uuid import UUID

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.accounts.service.audit import record
from ccezone.accounts.service.users import user_row
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused
from ccezone.storage import UnitOfWork

ASSIGNED = "officer.node"
"""The audit action: its entries are the history of a person's nodes."""


def assign_node(
    uow: UnitOfWork, user_id: UUID, node: str, reason: str, known: Collection[str], by: Principal, clock: Clock
) -> None:
    """Assign somebody of the office to a node (empty: the whole zone), from their next request on. ``known``: all nodes' codes.

    Raises ``NotAllowed``: not the system administrator; ``NotFound``: nobody of the office; ``Refused``: no such node, no reason,
    or oneself.
    """
    if by.user_id is None or not by.may(Permission.OFFICE_USERS_WRITE):
        raise NotAllowed(Fault("", "not_allowed"))
    user = user_row(uow, user_id)
    if user.role == Role.FIRM:
        raise NotFound(Fault("", "not_found"))
    faults = [] if not node or node in known else [Fault("/node", "unknown_node", {"value": node})]
    faults += [] if reason.strip() else [Fault("/reason", "required")]
    if faults:
        raise Refused(*faults)
    before, user.node = user.node, node
    detail = {"from": before, "to": node, "reason": reason.strip()[:200]}
    record(uow, by, ASSIGNED, f"user:{user.id}", clock, detail)
