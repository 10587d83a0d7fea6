"""One number through the whole chain: the order it belongs to, every node the order passed, and how long each took.

Strands as the pilot zones name them (关检税汇商融企); those show that have steps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.queries import bills_of_order
from ccezone.clearance.queries.numbers import find_number
from ccezone.clearance.queries.timeline import TimelineStep, timeline
from ccezone.declarations.queries import Scope, lists_of_order
from ccezone.declarations.queries.listing import ListRow
from ccezone.matching.queries import MatchRow, match
from ccezone.storage.copying import fetch

MOST_ORDERS = 20
_ORDER = """
SELECT o.order_no, min(b.received_at) FROM order_version o JOIN intake_batch b ON b.id = o.batch_id
WHERE o.order_key = %(key)s GROUP BY o.order_no
"""
_KEYS = {
    "payment": "SELECT DISTINCT order_key FROM payment_version WHERE payment_key = %(key)s",
    "waybill": """
        SELECT DISTINCT order_key FROM link_version WHERE waybill_key = %(key)s AND app_type <> 3 UNION
        SELECT DISTINCT o.order_key FROM waybill_version w JOIN order_version o
            ON o.order_no_key = w.order_no_key AND o.order_no = w.order_no AND o.flow = w.flow
        WHERE w.waybill_key = %(key)s
    """,
    "list": "SELECT order_key FROM declaration_list WHERE id = %(key)s",
}
_RELEASED = frozenset({800, 899})


class Strand(StrEnum):
    """Whose node a step is."""

    COMMERCE = "commerce"
    ENTERPRISE = "enterprise"
    CUSTOMS = "customs"
    TAX = "tax"


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step: a bill that came (``kind`` order, payment, waybill, link), the match, or a step of list ``list_id``."""

    strand: Strand
    at: datetime
    kind: str
    number: str = ""
    key: int = 0
    list_id: int | None = None
    step: TimelineStep | None = None
    waited: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A stretch of the chain between two milestones; without ``ended`` it is under way."""

    name: str
    began: datetime
    ended: datetime | None

    def took(self, now: datetime) -> timedelta:
        """How long it took, or has taken so far."""
        return max((self.ended or now) - self.began, timedelta(0))


@dataclass(frozen=True, slots=True)
class Chain:
    """An order's whole chain."""

    match: MatchRow
    lists: Sequence[ListRow]
    steps: Sequence[ChainStep]
    nodes: Sequence[Node]

    @property
    def strands(self) -> Sequence[Strand]:
        """The strands that have steps, in their order."""
        found = {step.strand for step in self.steps}
        return [strand for strand in Strand if strand in found]


def orders_of_number(connection: Connection, text: str, viewer: UUID | None) -> Sequence[MatchRow]:
    """Return the orders a number belongs to (order, payment, waybill, list), a firm's own only."""
    keys: dict[int, None] = {}
    for hit in find_number(connection, text):
        if hit.kind == "order":
            keys[int(hit.key)] = None
        elif statement := _KEYS.get(hit.kind):
            keys |= dict.fromkeys(row[0] for row in fetch(connection, statement, {"key": int(hit.key)}))
    found = (match(connection, key, viewer) for key in list(keys)[:MOST_ORDERS])
    return [each for each in found if each is not None]


def chain(connection: Connection, known: MatchRow, scope: Scope) -> Chain:
    """Return the chain of an order; the caller has judged who may see the order, ``scope`` narrows its lists."""
    lists = lists_of_order(connection, known.order_key, scope)
    steps = sorted([*_bills(connection, known), *_listed(connection, lists)], key=lambda step: step.at)
    return Chain(known, lists, _with_waiting(steps), _nodes(steps))


def _bills(connection: Connection, known: MatchRow) -> Iterator[ChainStep]:
    for number, at in fetch(connection, _ORDER, {"key": known.order_key}):
        yield ChainStep(Strand.COMMERCE, at, "order", number, known.order_key)
    for row in bills_of_order(connection, known.order_key):
        if not row.deleted:
            yield ChainStep(Strand.COMMERCE, row.received_at, row.kind.value, row.number, row.key)
    if not known.waiting:
        yield ChainStep(Strand.COMMERCE, known.merged_at, "matched", known.order_no, known.order_key)


def _listed(connection: Connection, lists: Sequence[ListRow]) -> Iterator[ChainStep]:
    for row in lists:
        for step in timeline(connection, row.id):
            yield ChainStep(_strand_of(step), step.at, step.kind, row.list_no or row.cop_no, list_id=row.id, step=step)


def _strand_of(step: TimelineStep) -> Strand:
    if step.kind == "tax_bill":
        return Strand.TAX
    return Strand.CUSTOMS if step.kind in ("sent", "refused", "receipt") else Strand.ENTERPRISE


def _with_waiting(steps: Sequence[ChainStep]) -> Sequence[ChainStep]:
    waits = [None, *(later.at - former.at for former, later in pairwise(steps))]
    return [replace(step, waited=wait) for step, wait in zip(steps, waits, strict=True)]


def _nodes(steps: Sequence[ChainStep]) -> Sequence[Node]:
    """From the first bill to the last, to the list, to its filing, to the single window, to release."""
    papers = [step.at for step in steps if step.kind in ("order", "payment", "waybill", "link")]
    if not papers:
        return []
    marks: list[tuple[str, datetime | None]] = [("collect", max(papers) if _first(steps, "prepared") else None)]
    marks += [("prepare", _first(steps, "prepared")), ("file", _first(steps, "filed")), ("send", _first(steps, "sent"))]
    marks.append(("clear", next((each.at for each in steps if each.step and each.step.code in _RELEASED), None)))
    nodes, began = [], min(papers)
    for name, ended in marks:
        nodes.append(Node(name, began, max(ended, began) if ended else None))
        if ended is None:
            break
        began = max(ended, began)
    return nodes


def _first(steps: Sequence[ChainStep], kind: str) -> datetime | None:
    return next((step.at for step in steps if step.kind == kind), None)
