"""Banks' statements: a day is taken once and in its turn; what does not follow is parked with its reason until it does."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.fx.rules.statements import Standing, Told, standing
from ccezone.fx.service.receipts import Money, report_by_bank
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.kernel.ids import key8, uuidv7
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run
from schemas.statements import Entry, Statement

_OWNER = "SELECT enterprise_id, currency FROM fx_account WHERE number = %(account)s FOR UPDATE"
_LAST = """
SELECT sequence, opening, closing, digest FROM fx_statement
WHERE account = %(account)s AND currency = %(currency)s AND state = 'taken' {}
ORDER BY sequence DESC LIMIT 1
"""
_INSERT = """
INSERT INTO fx_statement (id, account, currency, sequence, day, opening, closing, format, origin, digest, state, reason, receipts,
    content, received_at, taken_at)
VALUES (%(id)s, %(account)s, %(currency)s, %(sequence)s, %(day)s, %(opening)s, %(closing)s, %(format)s, %(origin)s, %(digest)s,
    'parked', %(reason)s, %(receipts)s, %(content)s, %(at)s, NULL)
ON CONFLICT ON CONSTRAINT uq_fx_statement_content DO NOTHING
"""
_ROW = """
SELECT id, content FROM fx_statement
WHERE account = %(account)s AND currency = %(currency)s AND sequence = %(sequence)s AND digest = %(digest)s
"""
_TAKEN = """
UPDATE fx_statement SET state = 'taken', reason = %(reason)s, taken_at = %(at)s, content = content || %(doubts)s WHERE id = %(id)s
"""
_NEXT = """
SELECT id, opening, closing, digest, sequence, content FROM fx_statement
WHERE account = %(account)s AND currency = %(currency)s AND state = 'parked' AND sequence = %(sequence)s ORDER BY id
"""
_PARKED_OF = "SELECT id, content FROM fx_statement WHERE account = %(account)s AND state = 'parked' ORDER BY sequence, id"
_REASON = "UPDATE fx_statement SET reason = %(reason)s WHERE id = %(id)s"
UNKNOWN_ACCOUNT, OTHER_CURRENCY = "unknown_account", "other_currency"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a statement: ``taken``, ``known`` (read before) or ``parked`` with a reason; and how many it released."""

    standing: str
    reason: str = ""
    released: int = 0


def take_statement(
    uow: UnitOfWork, statement: Statement, origin: str, actor: str, clock: Clock, firm: UUID | None = None
) -> Outcome:
    """Take a statement in, and those parked ones that it was missing for.

    Raises ``Refused`` when a firm hands in the statement of an account that is not its own.
    """
    owner = fetch(uow.connection, _OWNER, {"account": statement.account})
    if firm is not None and (not owner or owner[0][0] != firm):
        raise Refused(Fault("/account", "fx_account_unknown", {"value": statement.account}))
    number = _keep(uow.connection, statement, origin, clock)
    if not owner or owner[0][1] != statement.currency:
        reason = OTHER_CURRENCY if owner else UNKNOWN_ACCOUNT
        run(uow.connection, _REASON, {"id": number, "reason": reason})
        return Outcome("parked", reason)
    judged = _judge(uow.connection, statement)
    if judged is Standing.KNOWN:
        return Outcome("known")
    if judged is not Standing.TAKE:
        run(uow.connection, _REASON, {"id": number, "reason": str(judged)})
        return Outcome("parked", str(judged))
    _take(uow.connection, number, statement, actor, clock)
    return Outcome("taken", released=_release(uow.connection, statement, actor, clock))


def take_parked_of(uow: UnitOfWork, account: str, actor: str, clock: Clock) -> int:
    """Take what was parked because its account was unknown, now that it is not; return how many were taken."""
    taken = 0
    for number, content in fetch(uow.connection, _PARKED_OF, {"account": account}):
        statement = statement_of(content)
        [(_, currency)] = fetch(uow.connection, _OWNER, {"account": account})
        judged = _judge(uow.connection, statement) if currency == statement.currency else None
        if judged is Standing.TAKE:
            _take(uow.connection, number, statement, actor, clock)
            taken += 1
        else:
            run(uow.connection, _REASON, {"id": number, "reason": str(judged or OTHER_CURRENCY)})
    return taken


def statement_of(content: dict[str, Any]) -> Statement:
    """Read a stored statement back."""
    entries = tuple(
        Entry(
            each["bank_reference"],
            Decimal(each["amount"]),
            date.fromisoformat(each["value_date"]),
            each["payer"],
            each["kind"],
            each["settlement_reference"],
        )
        for each in content["entries"]
    )
    amounts = (Decimal(content["opening"]), Decimal(content["closing"]))
    head = (content["account"], content["currency"], int(content["sequence"]), date.fromisoformat(content["day"]))
    return Statement(*head, *amounts, entries)


def _keep(connection: Connection, said: Statement, origin: str, clock: Clock) -> UUID:
    """Store a statement as parked, unless it is stored already; return its row."""
    number = uuidv7()
    named = {"account": said.account, "currency": said.currency, "sequence": said.sequence, "digest": digest_of(said)}
    told = {"day": said.day, "opening": said.opening, "closing": said.closing, "format": said.format, "origin": origin}
    came = sum(each.amount > 0 for each in said.entries)
    values = {"id": number, "reason": "", "receipts": came, "content": Jsonb(_content(said)), "at": clock.now()}
    run(connection, _INSERT, {**named, **told, **values})
    stored: UUID = fetch(connection, _ROW, named)[0][0]
    return stored


def digest_of(said: Statement) -> int:
    """Digest all a statement says, whatever format it came in."""
    lines = ["|".join(str(part) for part in _line(each).values()) for each in said.entries]
    return key8(said.account, said.currency, str(said.sequence), str(said.day), f"{said.opening:f}", f"{said.closing:f}", *lines)


def _judge(connection: Connection, said: Statement) -> Standing:
    named = {"account": said.account, "currency": said.currency, "sequence": said.sequence}
    last = fetch(connection, _LAST.format(""), named)
    same = fetch(connection, _LAST.format("AND sequence = %(sequence)s"), named)
    new = Told(said.sequence, said.opening, said.closing, digest_of(said))
    return standing(Told(*last[0]) if last else None, Told(*same[0]) if same else None, new)


def _take(connection: Connection, number: UUID, said: Statement, actor: str, clock: Clock) -> None:
    doubts = []
    for each in said.entries:
        if each.amount > 0:
            named = (said.account, each.bank_reference, said.currency, each.amount, each.payer, each.value_date, each.kind)
            fault = report_by_bank(connection, Money(*named, each.settlement_reference), actor, clock)
            doubts += [] if fault is None else [{"code": fault.code, "params": dict(fault.params)}]
    values = {"id": number, "at": clock.now(), "reason": "doubts" if doubts else "", "doubts": Jsonb({"doubts": doubts})}
    run(connection, _TAKEN, values)


def _release(connection: Connection, said: Statement, actor: str, clock: Clock) -> int:
    """Take the parked statements that follow now, one after the other."""
    released, sequence = 0, said.sequence + 1
    while True:
        named = {"account": said.account, "currency": said.currency, "sequence": sequence}
        waiting = fetch(connection, _NEXT, named)
        following = [(row[0], statement_of(row[5])) for row in waiting]
        fitting = [(number, each) for number, each in following if _judge(connection, each) is Standing.TAKE]
        if not fitting:
            for number, each in following:
                run(connection, _REASON, {"id": number, "reason": str(_judge(connection, each))})
            return released
        _take(connection, *fitting[0], actor, clock)
        released, sequence = released + 1, sequence + 1


def _content(said: Statement) -> dict[str, object]:
    head = {"account": said.account, "currency": said.currency, "sequence": said.sequence, "day": said.day.isoformat()}
    balances = {"opening": f"{said.opening:f}", "closing": f"{said.closing:f}"}
    return {**head, **balances, "entries": [_line(each) for each in said.entries], "doubts": []}


def _line(each: Entry) -> dict[str, str]:
    return {
        "bank_reference": each.bank_reference,
        "amount": f"{each.amount:f}",
        "value_date": each.value_date.isoformat(),
        "payer": each.payer,
        "kind": each.kind,
        "settlement_reference": each.settlement_reference,
    }
