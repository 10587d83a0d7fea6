"""Special-area export (1210): recording deliveries out of goods that entered, and declaring those of a period in summary."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from psycopg.errors import UniqueViolation

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import ParameterBook, ParameterMissing
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.area import LIVE_LOT, lot_account, period_on
from ccezone.tax_refunds.rules.area import Period, State, Step, after, day_faults, declaration_faults, delivered

_LONGEST = 60
_LOCK_LOT = f"SELECT i.exported_on FROM goods_ledger_item i WHERE {LIVE_LOT} AND i.id = %(id)s AND i.merchant_id = %(m)s FOR UPDATE"  # noqa: S608  # our own names
_LIST_MODES = """
SELECT d.trade_mode, d.flow FROM declaration_state s JOIN declaration_list d ON d.id = s.id
WHERE s.list_no = %(list)s AND d.merchant_id = %(m)s
"""
_LOCK_LIST = "SELECT id FROM goods_ledger_item WHERE merchant_id = %(m)s AND source = 'L' AND document_no = %(list)s FOR UPDATE"
_USED = """
SELECT 1 FROM goods_ledger_item i WHERE i.merchant_id = %(m)s AND i.source = 'L' AND i.document_no = %(list)s
    AND (EXISTS (SELECT FROM refund_claim_item c WHERE c.item_id = i.id AND c.live)
        OR EXISTS (SELECT FROM goods_exemption x WHERE x.item_id = i.id AND x.live)) LIMIT 1
"""
_INSERT = """
INSERT INTO area_delivery (id, merchant_id, item_id, delivery_no, delivered_on, quantity, waybill_no, list_no, actor, made_at)
VALUES (%(id)s, %(m)s, %(item)s, %(delivery_no)s, %(delivered_on)s, %(quantity)s, %(waybill_no)s, %(list_no)s, %(actor)s, %(at)s)
"""
_HELD_DELIVERY = "SELECT item_id FROM area_delivery WHERE id = %(id)s AND merchant_id = %(m)s AND removed_at IS NULL FOR UPDATE"
_IN_SUMMARY = "SELECT 1 FROM area_summary_delivery WHERE delivery_id = %(id)s AND live"
_FREE = """
SELECT a.id FROM area_delivery a
WHERE a.merchant_id = %(m)s AND a.removed_at IS NULL AND a.delivered_on BETWEEN %(since)s AND %(until)s
    AND NOT EXISTS (SELECT FROM area_summary_delivery s WHERE s.delivery_id = a.id AND s.live)
ORDER BY a.id FOR UPDATE OF a
"""
_OPEN = """
INSERT INTO area_summary (id, merchant_id, since, until, state, version, declaration_no, actor, made_at, updated_at)
VALUES (%(id)s, %(m)s, %(since)s, %(until)s, 'draft', 1, '', %(actor)s, %(at)s, %(at)s)
"""
_GATHER = "INSERT INTO area_summary_delivery (summary_id, delivery_id, live) SELECT %(id)s, unnest(%(found)s::uuid[]), true"
_HELD = "SELECT state, version FROM area_summary WHERE id = %(id)s AND merchant_id = %(m)s FOR UPDATE"
_LAST = """
SELECT max(a.delivered_on) FROM area_delivery a JOIN area_summary_delivery s ON s.delivery_id = a.id WHERE s.summary_id = %(id)s
"""
_MOVE = """
UPDATE area_summary SET state = %(state)s, version = version + 1, declaration_no = coalesce(%(no)s, declaration_no),
    declared_on = coalesce(%(day)s, declared_on), updated_at = %(at)s WHERE id = %(id)s
"""
_FREED = "UPDATE area_summary_delivery SET live = false WHERE summary_id = %(id)s"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery out of a lot by the firm's own number; ``list_no`` is a 1210 export list of the firm, when it has one yet."""

    delivery_no: str
    delivered_on: date
    quantity: Decimal
    waybill_no: str = ""
    list_no: str = ""


def record_delivery(uow: UnitOfWork, merchant: UUID, item: UUID, delivery: Delivery, actor: str, clock: Clock) -> UUID:
    """Record a delivery; return it. Raises ``NotFound``, ``Refused``: above the stock, before the entry, in days to come, a number
    or list that does not fit."""
    now = clock.now()
    found = fetch(uow.connection, _LOCK_LOT, {"id": item, "m": merchant})
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(item)}))
    faults = day_faults(delivery.delivered_on, found[0][0], now.astimezone(SHANGHAI).date()) + _text_faults(delivery)
    if faults or (faults := _list_faults(uow.connection, merchant, delivery.list_no)):
        raise Refused(*faults)
    delivered(lot_account(uow.connection, item), delivery.quantity)
    made = uuidv7()
    values = {"id": made, "m": merchant, "item": item, "actor": actor, "at": now}
    names = ("delivery_no", "delivered_on", "quantity", "waybill_no", "list_no")
    try:
        run(uow.connection, _INSERT, {**values, **{name: getattr(delivery, name) for name in names}})
    except UniqueViolation:
        raise Refused(Fault("/delivery_no", "area_delivery_known", {"value": delivery.delivery_no})) from None
    return made


def remove_delivery(uow: UnitOfWork, merchant: UUID, delivery: UUID, clock: Clock) -> UUID:
    """Take a delivery back that was recorded wrongly; return its lot. Raises ``NotFound``, ``Refused``: it is being declared."""
    found = fetch(uow.connection, _HELD_DELIVERY, {"id": delivery, "m": merchant})
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(delivery)}))
    if fetch(uow.connection, _IN_SUMMARY, {"id": delivery}):
        raise Refused(Fault("", "area_delivery_gathered"))
    run(uow.connection, "UPDATE area_delivery SET removed_at = %(at)s WHERE id = %(id)s", {"id": delivery, "at": clock.now()})
    lot: UUID = found[0][0]
    return lot


def gathered_period(parameters: ParameterBook, day: date) -> Period:
    """Return the period whose deliveries are gathered with those of a day. Raises ``Refused`` for a day before the rules began."""
    try:
        return period_on(parameters, day)
    except ParameterMissing:
        raise Refused(Fault("/day", "area_nothing_open", {"since": day.isoformat(), "until": day.isoformat()})) from None


def gather(uow: UnitOfWork, merchant: UUID, period: Period, actor: str, clock: Clock) -> UUID:
    """Draft a consolidated declaration of a period's deliveries that stand in none; return it. Raises ``Refused``: there are none,
    or a draft of the period waits."""
    span = {"since": period.since, "until": period.until, "m": merchant}
    found = [row[0] for row in fetch(uow.connection, _FREE, span)]
    if not found:
        raise Refused(Fault("", "area_nothing_open", {"since": period.since.isoformat(), "until": period.until.isoformat()}))
    summary = uuidv7()
    try:
        run(uow.connection, _OPEN, {**span, "id": summary, "actor": actor, "at": clock.now()})
        run(uow.connection, _GATHER, {"id": summary, "found": found})
    except UniqueViolation:  # another one of the period, or somebody who gathered the same deliveries meanwhile
        raise Refused(Fault("", "area_draft_waits", {"since": period.since.isoformat()})) from None
    return summary


def declare(
    uow: UnitOfWork, merchant: UUID, summary: UUID, version: int, declaration_no: str, declared_on: date, clock: Clock
) -> None:
    """Record the customs declaration that was made of a draft. Raises ``NotFound``, ``Stale``, ``Refused``."""
    state, now = after(_held(uow.connection, merchant, summary, version), Step.DECLARE), clock.now()
    last = fetch(uow.connection, _LAST, {"id": summary})[0][0]
    if faults := declaration_faults(declaration_no, declared_on, last, now.astimezone(SHANGHAI).date()):
        raise Refused(*faults)
    try:
        run(uow.connection, _MOVE, {"id": summary, "state": str(state), "no": declaration_no, "day": declared_on, "at": now})
    except UniqueViolation:
        raise Refused(Fault("/declaration_no", "area_declaration_known", {"value": declaration_no})) from None


def withdraw(uow: UnitOfWork, merchant: UUID, summary: UUID, version: int, clock: Clock) -> None:
    """Take one back; its deliveries are free for another. Raises ``NotFound``, ``Stale``, ``Refused``."""
    state = after(_held(uow.connection, merchant, summary, version), Step.WITHDRAW)
    run(uow.connection, _MOVE, {"id": summary, "state": str(state), "no": None, "day": None, "at": clock.now()})
    run(uow.connection, _FREED, {"id": summary})


def _held(connection: Connection, merchant: UUID, summary: UUID, version: int) -> State:
    found = fetch(connection, _HELD, {"id": summary, "m": merchant})
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(summary)}))
    if found[0][1] != version:
        raise Stale(Fault("", "changed_meanwhile"))
    return State(found[0][0])


def _text_faults(delivery: Delivery) -> list[Fault]:
    faults = [] if delivery.delivery_no.strip() else [Fault("/delivery_no", "required")]
    for name in ("delivery_no", "waybill_no", "list_no"):
        if len(text := getattr(delivery, name)) > _LONGEST:
            faults.append(Fault(f"/{name}", "too_long", {"max": str(_LONGEST), "actual": str(len(text))}))
    return faults


def _list_faults(connection: Connection, merchant: UUID, list_no: str) -> list[Fault]:
    """A list is the firm's own 1210 export, and has no use of its own: goods that entered are refunded once."""
    if not list_no:
        return []
    values = {"m": merchant, "list": list_no}
    if ("1210", "E") not in [tuple(row) for row in fetch(connection, _LIST_MODES, values)]:
        return [Fault("/list_no", "area_list_unknown", {"value": list_no})]
    fetch(connection, _LOCK_LIST, values)
    return [Fault("/list_no", "area_list_claimed", {"value": list_no})] if fetch(connection, _USED, values) else []
