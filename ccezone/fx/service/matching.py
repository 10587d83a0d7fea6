"""Matching money to orders and taking it back: entries are appended, never changed; the database adds them up and checks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from psycopg.errors import CheckViolation

from ccezone.fx.rules.matching import Line, LineKind, OrderFacts, Wanted, plan
from ccezone.fx.rules.parts import spelled
from ccezone.fx.service.held import Held, hold, refresh
from ccezone.fx.service.orders import OrderName, ready
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run

TOLERANCE = "fx.match_tolerance"
MOST_ORDERS = 500
_INSERT = """
INSERT INTO fx_match (id, receipt_id, order_key, enterprise_id, currency, kind, amount, reverses, at, actor, note)
VALUES (%(id)s, %(receipt)s, %(order)s, %(firm)s, %(currency)s, %(kind)s, %(amount)s, %(reverses)s, %(at)s, %(actor)s, %(note)s)
"""
_LIVE = """
SELECT m.id, m.order_key, m.kind, m.amount FROM fx_match m
WHERE m.receipt_id = %(receipt)s AND m.reverses IS NULL AND NOT EXISTS (SELECT FROM fx_match r WHERE r.reverses = m.id)
    AND (%(order)s::bigint IS NULL OR m.order_key = %(order)s) ORDER BY m.order_key, m.id
"""
_TRIED = "UPDATE fx_receipt SET tried = true WHERE id = %(id)s AND NOT tried"


@dataclass(frozen=True, slots=True)
class Wish:
    """An order somebody matches: its name, its gross amount (``None``: all that is open), what was kept back of it."""

    name: OrderName
    gross: Decimal | None = None
    netted: Mapping[LineKind, Decimal] = field(default_factory=dict)


def match(
    uow: UnitOfWork,
    firm: UUID,
    receipt_id: UUID,
    version: int | None,
    wishes: Sequence[Wish],
    nettings: Mapping[LineKind, Decimal],
    book: ParameterBook,
    actor: str,
    clock: Clock,
) -> Decimal:
    """Match a receipt to orders, with what was kept back of them together; return how much money was matched.

    Raises ``Refused``: an unknown order or another firm's, another currency, more than is open of an order or of the receipt.
    """
    held = hold(uow.connection, firm, receipt_id, version)
    if not wishes:
        raise Refused(Fault("/orders", "required"))
    if len(wishes) > MOST_ORDERS:
        raise Refused(Fault("/orders", "fx_too_many_orders", {"max": str(MOST_ORDERS)}))
    tolerance = book.decimal(TOLERANCE, clock.now().astimezone(SHANGHAI).date())
    orders = ready(uow.connection, firm, [wish.name for wish in wishes], tolerance, clock)
    lines = plan(held.currency, held.parts.matchable, [_wanted(*pair) for pair in zip(orders, wishes, strict=True)], nettings)
    run(uow.connection, _TRIED, {"id": held.id})
    money = sum((line.amount for line in lines if line.kind is LineKind.MONEY), Decimal(0))
    _append(uow.connection, held, lines, actor, clock)
    refresh(uow.connection, held.id, "match", actor, clock, money, ", ".join(order.order_no for order in orders))
    return money


def unmatch(
    uow: UnitOfWork, firm: UUID, receipt_id: UUID, version: int | None, order_key: int, actor: str, clock: Clock
) -> Decimal:
    """Take back what a receipt explains of an order, by entries that reverse the others; return how much money came free.

    Raises ``NotFound``: nothing of it is matched there. ``Refused``: an individual's money that was settled on it.
    """
    held = hold(uow.connection, firm, receipt_id, version)
    live = fetch(uow.connection, _LIVE, {"receipt": receipt_id, "order": order_key})
    if not live:
        raise NotFound(Fault("", "not_found"))
    money = sum((amount for _, _, kind, amount in live if kind == LineKind.MONEY), Decimal(0))
    if held.limited and money > held.parts.drawable:
        raise Refused(Fault("", "fx_unmatch_settled", {"left": spelled(held.parts.drawable)}))
    for number, key, kind, amount in live:
        _insert(uow.connection, held, Line(key, LineKind(kind), -amount), actor, clock, number)
    refresh(uow.connection, held.id, "unmatch", actor, clock, money)
    return money


def note_tried(uow: UnitOfWork, receipt_id: UUID, why: str, actor: str, clock: Clock) -> None:
    """Note that orders were looked for in vain."""
    if run(uow.connection, _TRIED, {"id": receipt_id}):
        refresh(uow.connection, receipt_id, "not_found", actor, clock, note=why)


def _wanted(order: OrderFacts, wish: Wish) -> Wanted:
    return Wanted(order, wish.gross, wish.netted)


def _append(connection: Connection, held: Held, lines: Sequence[Line], actor: str, clock: Clock) -> None:
    """Write the lines, in the order of their orders' keys: what the rules let through the database may still refuse."""
    try:
        for line in sorted(lines, key=lambda each: each.order_key):
            _insert(connection, held, line, actor, clock, None)
    except CheckViolation:
        raise Refused(Fault("", "fx_used_twice")) from None


def _insert(connection: Connection, held: Held, line: Line, actor: str, clock: Clock, reverses: UUID | None) -> None:
    values = {
        "id": uuidv7(),
        "receipt": held.id,
        "order": line.order_key,
        "firm": held.enterprise_id,
        "currency": held.currency,
        "kind": str(line.kind),
        "amount": line.amount,
        "reverses": reverses,
        "at": clock.now(),
        "actor": actor,
        "note": "",
    }
    run(connection, _INSERT, values)
