"""Clawbacks: opened when goods of a filed claim come back, due once it was paid, offered to the bureau, settled by its recovery."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.declarations.service.returns import ReturnChanged, set_repayment
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.clawbacks import clawback_reference, prerefund_reference
from ccezone.tax_refunds.rules.clawback import owed, repayment_of, settled
from ccezone.tax_refunds.service.shares import shares_of

# Claims the bureau has, or has paid; what is still a draft is mended, what ended unused gave its items free.
_MISSING = """
SELECT a.merchant_id, c.claim_id, i.id, r.id, l.quantity FROM goods_return r
JOIN customs_application a ON a.id = r.id AND a.state <> 'dropped'
JOIN goods_return_line l ON l.application_id = r.id
JOIN goods_ledger_item i ON i.source = 'L' AND i.source_id = r.declaration_id::text AND i.line_no = l.line_no
JOIN refund_claim_item c ON c.item_id = i.id AND c.live
JOIN refund_claim k ON k.id = c.claim_id AND k.state NOT IN ('draft', 'checked', 'not_accepted', 'withdrawn', 'refused')
WHERE r.flow = 'E' AND (%(id)s::bigint IS NULL OR r.id = %(id)s) AND NOT EXISTS (
    SELECT FROM refund_clawback b WHERE b.return_id = r.id AND b.item_id = i.id AND b.claim_id = c.claim_id AND b.state <> 'void')
ORDER BY r.id, i.id
"""
_OPEN = """
INSERT INTO refund_clawback (id, merchant_id, claim_id, item_id, return_id, quantity, state, opened_at, updated_at)
VALUES (%(id)s, %(merchant)s, %(claim)s, %(item)s, %(return)s, %(quantity)s, 'pending', %(at)s, %(at)s) ON CONFLICT DO NOTHING
"""
_OF_RETURN = "SELECT id, state FROM refund_clawback WHERE return_id = %(id)s AND state <> 'void' ORDER BY number FOR UPDATE"
_STATES = "SELECT state FROM refund_clawback WHERE return_id = %(id)s"
_SET = "UPDATE refund_clawback SET state = %(state)s, updated_at = %(at)s WHERE id = ANY(%(ids)s)"
_DUE = "UPDATE refund_clawback SET state = 'due', amount = %(amount)s, updated_at = %(at)s WHERE id = %(id)s"
_UNSETTLED = """
SELECT DISTINCT b.claim_id FROM refund_clawback b JOIN refund_claim k ON k.id = b.claim_id
WHERE b.state IN ('pending', 'due', 'asked') ORDER BY 1
"""
_CLAIM = "SELECT state, method, paid, recovered FROM refund_claim WHERE id = %(id)s FOR UPDATE"
_CLAWBACKS = """
SELECT b.id, b.item_id, b.return_id, b.quantity, b.amount, b.state, coalesce(m.refused, '') FROM refund_clawback b
LEFT JOIN refund_message m ON m.id = b.message_id WHERE b.claim_id = %(id)s AND b.state <> 'void' ORDER BY b.number FOR UPDATE OF b
"""
_OWN = """
SELECT b.claim_id, b.number, b.amount, b.return_id, b.state, p.number FROM refund_clawback b
LEFT JOIN leave_prerefund p ON p.id = b.prerefund_id
WHERE b.id = %(id)s AND b.merchant_id = %(merchant)s FOR UPDATE OF b
"""
_MESSAGE = """
INSERT INTO refund_message (id, claim_id, kind, body, created_at, attempts, next_attempt_at, last_error, refused)
VALUES (%(id)s, %(claim)s, 'repay', %(body)s, %(at)s, 0, %(at)s, '', '')
"""
_ASKED = "UPDATE refund_clawback SET state = 'asked', message_id = %(message)s, updated_at = %(at)s WHERE id = %(id)s"
_PAID = ("paid", "recovered", "offset")
_UNUSED = ("withdrawn", "refused")


def open_clawbacks(uow: UnitOfWork, news: ReturnChanged) -> None:
    """Look what a return's goods owe, when it is opened, changed or given up. Raises ``Refused`` once the bureau was asked."""
    if news.flow != "E":
        return
    known = fetch(uow.connection, _OF_RETURN, {"id": news.id})
    if any(state in ("asked", "settled") for _, state in known):
        raise Refused(Fault("", "clawback_asked"))
    _put(uow.connection, [number for number, _ in known], "void", news.at)
    for claim in _open_missing(uow.connection, news.id, news.at):
        _follow(uow, claim, news.at)
    _tell_returns(uow, [news.id])


def keep_clawbacks(database: Database, clock: Clock) -> int:
    """Follow claims: what was pending is due once paid, void when the claim ended; what the bureau recovered settles."""
    with database.begin() as uow:
        now = clock.now()
        _open_missing(uow.connection, None, now)
        claims = [row[0] for row in fetch(uow.connection, _UNSETTLED)]
        return sum(_follow(uow, claim, now) for claim in claims)


def repay(uow: UnitOfWork, merchant_id: UUID, clawback_id: UUID, actor: str, clock: Clock) -> None:
    """Offer the bureau to repay; it answers with its recovery. Raises ``NotFound``, ``Refused`` for one that is not due."""
    found = fetch(uow.connection, _OWN, {"id": clawback_id, "merchant": merchant_id})
    if not found:
        raise NotFound(Fault("", "clawback_not_found"))
    claim, number, amount, return_id, state, prerefund = found[0]
    if state != "due":
        raise Refused(Fault("", "clawback_not_due", {"state": state}))
    message, now = uuidv7(), clock.now()
    cause = {"prerefund": prerefund_reference(prerefund)} if prerefund else {"return": str(return_id)}
    body = {"clawback": clawback_reference(number), "amount": f"{amount:.2f}", **cause, "by": actor}
    run(uow.connection, _MESSAGE, {"id": message, "claim": claim, "body": Jsonb(body), "at": now})
    run(uow.connection, _ASKED, {"id": clawback_id, "message": message, "at": now})


def _open_missing(connection: Connection, return_id: int | None, at: datetime) -> Sequence[UUID]:
    found = fetch(connection, _MISSING, {"id": return_id})
    for merchant, claim, item, number, quantity in found:
        values = {"merchant": merchant, "claim": claim, "item": item, "return": number, "quantity": quantity}
        run(connection, _OPEN, {"id": uuidv7(), **values, "at": at})
    return sorted({row[1] for row in found})


def _follow(uow: UnitOfWork, claim_id: UUID, at: datetime) -> int:
    """Bring a claim's clawbacks up to where the claim stands; return how many moved."""
    state, method, paid, recovered = fetch(uow.connection, _CLAIM, {"id": claim_id})[0]
    rows = fetch(uow.connection, _CLAWBACKS, {"id": claim_id})
    touched: set[int | None] = set()
    if state in _UNUSED:
        open_rows = [row for row in rows if row[5] in ("pending", "due")]
        _put(uow.connection, [row[0] for row in open_rows], "void", at)
        touched = {row[2] for row in open_rows}
    elif state in _PAID:
        touched = _due(uow.connection, claim_id, method, paid, rows, at)
        rows = fetch(uow.connection, _CLAWBACKS, {"id": claim_id})
        covered = rows[: settled(recovered, [row[4] for row in rows])]
        done = [row for row in covered if row[5] != "settled"]
        turned_away = [row for row in rows if row[5] == "asked" and row[6] and row not in done]
        _put(uow.connection, [row[0] for row in done], "settled", at)
        _put(uow.connection, [row[0] for row in turned_away], "due", at)
        touched |= {row[2] for row in (*done, *turned_away)}
    _tell_returns(uow, touched)
    return len(touched)


def _due(connection: Connection, claim_id: UUID, method: str, paid: Decimal, rows: Sequence[Any], at: datetime) -> set[int | None]:
    """Work out what pending ones come to: the rows of a driver are untyped."""
    shares = shares_of(connection, claim_id, method)
    before: dict[UUID, Decimal] = defaultdict(Decimal)
    touched: set[int | None] = set()
    for number, item, return_id, quantity, _, state, _ in rows:
        if state == "pending":
            amount = owed(shares.part(paid, item), shares.quantity(item), before[item], quantity)
            run(connection, _DUE, {"id": number, "amount": amount, "at": at})
            touched.add(return_id)
        before[item] += quantity
    return touched


def _put(connection: Connection, ids: Sequence[UUID], state: str, at: datetime) -> None:
    if ids:
        run(connection, _SET, {"ids": list(ids), "state": state, "at": at})


def _tell_returns(uow: UnitOfWork, returns: Iterable[int | None]) -> None:
    """Tell returns how it stands; a clawback of a pre-refund has none."""
    for number in sorted({each for each in returns if each is not None}):
        states = [row[0] for row in fetch(uow.connection, _STATES, {"id": number})]
        set_repayment(uow, number, repayment_of(states))
