"""Following applications: receipts make their states; what a granted return brings about happens in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from ccezone.declarations.rules.applications import IMPORT_RETURN, Kind, granted
from ccezone.declarations.rules.returns import share
from ccezone.declarations.service.applications import ApplicationAnswer, ApplicationMove, apply_application_answers
from ccezone.import_tax.rules import QuotaEntry, QuotaKind
from ccezone.import_tax.service import record_quota
from ccezone.kernel.clock import FixedClock
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

_RELEASED = "UPDATE goods_return SET released_at = %(at)s WHERE id = %(id)s"
_RETURNED = """
SELECT d.id, d.buyer_digest, d.tax ->> 'dutiable_price', d.total_value,
    (SELECT sum(l.amount) FROM goods_return_line l WHERE l.application_id = r.id),
    (SELECT q.year FROM quota_entry q WHERE q.buyer_digest = d.buyer_digest AND q.declaration_id = d.id AND q.kind = 'use'
        ORDER BY q.created_at DESC LIMIT 1)
FROM goods_return r JOIN declaration_list d ON d.id = r.declaration_id WHERE r.id = %(id)s
"""


def follow_answers(uow: UnitOfWork, answers: Sequence[ApplicationAnswer], at: datetime) -> None:
    """Fold receipts into applications, in any order and however often."""
    for move in apply_application_answers(uow, answers, at):
        if move.kind != Kind.RETURN:
            continue
        is_granted, was_granted = granted(move.message_type, move.state), granted(move.message_type, move.before)
        if is_granted != was_granted:
            run(uow.connection, _RELEASED, {"id": move.id, "at": move.at if is_granted else None})
        if is_granted != was_granted and move.message_type == IMPORT_RETURN:
            _count_in_the_year(uow, move, QuotaKind.GIVE_BACK if is_granted else QuotaKind.USE, at)


def _count_in_the_year(uow: UnitOfWork, move: ApplicationMove, kind: QuotaKind, at: datetime) -> None:
    """Give the goods' share back to the buyer's year, or take it again (GACC 2020 No. 45: the year's total is adjusted)."""
    declaration, buyer, price, total, returned, year = fetch(uow.connection, _RETURNED, {"id": move.id})[0]
    if buyer is None or price is None or year is None:
        return
    amount = share(Decimal(price), returned, total)
    record_quota(uow, FixedClock(at), [QuotaEntry(buyer, year, declaration, amount, kind, move.id)])
