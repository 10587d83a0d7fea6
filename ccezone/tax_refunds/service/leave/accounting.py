"""Accounting for a pre-refund (核算): what was sold settles; what came back, or will not be sold, is to be repaid."""

from decimal import Decimal
from uuid import UUID

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.rules.leave import State, Step, after, reconcile_faults
from ccezone.tax_refunds.service.leave.held import Prerefund, enter, held

LONGEST = 500
_RECORDED = """
SELECT coalesce(sum(quantity), 0) FROM overseas_sale WHERE prerefund_id = %(id)s AND removed_at IS NULL AND entry_id IS NULL
"""
_COUNT = """
UPDATE overseas_sale SET entry_id = %(entry)s WHERE prerefund_id = %(id)s AND removed_at IS NULL AND entry_id IS NULL
"""


def reconcile_sales(
    uow: UnitOfWork, merchant: UUID, prerefund_id: UUID, version: int, stated: Decimal, note: str, actor: str, clock: Clock
) -> Decimal:
    """Account for all recorded sales that were not counted yet; ``stated`` is what they come to by the firm's books.

    Return the yuan that are settled. Raises ``NotFound``, ``Stale``, ``Refused``: outside the window, a sum that differs.
    """
    known = _open(uow.connection, merchant, prerefund_id, version, Step.RECONCILE)
    now = clock.now()
    recorded: Decimal = fetch(uow.connection, _RECORDED, {"id": prerefund_id})[0][0]
    faults = _note_faults(note)
    if known.window is not None:
        faults += reconcile_faults(known.window, now.astimezone(SHANGHAI).date(), recorded, stated)
    if faults:
        raise Refused(*faults)
    entry, amount = enter(uow.connection, known, Step.RECONCILE, recorded, actor, now, note.strip())
    run(uow.connection, _COUNT, {"entry": entry, "id": prerefund_id})
    return amount


def bring_back(
    uow: UnitOfWork, merchant: UUID, prerefund_id: UUID, version: int, quantity: Decimal, note: str, actor: str, clock: Clock
) -> Decimal:
    """Note that unsold goods came back to the country: their pre-refund is to be repaid. Return the yuan."""
    known = _open(uow.connection, merchant, prerefund_id, version, Step.BACK)
    return _recover(uow, known, Step.BACK, quantity, note, actor, clock)


def close_prerefund(
    uow: UnitOfWork, merchant: UUID, prerefund_id: UUID, version: int, note: str, actor: str, clock: Clock
) -> Decimal:
    """Give up what is left: it will not be sold, and its pre-refund is to be repaid. Return the yuan."""
    known = _open(uow.connection, merchant, prerefund_id, version, Step.CLOSE)
    return _recover(uow, known, Step.CLOSE, known.account.open, note, actor, clock)


def _recover(uow: UnitOfWork, known: Prerefund, step: Step, quantity: Decimal, note: str, actor: str, clock: Clock) -> Decimal:
    faults = _note_faults(note) or ([] if note.strip() else [Fault("/note", "required")])
    recorded: Decimal = fetch(uow.connection, _RECORDED, {"id": known.id})[0][0]
    if recorded + quantity > known.account.open:
        said = {"recorded": f"{recorded.normalize():f}", "open": f"{known.account.open.normalize():f}"}
        faults.append(Fault("/quantity", "leave_sales_uncounted", said))
    if faults:
        raise Refused(*faults)
    return enter(uow.connection, known, step, quantity, actor, clock.now(), note.strip())[1]


def _open(connection: Connection, merchant: UUID, prerefund_id: UUID, version: int, step: Step) -> Prerefund:
    known = held(connection, merchant, prerefund_id, version)
    if known.state is not State.OPEN:
        after(known.state, step, known.account)  # refuses
    return known


def _note_faults(note: str) -> list[Fault]:
    if len(note) > LONGEST:
        return [Fault("/note", "too_long", {"max": str(LONGEST), "actual": str(len(note))})]
    return []
