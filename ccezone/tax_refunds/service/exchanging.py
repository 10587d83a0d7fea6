"""Exchanging messages with the tax bureau: what waits is sent until the bureau holds it, what it tells is taken in once.

A message keeps its id however often it is sent, and a notice its number: neither an answer lost on the way nor a feed read twice
does anything twice. What cannot be placed is parked with its reason, for a person.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.ports import BureauMessage, BureauNotice, TaxBureau, TaxBureauRefused, TaxBureauUnavailable
from ccezone.tax_refunds.queries.claims import reference_of
from ccezone.tax_refunds.queries.pledges import pledged_account
from ccezone.tax_refunds.rules.claims import FIRM_STEPS, State, Step, after
from ccezone.tax_refunds.rules.money import Account, amount_of, entered, misfit, state_after
from ccezone.tax_refunds.rules.pledges import paid_elsewhere
from ccezone.tax_refunds.service.filing import settle
from ccezone.tax_refunds.service.telling import ClaimMoved

_WAITING = """
SELECT m.id, m.kind, c.number, m.body, m.created_at, m.attempts FROM refund_message m JOIN refund_claim c ON c.id = m.claim_id
WHERE m.sent_at IS NULL AND m.refused = '' AND m.next_attempt_at <= %(at)s AND NOT EXISTS (
    SELECT FROM refund_message e WHERE e.claim_id = m.claim_id AND e.sent_at IS NULL AND e.refused = '' AND e.id < m.id)
ORDER BY m.next_attempt_at, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED
"""
_SENT = "UPDATE refund_message SET sent_at = %(at)s, attempts = attempts + 1, last_error = '' WHERE id = %(id)s"
_REFUSED = "UPDATE refund_message SET refused = %(why)s, attempts = attempts + 1 WHERE id = %(id)s"
_LATER = "UPDATE refund_message SET attempts = attempts + 1, last_error = %(why)s, next_attempt_at = %(next)s WHERE id = %(id)s"
_MARK = "SELECT after::bigint FROM goods_ledger_mark WHERE source = 'bureau' FOR UPDATE"
_SET_MARK = """
INSERT INTO goods_ledger_mark (source, at, after) VALUES ('bureau', %(at)s, %(after)s)
ON CONFLICT (source) DO UPDATE SET at = excluded.at, after = excluded.after
"""
_CLAIM = """
SELECT id, merchant_id, state, coalesce(claimed, 0), coalesce(approved, 0), reversed, paid, recovered
FROM refund_claim WHERE number = %(number)s FOR UPDATE
"""
_STEP = """
INSERT INTO refund_step (id, claim_id, at, recorded_at, actor, step, state, amount, note, notice)
VALUES (%(id)s, %(claim)s, %(at)s, %(now)s, 'tax_bureau', %(step)s, %(state)s, %(amount)s, %(note)s, %(notice)s)
ON CONFLICT (notice) WHERE notice IS NOT NULL DO NOTHING RETURNING id
"""
_PARK = """
INSERT INTO refund_parked_notice (number, claim, kind, at, content, reason, received_at)
VALUES (%(number)s, %(claim)s, %(kind)s, %(at)s, %(content)s, %(reason)s, %(now)s) ON CONFLICT (number) DO NOTHING
"""
_ACCOUNT = """
UPDATE refund_claim SET approved = %(approved)s, reversed = %(reversed)s, paid = %(paid)s, recovered = %(recovered)s
WHERE id = %(id)s
"""
_DATES = {
    Step.ACCEPT: "UPDATE refund_claim SET accepted_on = %(day)s WHERE id = %(id)s",
    Step.PAY: "UPDATE refund_claim SET paid_at = %(at)s WHERE id = %(id)s",
}
_MONEY = frozenset({Step.APPROVE, Step.APPROVE_PART, Step.REVERSE, Step.PAY, Step.RECOVER, Step.OFFSET})
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 300.0
_TOGETHER = 100


def send_refund_messages(database: Database, bureau: TaxBureau, clock: Clock) -> int:
    """Send what is due, each message in a transaction of its own; return how many the bureau took."""
    sent = 0
    while True:
        with database.begin() as uow:
            waiting = fetch(uow.connection, _WAITING, {"at": clock.now()})
            if not waiting or not _send(uow.connection, bureau, clock, waiting[0]):
                return sent
        sent += 1


def _send(connection: Connection, bureau: TaxBureau, clock: Clock, row: tuple[Any, ...]) -> bool:
    message_id, kind, number, body, written_at, attempts = row
    try:
        bureau.send(BureauMessage(message_id, kind, reference_of(number), body, written_at))
    except TaxBureauRefused as refusal:
        run(connection, _REFUSED, {"id": message_id, "why": str(refusal)[:500] or "refused"})
        return True
    except TaxBureauUnavailable as error:
        wait = timedelta(seconds=min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempts, 20)))
        run(connection, _LATER, {"id": message_id, "why": str(error)[:500], "next": clock.now() + wait})
        return False
    run(connection, _SENT, {"id": message_id, "at": clock.now()})
    return True


def take_refund_notices(database: Database, bureau: TaxBureau, clock: Clock) -> int:
    """Take in what the bureau told since the last time; return how many notices were read. A bureau that is away is no error."""
    with database.begin() as uow:
        found = fetch(uow.connection, _MARK)
        after_number: int = found[0][0] if found else 0
        try:
            notices = bureau.notices(after_number, _TOGETHER)
        except (TaxBureauUnavailable, TaxBureauRefused):
            return 0
        for notice in notices:
            _take(uow, notice, clock)
        if notices:
            run(uow.connection, _SET_MARK, {"at": clock.now(), "after": str(notices[-1].number)})
    return len(notices)


@dataclass(frozen=True, slots=True)
class _Known:
    """The claim a notice is about, locked."""

    id: UUID
    merchant: UUID
    number: int
    state: State
    account: Account


def _take(uow: UnitOfWork, notice: BureauNotice, clock: Clock) -> None:
    digits = notice.claim.removeprefix("TR")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else 0
    found = fetch(uow.connection, _CLAIM, {"number": number})
    if not found:
        _park(uow.connection, notice, "unknown_claim", clock)
        return
    known = _Known(found[0][0], found[0][1], number, State(found[0][2]), Account(*found[0][3:]))
    try:
        step = Step(notice.step)
        reached = after(known.state, step)
        reason = "step_not_allowed" if step in FIRM_STEPS else misfit(known.account, step, notice.amount)
        if not reason and step is Step.PAY and paid_elsewhere(pledged_account(uow.connection, known.merchant), notice.account):
            reason = "account_differs"
    except (ValueError, Refused):
        reason = "step_not_allowed"
    if reason:
        _park(uow.connection, notice, reason, clock)
        return
    _apply(uow, known, notice, step, reached, clock)


def _apply(uow: UnitOfWork, known: _Known, notice: BureauNotice, step: Step, reached: State, clock: Clock) -> None:
    account = entered(known.account, step, notice.amount)
    state = state_after(reached, account)
    amount = amount_of(known.account, step, notice.amount)
    values = {"id": uuidv7(), "claim": known.id, "at": notice.at, "now": clock.now(), "step": str(step), "state": str(state)}
    told = {"amount": amount, "note": notice.note[:2000], "notice": notice.number}
    if not fetch(uow.connection, _STEP, {**values, **told}):
        return  # told before
    if step in _DATES:
        run(uow.connection, _DATES[step], {"id": known.id, "day": notice.at.astimezone(SHANGHAI).date(), "at": notice.at})
    if step in _MONEY:
        run(uow.connection, _ACCOUNT, {"id": known.id, **asdict(account)})
    settle(uow.connection, known.id, state, clock)
    uow.publish(ClaimMoved(known.id, known.number, known.merchant, step, state, amount, clock.now()))


def _park(connection: Connection, notice: BureauNotice, reason: str, clock: Clock) -> None:
    content = {"amount": None if notice.amount is None else str(notice.amount), "note": notice.note, "account": notice.account}
    values = {"number": notice.number, "claim": notice.claim, "kind": notice.step, "at": notice.at, "content": Jsonb(content)}
    run(connection, _PARK, {**values, "reason": reason, "now": clock.now()})
