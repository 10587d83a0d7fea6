"""Exchanging with the bank: instructions are sent until the bank holds them, its answers are applied once, its statements taken.

An instruction keeps its id however often it is sent, and moves its money once (a unique key of the database): neither an answer
lost on the way nor one told twice settles anything twice. What cannot be placed is parked with its reason, for a person.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog

from ccezone.fx.ports import Bank, BankInstruction, BankNotice, BankRefused, BankUnavailable
from ccezone.fx.rules.parts import Action, ends_in, waits_in
from ccezone.fx.service.held import hold, refresh
from ccezone.fx.service.news import Answered
from ccezone.fx.service.settling import MOVE
from ccezone.fx.service.statements import take_statement
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from schemas.statements import read_statement

_log = structlog.get_logger("ccezone.fx")
_BANK = "bank"
_WAITING = """
SELECT i.id, i.number, i.action, r.account, r.bank_reference, r.currency, i.amount, i.converts, i.note, i.attempts
FROM fx_instruction i JOIN fx_receipt r ON r.id = i.receipt_id
WHERE i.sent_at IS NULL AND i.outcome = '' AND i.next_attempt_at <= %(at)s
ORDER BY i.next_attempt_at, i.id LIMIT 1 FOR UPDATE OF i SKIP LOCKED
"""
_SENT = "UPDATE fx_instruction SET sent_at = %(at)s, attempts = attempts + 1, last_error = '' WHERE id = %(id)s"
_LATER = "UPDATE fx_instruction SET attempts = attempts + 1, last_error = %(why)s, next_attempt_at = %(next)s WHERE id = %(id)s"
_MARK = "SELECT after FROM fx_mark WHERE source = %(source)s FOR UPDATE"
_SET_MARK = """
INSERT INTO fx_mark (source, at, after) VALUES (%(source)s, %(at)s, %(after)s)
ON CONFLICT (source) DO UPDATE SET at = excluded.at, after = excluded.after
"""
_ASKED = "SELECT id, receipt_id, action, source, amount, converts, outcome FROM fx_instruction WHERE id::text = %(id)s FOR UPDATE"
_RECEIPT_OF = "SELECT receipt_id FROM fx_instruction WHERE id::text = %(id)s"
_ANSWER = """
UPDATE fx_instruction SET outcome = %(outcome)s, answered_at = %(at)s, rate = %(rate)s, yuan = %(yuan)s, answer = %(note)s,
    sent_at = coalesce(sent_at, %(at)s) WHERE id = %(id)s
"""
_PARK = """
INSERT INTO fx_parked_notice (number, instruction, outcome, at, note, reason, received_at)
VALUES (%(number)s, %(instruction)s, %(outcome)s, %(at)s, %(note)s, %(reason)s, %(now)s) ON CONFLICT (number) DO NOTHING
"""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 300.0
_TOGETHER = 100


def send_instructions(database: Database, bank: Bank, clock: Clock) -> int:
    """Send what is due, each instruction in a transaction of its own; return how many were answered for good."""
    sent = 0
    while True:
        with database.begin() as uow:
            waiting = fetch(uow.connection, _WAITING, {"at": clock.now()})
            if not waiting or not _send(uow, bank, clock, waiting[0]):
                return sent
        sent += 1


def _send(uow: UnitOfWork, bank: Bank, clock: Clock, row: tuple[Any, ...]) -> bool:
    number, reference, action, account, bank_reference, currency, amount, converts, note, attempts = row
    said = (number, reference_of(reference), action, account, bank_reference, currency, amount, converts, note)
    try:
        bank.send(BankInstruction(*said))
    except BankRefused as refusal:
        _apply(uow, number, "refused", None, None, str(refusal) or "refused", clock)
        return True
    except BankUnavailable as error:
        wait = timedelta(seconds=min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(attempts, 20)))
        run(uow.connection, _LATER, {"id": number, "why": str(error)[:500], "next": clock.now() + wait})
        return False
    run(uow.connection, _SENT, {"id": number, "at": clock.now()})
    return True


def take_notices(database: Database, bank: Bank, clock: Clock) -> int:
    """Take in what the bank told since the last time; return how many notices were read. A bank that is away is no error."""
    with database.begin() as uow:
        after = _mark(uow.connection, _BANK)
        try:
            notices = bank.notices(after, _TOGETHER)
        except (BankUnavailable, BankRefused):
            return 0
        for notice in notices:
            _take(uow, notice, clock)
        if notices:
            run(uow.connection, _SET_MARK, {"source": _BANK, "at": clock.now(), "after": notices[-1].number})
    return len(notices)


def take_files(database: Database, bank: Bank, clock: Clock) -> int:
    """Take in the bank's new statements, each in a transaction of its own; return how many were read.

    A file that cannot be read is skipped with a note in the log: the days after it are then parked, and say what is missing.
    """
    with database.reading() as connection:
        found = fetch(connection, "SELECT after FROM fx_mark WHERE source = 'files'")
    try:
        files = bank.files(found[0][0] if found else 0, _TOGETHER)
    except (BankUnavailable, BankRefused):
        return 0
    for file in files:
        with database.begin() as uow:
            if file.number <= _mark(uow.connection, "files"):
                continue
            try:
                take_statement(uow, read_statement(file.content), "feed", _BANK, clock)
            except Refused as refused:
                _log.warning("fx_statement_unreadable", file=file.number, faults=[fault.code for fault in refused.faults])
            run(uow.connection, _SET_MARK, {"source": "files", "at": clock.now(), "after": file.number})
    return len(files)


def reference_of(number: int) -> str:
    """Spell an instruction's number."""
    return f"FXI{number:08d}"


def _mark(connection: Connection, source: str) -> int:
    found = fetch(connection, _MARK, {"source": source})
    return int(found[0][0]) if found else 0


def _take(uow: UnitOfWork, notice: BankNotice, clock: Clock) -> None:
    found = fetch(uow.connection, _ASKED, {"id": notice.instruction})
    reason = ""
    if not found:
        reason = "unknown_instruction"
    elif notice.outcome not in ("confirmed", "refused"):
        reason = "unknown_outcome"
    elif found[0][6]:
        if found[0][6] == notice.outcome:
            return  # told before
        reason = "answered_otherwise"
    elif notice.outcome == "confirmed" and found[0][5] and (notice.rate is None or notice.yuan is None):
        reason = "rate_missing"
    if reason:
        told = {"number": notice.number, "instruction": notice.instruction, "outcome": notice.outcome, "at": notice.at}
        run(uow.connection, _PARK, {**told, "note": notice.note[:500], "reason": reason, "now": clock.now()})
        return
    _apply(uow, found[0][0], notice.outcome, notice.rate, notice.yuan, notice.note, clock)


def _apply(
    uow: UnitOfWork, number: UUID, outcome: str, rate: Decimal | None, yuan: Decimal | None, note: str, clock: Clock
) -> None:
    """Move an instruction's money on, or back where it came from."""
    connection = uow.connection
    [(receipt,)] = fetch(connection, _RECEIPT_OF, {"id": str(number)})
    held = hold(connection, None, receipt)
    [(_, _, action, source, amount, _, _)] = fetch(connection, _ASKED, {"id": str(number)})
    target = str(ends_in(Action(action))) if outcome == "confirmed" else source
    move = {"id": uuidv7(), "receipt": receipt, "instruction": number, "source": str(waits_in(Action(action))), "target": target}
    run(connection, MOVE, {**move, "amount": amount, "at": clock.now(), "actor": _BANK})
    answer = {"id": number, "outcome": outcome, "at": clock.now(), "rate": rate, "yuan": yuan, "note": note[:500]}
    run(connection, _ANSWER, answer)
    refresh(connection, receipt, f"{outcome}_{action}", _BANK, clock, amount, note)
    uow.publish(Answered(receipt, held.enterprise_id, action, outcome, amount, held.currency, clock.now()))
