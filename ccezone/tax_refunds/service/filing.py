"""Filing a claim: self-check, submission to the bureau through the outbox, answers to its letters, withdrawal."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import run
from ccezone.tax_refunds.queries.claims import ClaimView, claim, facts_of
from ccezone.tax_refunds.queries.leave_terms import declared_apart
from ccezone.tax_refunds.queries.pledges import pledged_account
from ccezone.tax_refunds.rules.claims import ENDED_UNUSED, State, Step, after
from ccezone.tax_refunds.rules.self_check import Doubt, amount_claimed, self_check
from ccezone.tax_refunds.service.held import held, move, note_step

_MESSAGE = """
INSERT INTO refund_message (id, claim_id, kind, body, created_at, attempts, next_attempt_at, last_error, refused)
VALUES (%(id)s, %(claim)s, %(kind)s, %(body)s, %(at)s, 0, %(at)s, '', '')
"""
_FREE = (
    "UPDATE refund_claim_item SET live = false WHERE claim_id = %(claim)s",
    "UPDATE refund_invoice SET live = false WHERE claim_id = %(claim)s",
)
LONGEST = 1000


def check_claim(uow: UnitOfWork, merchant: UUID, claim_id: UUID, book: ParameterBook, actor: str, clock: Clock) -> Sequence[Doubt]:
    """Check a draft; without blocking doubts it may be filed. Return all doubts. Raises ``Refused`` for what is no draft."""
    known = held(uow.connection, merchant, claim_id)
    checked = after(known.state, Step.CHECK)
    doubts = _doubts(_view(uow.connection, merchant, claim_id), book, clock)
    if not any(each.blocks for each in doubts):
        move(uow.connection, claim_id, checked, clock)
        note_step(uow.connection, claim_id, Step.CHECK, checked, actor, clock)
    return doubts


def submit_claim(
    uow: UnitOfWork, merchant: UUID, claim_id: UUID, version: int, book: ParameterBook, actor: str, clock: Clock
) -> None:
    """File a checked claim: it is checked once more, and queued for the bureau. Raises ``Refused`` with what blocks it."""
    known = held(uow.connection, merchant, claim_id, version)
    submitted = after(known.state, Step.SUBMIT)
    view = _view(uow.connection, merchant, claim_id)
    blocking = [each for each in _doubts(view, book, clock) if each.blocks]
    if blocking:
        raise Refused(*(Fault("", each.code, {"subject": each.subject, **each.params}) for each in blocking))
    amount = amount_claimed(facts_of(view, book, _today(clock)))
    pay_to = pledged_account(uow.connection, merchant)
    run(uow.connection, "UPDATE refund_claim SET claimed = %(amount)s WHERE id = %(id)s", {"amount": amount, "id": claim_id})
    _queue(uow.connection, claim_id, "submit", {**_told(view, book), "amount": str(amount), "pay_to": pay_to}, clock)
    move(uow.connection, claim_id, submitted, clock)
    note_step(uow.connection, claim_id, Step.SUBMIT, submitted, actor, clock, amount=amount)


def answer_doubt(uow: UnitOfWork, merchant: UUID, claim_id: UUID, version: int, text: str, actor: str, clock: Clock) -> None:
    """Answer the bureau's letter; its working days run again from then on."""
    known = held(uow.connection, merchant, claim_id, version)
    reviewing = after(known.state, Step.ANSWER)
    _judge_text(text)
    _queue(uow.connection, claim_id, "answer", {"text": text}, clock)
    move(uow.connection, claim_id, reviewing, clock)
    note_step(uow.connection, claim_id, Step.ANSWER, reviewing, actor, clock, text)


def withdraw_claim(uow: UnitOfWork, merchant: UUID, claim_id: UUID, version: int, reason: str, actor: str, clock: Clock) -> None:
    """Give a claim up. One that was not filed ends at once; for a filed one the bureau is asked, and decides."""
    known = held(uow.connection, merchant, claim_id, version)
    filed = known.state not in (State.DRAFT, State.CHECKED, State.NOT_ACCEPTED)
    step = Step.ASK_WITHDRAWAL if filed else Step.DISCARD
    state = after(known.state, step)
    _judge_text(reason)
    if filed:
        _queue(uow.connection, claim_id, "withdraw", {"reason": reason}, clock)
    settle(uow.connection, claim_id, state, clock)
    note_step(uow.connection, claim_id, step, state, actor, clock, reason)


def settle(connection: Connection, claim_id: UUID, state: State, clock: Clock) -> None:
    """Put a claim into a state; where it ends unused, its items and invoices are free again."""
    move(connection, claim_id, state, clock)
    if state in ENDED_UNUSED:
        for statement in _FREE:
            run(connection, statement, {"claim": claim_id})


def doubts_of(view: ClaimView, book: ParameterBook, clock: Clock) -> Sequence[Doubt]:
    """Return what the self-check says of a claim as it stands."""
    return _doubts(view, book, clock)


def _doubts(view: ClaimView, book: ParameterBook, clock: Clock) -> Sequence[Doubt]:
    return self_check(facts_of(view, book, _today(clock)))


def _view(connection: Connection, merchant: UUID, claim_id: UUID) -> ClaimView:
    found = claim(connection, merchant, claim_id)
    if found is None:
        raise NotFound(Fault("", "not_found"))
    return found


def _told(view: ClaimView, book: ParameterBook) -> Mapping[str, object]:
    """What the bureau gets to know of a claim; amounts as text, goods for warehouses abroad by sold and unsold ones."""
    row = view.row
    items = [
        {
            "item": str(item.item_id),
            "declaration_no": item.declaration_no,
            "hs_code": item.hs_code,
            "goods_name": item.goods_name,
            "exported_on": item.exported_on.isoformat() if item.exported_on else "",
            "vat_pct": str(item.vat_pct),
            "refund_pct": str(item.refund_pct),
            "value_cny": str(item.value_cny),
            **declared_apart(item, book),
        }
        for item in view.items
    ]
    invoices = [
        {
            "item": str(each.item_id),
            "invoice_no": each.invoice_no,
            "seller": each.seller_uscc,
            "amount": str(each.amount),
            "vat": str(each.vat),
        }
        for each in view.invoices
    ]
    head = {"claimant": str(row.merchant_id), "method": row.method, "period": row.period, "class": row.taxpayer_class}
    return {**head, "items": items, "invoices": invoices}


def _queue(connection: Connection, claim_id: UUID, kind: str, body: Mapping[str, object], clock: Clock) -> None:
    run(connection, _MESSAGE, {"id": uuidv7(), "claim": claim_id, "kind": kind, "body": Jsonb(dict(body)), "at": clock.now()})


def _judge_text(text: str) -> None:
    if not text.strip():
        raise Refused(Fault("/text", "required"))
    if len(text) > LONGEST:
        raise Refused(Fault("/text", "too_long", {"max": str(LONGEST), "actual": str(len(text))}))


def _today(clock: Clock) -> date:
    return clock.now().astimezone(SHANGHAI).date()
