"""A change that customs' system refused: the list stands as it was filed before, by the receipts of that submission.

A negative code refuses the changing document (errors -621011, -621012); what customs holds stays. 100 rejects the list itself.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from ccezone.declarations.rules.lifecycle import Course, Mark, ended_unsuccessfully, fold, state_name
from ccezone.import_tax.service import give_back, take_again
from ccezone.outbox.service import record_event
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

_CHANGE = """
SELECT former, buyer_digest FROM list_change WHERE declaration_id = %(id)s AND number = %(number)s AND reverted_at IS NULL
"""
_RESTORE = """
UPDATE declaration_list d SET trade_mode = c.trade_mode, declaration_path = c.declaration_path,
    transmitter_code = c.transmitter_code, total_value = c.total_value, content_digest = c.content_digest, content = c.content,
    personal = c.personal, buyer_digest = c.buyer_digest, tax = c.tax
FROM list_change c WHERE c.declaration_id = d.id AND d.id = %(id)s AND c.number = %(number)s
"""
Earlier = Callable[[UnitOfWork, int, int], Sequence[tuple[int, Mark]]]
"""Tells the receipts of a list up to a submission: (submission, what it says)."""
_REVERTED = "UPDATE list_change SET reverted_at = %(at)s WHERE declaration_id = %(id)s AND number = %(number)s"


def no_receipts(_uow: UnitOfWork, _declaration_id: int, _submission: int) -> Sequence[tuple[int, Mark]]:
    """Tell of no receipts: for callers whose answers refuse nothing."""
    return ()


def undo_change(uow: UnitOfWork, declaration_id: int, course: Course, earlier: Earlier, at: datetime) -> Course | None:
    """Put a list back as it was before a refused change; None when its newest submission was no change of what customs holds."""
    number = course.submission
    found = fetch(uow.connection, _CHANGE, {"id": declaration_id, "number": number})
    if not found:
        return None
    former, buyer = found[0]
    back = fold(Course(former, None, course.standing, course.seen), earlier(uow, declaration_id, former))
    if ended_unsuccessfully(state_name(back)):
        return None  # what was changed had been rejected itself: nothing of it stands
    run(uow.connection, _RESTORE, {"id": declaration_id, "number": number})
    run(uow.connection, _REVERTED, {"id": declaration_id, "number": number, "at": at})
    _count_again(uow, declaration_id, number, former, buyer, at)
    record_event(uow, "list", declaration_id, at, "change_refused", "", {"submission": number})
    return back


def _count_again(uow: UnitOfWork, declaration_id: int, number: int, former: int, buyer: int | None, at: datetime) -> None:
    if buyer is not None:
        give_back(uow, [(buyer, declaration_id, number)], at)
        take_again(uow, [(buyer, declaration_id, former)], at)
