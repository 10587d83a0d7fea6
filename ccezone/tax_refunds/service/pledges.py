"""Pledging a firm's refund account: the bank asks, the firm's administrator agrees to these very terms, the bank releases.

Claims under way learn the account through the bureau's outbox in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from ccezone.accounts.rules import Permission, Principal
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.pledges import pledge, pledged_account
from ccezone.tax_refunds.rules.pledges import BANK_STEPS, LONGEST, State, Step, Terms, after, terms_faults

_INSERT = """
INSERT INTO refund_account_pledge (id, merchant_id, partner_id, consent_id, account_no, contract_no, note, until, state, version,
    made_at, updated_at)
VALUES (%(id)s, %(firm)s, %(bank)s, %(consent)s, %(account_no)s, %(contract_no)s, %(note)s, %(until)s, 'asked', 1, %(at)s, %(at)s)
"""
_STEP = """
INSERT INTO refund_pledge_step (id, pledge_id, at, actor, name, side, action, note)
VALUES (%(id)s, %(pledge)s, %(at)s, %(actor)s, %(name)s, %(side)s, %(action)s, %(note)s)
"""
_HELD = "SELECT merchant_id, partner_id, state, version FROM refund_account_pledge WHERE id = %(id)s FOR UPDATE"
_MOVE = """
UPDATE refund_account_pledge SET state = %(state)s, version = version + 1, updated_at = %(at)s WHERE id = %(id)s
"""
_UNDER_WAY = """
INSERT INTO refund_message (id, claim_id, kind, body, created_at, attempts, next_attempt_at, last_error, refused)
SELECT gen_random_uuid(), c.id, 'account', %(body)s, %(at)s, 0, %(at)s, '', '' FROM refund_claim c
WHERE c.merchant_id = %(firm)s AND c.state IN ('submitted', 'accepted', 'reviewing', 'doubt', 'approved', 'partly', 'treasury')
"""


@dataclass(frozen=True, slots=True)
class PledgeMoved:
    """News: something was said about a pledge."""

    pledge_id: UUID
    step: str
    at: datetime


def propose_pledge(uow: UnitOfWork, firm: UUID, consent_id: UUID, terms: Terms, by: Principal, clock: Clock) -> UUID:
    """Let a bank ask for a firm's refund account. Raises ``NotAllowed``, ``Refused``: bad terms, asked already."""
    if by.partner_id is None or not by.may(Permission.BANK_DECIDE):
        raise NotAllowed(Fault("", "not_allowed"))
    now = clock.now()
    if faults := terms_faults(terms, now.astimezone(SHANGHAI).date()):
        raise Refused(*faults)
    number = uuidv7()
    values = {"id": number, "firm": firm, "bank": by.partner_id, "consent": consent_id, "at": now, "until": terms.until}
    told = {"account_no": terms.account_no, "contract_no": terms.contract_no.strip(), "note": terms.note.strip()}
    try:
        run(uow.connection, _INSERT, {**values, **told})
    except UniqueViolation:
        raise Refused(Fault("", "pledge_asked_already")) from None
    _note(uow, number, "ask", terms.note, by, clock)
    return number


def move_pledge(uow: UnitOfWork, pledge_id: UUID, version: int, step: Step, words: str, by: Principal, clock: Clock) -> None:
    """Agree or refuse (the firm's administrator), drop or release (the bank). Raises ``NotFound``, ``NotAllowed``, ``Stale``,
    ``Refused``: not from this state, another pledge lives."""
    found = fetch(uow.connection, _HELD, {"id": pledge_id})
    if not found or not _own(by, found[0][0], found[0][1]):
        raise NotFound(Fault("", "not_found", {"value": str(pledge_id)}))
    firm, _bank, state, current = found[0]
    _permit(by, step)
    if version != current:
        raise Stale(Fault("", "changed_meanwhile"))
    reached = after(State(state), step)
    if step is not Step.AGREE and not words.strip():
        raise Refused(Fault("/words", "required"))
    if len(words) > LONGEST:
        raise Refused(Fault("/words", "too_long", {"max": str(LONGEST), "actual": str(len(words))}))
    try:
        run(uow.connection, _MOVE, {"id": pledge_id, "state": str(reached), "at": clock.now()})
    except UniqueViolation:
        raise Refused(Fault("", "pledge_other_lives")) from None
    if step in (Step.AGREE, Step.RELEASE):
        body = Jsonb({"pay_to": pledged_account(uow.connection, firm)})
        run(uow.connection, _UNDER_WAY, {"firm": firm, "body": body, "at": clock.now()})
    _note(uow, pledge_id, str(step), words, by, clock)


def _own(by: Principal, firm: UUID, bank: UUID) -> bool:
    return by.partner_id == bank if by.partner_id else by.enterprise_id == firm


def _permit(by: Principal, step: Step) -> None:
    """The bank's steps are the bank's; for a firm its own administrator speaks, an agent who acts for it does not."""
    bank = by.partner_id is not None and by.may(Permission.BANK_DECIDE)
    firm = by.enterprise_id is not None and not by.acting and by.may(Permission.STAFF_WRITE)
    if not (bank if step in BANK_STEPS else firm):
        raise NotAllowed(Fault("", "not_allowed"))


def _note(uow: UnitOfWork, pledge_id: UUID, action: str, words: str, by: Principal, clock: Clock) -> None:
    side = "bank" if by.partner_id else "firm"
    values = {"id": uuidv7(), "pledge": pledge_id, "at": clock.now(), "actor": by.actor, "name": by.name, "side": side}
    run(uow.connection, _STEP, {**values, "action": action, "note": words.strip()})
    found = pledge(uow.connection, pledge_id)
    record(
        uow, by, f"refund_pledge.{action}", f"pledge:{pledge_id}", clock, {"enterprise": str(found.merchant_id) if found else ""}
    )
    uow.publish(PledgeMoved(pledge_id, action, clock.now()))
