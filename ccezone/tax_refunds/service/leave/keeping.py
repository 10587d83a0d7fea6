"""Following claims of goods for warehouses abroad: the unsold part becomes a pre-refund once the bureau accepted the claim.

It is done once the bureau paid, and recovered when its window ends without an account of sales. Firms are reminded before.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.queries import book
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.leave_terms import business_code, reconcile_due, remind_days
from ccezone.tax_refunds.rules.leave import MODE, Step, prerefund_amount, unsold, window
from ccezone.tax_refunds.service.leave.held import begin, enter, held
from ccezone.tax_refunds.service.leave.news import PrerefundMoved
from ccezone.tax_refunds.service.shares import shares_of

_HUB = "system"
_NEW = """
SELECT k.merchant_id, c.claim_id, c.item_id, i.exported_on, i.quantity, c.sold FROM refund_claim_item c
JOIN refund_claim k ON k.id = c.claim_id JOIN goods_ledger_item i ON i.id = c.item_id
WHERE c.live AND i.trade_mode = %(mode)s AND i.quantity > 0 AND i.quantity > coalesce(c.sold, 0)
    AND k.state NOT IN ('draft', 'checked', 'not_accepted', 'submitted', 'withdrawn', 'refused')
    AND NOT EXISTS (SELECT FROM leave_prerefund p WHERE p.claim_id = c.claim_id AND p.item_id = c.item_id)
ORDER BY c.id
"""
_INSERT = """
INSERT INTO leave_prerefund (id, merchant_id, claim_id, item_id, quantity, settled, recovered, settled_cny, recovered_cny, state,
    version, made_at, updated_at)
VALUES (%(id)s, %(merchant)s, %(claim)s, %(item)s, %(quantity)s, 0, 0, 0, 0, 'declared', 1, %(at)s, %(at)s) ON CONFLICT DO NOTHING
"""
_WAITING = """
SELECT p.id, k.method, k.paid, k.paid_at, k.state IN ('withdrawn', 'refused') FROM leave_prerefund p
JOIN refund_claim k ON k.id = p.claim_id
WHERE p.state = 'declared' AND (k.paid_at IS NOT NULL OR k.state IN ('withdrawn', 'refused')) ORDER BY p.id
"""
_DONE = """
UPDATE leave_prerefund SET done_on = %(done)s, window_from = %(since)s, window_until = %(until)s WHERE id = %(id)s
"""
_OVER = "SELECT id FROM leave_prerefund WHERE state = 'open' AND window_until < %(today)s ORDER BY id"
_SOON = """
SELECT p.id, p.number, p.merchant_id, p.amount - p.settled_cny - p.recovered_cny, p.window_until, nearest.days
FROM leave_prerefund p
CROSS JOIN LATERAL (SELECT min(d) AS days FROM unnest(%(days)s::int[]) AS d WHERE d >= p.window_until - %(today)s::date) nearest
WHERE p.state = 'open' AND p.window_until >= %(today)s AND nearest.days IS NOT NULL AND (p.told IS NULL OR nearest.days < p.told)
ORDER BY p.id FOR UPDATE OF p
"""
_TOLD = "UPDATE leave_prerefund SET told = %(days)s WHERE id = %(id)s"


def keep_prerefunds(database: Database, zone: str, clock: Clock) -> int:
    """Bring pre-refunds up to where their claims and the day are; return how many moved."""
    with database.begin() as uow:
        now, parameters = clock.now(), book(uow.connection, zone)
        today = now.astimezone(SHANGHAI).date()
        made = _make(uow.connection, parameters, now)
        waiting = fetch(uow.connection, _WAITING)
        for prerefund, method, paid, paid_at, ended in waiting:
            if ended:
                begin(uow.connection, held(uow.connection, None, prerefund), Step.VOID, Decimal(0), _HUB, now)
            else:
                _refund(uow, prerefund, method, paid, paid_at, parameters, now)
        over = [row[0] for row in fetch(uow.connection, _OVER, {"today": today})]
        for prerefund in over:
            _lapse(uow, prerefund, now)
        return made + len(waiting) + len(over) + _remind(uow, remind_days(parameters, today), today, now)


def _make(connection: Connection, parameters: ParameterBook, now: datetime) -> int:
    made = 0
    for merchant, claim, item, exported_on, quantity, sold in fetch(connection, _NEW, {"mode": MODE}):
        if business_code(parameters, exported_on):
            values = {"id": uuidv7(), "merchant": merchant, "claim": claim, "item": item, "quantity": unsold(quantity, sold)}
            made += run(connection, _INSERT, {**values, "at": now})
    return made


def _refund(
    uow: UnitOfWork, prerefund: UUID, method: str, paid: Decimal, paid_at: datetime, parameters: ParameterBook, now: datetime
) -> None:
    known = held(uow.connection, None, prerefund)
    shares = shares_of(uow.connection, known.claim_id, method)
    part = shares.part(paid, known.item_id)
    amount = prerefund_amount(part, shares.quantity(known.item_id), known.account.quantity)
    done = paid_at.astimezone(SHANGHAI).date()
    span = window(done, reconcile_due(parameters, done))
    begin(uow.connection, known, Step.REFUND, amount, _HUB, now)
    run(uow.connection, _DONE, {"id": prerefund, "done": done, "since": span.since, "until": span.until})
    uow.publish(PrerefundMoved(prerefund, known.number, known.merchant_id, "refund", amount, span.until, now))


def _lapse(uow: UnitOfWork, prerefund: UUID, now: datetime) -> None:
    """The window is over: recover whatever nobody accounted for (REF-006)."""
    known = held(uow.connection, None, prerefund)
    _, amount = enter(uow.connection, known, Step.LAPSE, known.account.open, _HUB, now)
    if known.window is not None:
        uow.publish(PrerefundMoved(prerefund, known.number, known.merchant_id, "lapse", amount, known.window.until, now))


def _remind(uow: UnitOfWork, distances: Sequence[int], today: date, now: datetime) -> int:
    found = fetch(uow.connection, _SOON, {"days": list(distances), "today": today})
    for prerefund, number, merchant, amount, until, days in found:
        run(uow.connection, _TOLD, {"id": prerefund, "days": days})
        uow.publish(PrerefundMoved(prerefund, number, merchant, "soon", amount, until, now))
    return len(found)
