"""Keeping the register of nodes."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlmodel import select

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries.nodes import nodes, subtree
from ccezone.enterprises.rules.nodes import node_faults
from ccezone.enterprises.tables import Node
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork


@dataclass(frozen=True, slots=True)
class NodeEntry:
    """A node as an officer enters it; ``open_to`` is its last day."""

    code: str
    kind: str
    name: str
    open_from: date
    name_en: str = ""
    parent: str | None = None
    address: str = ""
    country: str = ""
    document: str = ""
    open_to: date | None = None


def add_node(uow: UnitOfWork, entry: NodeEntry, by: Principal | None, clock: Clock) -> UUID:
    """Add a node. Raises ``Refused``: form, unknown kind or parent, code taken."""
    faults = _faults(uow, entry)
    if uow.session.exec(select(Node).where(Node.code == entry.code)).first():
        faults.append(Fault("/code", "node_taken", {"value": entry.code}))
    if faults:
        raise Refused(*faults)
    row = Node(id=uuidv7(), **asdict(entry), created_at=clock.now(), updated_at=clock.now())
    uow.session.add(row)
    uow.session.flush()
    record(uow, by, "node.add", f"node:{row.id}", clock, {"code": entry.code})
    return row.id


def change_node(uow: UnitOfWork, node_id: UUID, entry: NodeEntry, by: Principal, clock: Clock) -> None:
    """Change a node; its code stays. Raises ``NotFound``, ``Refused``: also when it would stand under itself."""
    row = uow.session.get(Node, node_id, with_for_update=True)
    if row is None:
        raise NotFound(Fault("", "not_found"))
    faults = _faults(uow, entry)
    if entry.parent in subtree(nodes(uow.connection), row.code):
        faults.append(Fault("/parent", "node_under_itself"))
    if faults:
        raise Refused(*faults)
    row.sqlmodel_update({**asdict(entry), "code": row.code, "updated_at": clock.now()})
    record(uow, by, "node.change", f"node:{row.id}", clock)


def _faults(uow: UnitOfWork, entry: NodeEntry) -> list[Fault]:
    known = {node.code for node in nodes(uow.connection)}
    return node_faults(entry.code, entry.kind, entry.name, entry.parent, entry.country, entry.open_from, entry.open_to, known)
