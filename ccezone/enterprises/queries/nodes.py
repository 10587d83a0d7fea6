"""Read models of nodes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from ccezone.enterprises import tables  # noqa: F401 - declares the tables

_nodes = SQLModel.metadata.tables["node"]


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node; ``open_to`` is its last day."""

    id: UUID
    code: str
    kind: str
    name: str
    name_en: str
    parent: str | None
    address: str
    country: str
    document: str
    open_from: date
    open_to: date | None

    def open_on(self, day: date) -> bool:
        """Say whether it is open on a day."""
        return self.open_from <= day and (self.open_to is None or day <= self.open_to)


def nodes(connection: Connection) -> Sequence[NodeView]:
    """Return all nodes, the hub first, then by kind and code."""
    order = {"hub": 0, "branch": 1, "window": 2, "overseas": 3}
    statement = select(*(_nodes.c[field.name] for field in fields(NodeView)))
    found = [NodeView(**row) for row in connection.execute(statement).mappings()]
    return sorted(found, key=lambda node: (order[node.kind], node.code))


def node_by_id(connection: Connection, node_id: UUID) -> NodeView | None:
    """Return one node."""
    return next((node for node in nodes(connection) if node.id == node_id), None)


def subtree(all_nodes: Collection[NodeView], code: str) -> frozenset[str]:
    """Return the codes of a node and of everything under it."""
    reached = {code}
    while more := {node.code for node in all_nodes if node.parent in reached} - reached:
        reached |= more
    return frozenset(reached)


def watching(connection: Connection, code: str) -> tuple[str, ...]:
    """Return a node's code and those of the nodes above it: whose people see a firm of this node. Without one: nobody's."""
    parents = {node.code: node.parent for node in nodes(connection)}
    found: list[str] = []
    step: str | None = code
    while step and step in parents and step not in found:
        found.append(step)
        step = parents[step]
    return tuple(found)
