"""A pre-refund in one's hands: locked, moved by a step with its entry, and what must be repaid written down as a clawback."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ccezone.kernel.errors import Fault, NotFound, Stale
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Connection
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.rules.leave import RECOVERING, Account, State, Step, Window, after, entered

_COLUMNS = """p.id, p.number, p.merchant_id, p.claim_id, p.item_id, p.state, p.version, p.window_from, p.window_until, p.quantity,
    coalesce(p.amount, 0), p.settled, p.recovered, p.settled_cny, p.recovered_cny"""
_OWN = f"SELECT {_COLUMNS} FROM leave_prerefund p WHERE p.id = %(id)s AND p.merchant_id = %(merchant)s FOR UPDATE"  # noqa: S608  # our own names
_ANY = f"SELECT {_COLUMNS} FROM leave_prerefund p WHERE p.id = %(id)s FOR UPDATE"  # noqa: S608  # our own names
_ENTRY = """
INSERT INTO leave_entry (id, prerefund_id, at, actor, step, quantity, amount, note)
VALUES (%(id)s, %(prerefund)s, %(at)s, %(actor)s, %(step)s, %(quantity)s, %(amount)s, %(note)s)
"""
_MOVE = """
UPDATE leave_prerefund SET state = %(state)s, amount = CASE WHEN %(done)s THEN %(amount)s ELSE amount END, settled = %(settled)s,
    recovered = %(recovered)s, settled_cny = %(settled_cny)s, recovered_cny = %(recovered_cny)s, version = version + 1,
    updated_at = %(at)s WHERE id = %(id)s
"""
_CLAWBACK = """
INSERT INTO refund_clawback (id, merchant_id, claim_id, item_id, prerefund_id, quantity, amount, state, opened_at, updated_at)
VALUES (%(id)s, %(merchant)s, %(claim)s, %(item)s, %(prerefund)s, %(quantity)s, %(amount)s, 'due', %(at)s, %(at)s)
"""
_ACCOUNT = len(fields(Account))


@dataclass(frozen=True, slots=True)
class Prerefund:
    """A pre-refund locked for the transaction; ``window`` is ``None`` until it was done."""

    id: UUID
    number: int
    merchant_id: UUID
    claim_id: UUID
    item_id: UUID
    state: State
    version: int
    window: Window | None
    account: Account


def held(connection: Connection, merchant: UUID | None, prerefund_id: UUID, version: int | None = None) -> Prerefund:
    """Lock one; ``None``: whosesoever. Raises ``NotFound``, ``Stale`` when it is no longer the version somebody looked at."""
    found = fetch(connection, _OWN if merchant else _ANY, {"id": prerefund_id, "merchant": merchant})
    if not found:
        raise NotFound(Fault("", "not_found", {"value": str(prerefund_id)}))
    number, ref, firm, claim, item, state, current, since, until, *sums = found[0]
    if version is not None and version != current:
        raise Stale(Fault("", "changed_meanwhile"))
    span = Window(since, until) if since and until else None
    return Prerefund(number, ref, firm, claim, item, State(state), current, span, Account(*sums[:_ACCOUNT]))


def enter(
    connection: Connection, known: Prerefund, step: Step, quantity: Decimal, actor: str, at: datetime, note: str = ""
) -> tuple[UUID, Decimal]:
    """Take a step that settles or recovers; return its entry and the yuan it moved. Raises ``Refused``."""
    account, amount = entered(known.account, step, quantity)
    state = after(known.state, step, account)
    entry = _note(connection, known.id, step, quantity, amount, actor, at, note)
    put(connection, known.id, state, account, at)
    if step in RECOVERING and amount:
        values = {"merchant": known.merchant_id, "claim": known.claim_id, "item": known.item_id, "prerefund": known.id}
        run(connection, _CLAWBACK, {**values, "id": uuidv7(), "quantity": quantity, "amount": amount, "at": at})
    return entry, amount


def begin(connection: Connection, known: Prerefund, step: Step, amount: Decimal, actor: str, at: datetime) -> None:
    """Take the step that ends waiting: the claim was paid, or ended unused."""
    account = Account(known.account.quantity, amount)
    _note(connection, known.id, step, known.account.quantity, amount, actor, at, "")
    put(connection, known.id, after(known.state, step, account), account, at, done=step is Step.REFUND)


def put(connection: Connection, prerefund_id: UUID, state: State, account: Account, at: datetime, *, done: bool = False) -> None:
    """Write a pre-refund's state and sums."""
    run(connection, _MOVE, {**asdict(account), "id": prerefund_id, "state": str(state), "done": done, "at": at})


def _note(
    connection: Connection, prerefund: UUID, step: Step, quantity: Decimal, amount: Decimal, actor: str, at: datetime, note: str
) -> UUID:
    entry = uuidv7()
    values = {"id": entry, "prerefund": prerefund, "at": at, "actor": actor, "step": str(step), "quantity": quantity}
    run(connection, _ENTRY, {**values, "amount": amount, "note": note})
    return entry
