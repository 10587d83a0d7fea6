"""Looking before sending: what the merge would say if these bills came in now.

The real intake and the real merge run in a transaction that is then undone; nobody hears of it and nothing is kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from ccezone.bills.ports import Batch
from ccezone.bills.rules import Step
from ccezone.bills.service import BatchOutcome, BillsTakenIn, DocumentFault, take_in
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.matching.queries import MatchRow, match
from ccezone.matching.rules import MergeTerms
from ccezone.matching.service.merge import ONE_MERGER, merge
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault

_ABOUT_STORED = frozenset(step.value for step in Step)


@dataclass(frozen=True, slots=True)
class Supposed:
    """Bills of one kind, and who would send them."""

    sender: EnterpriseView
    batch: Batch


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of each supposed batch, and what the merge would say of the order (``None``: there is no such order)."""

    faults: Sequence[Sequence[DocumentFault]]
    match: MatchRow | None


class _Undone(Exception):
    def __init__(self, preview: Preview) -> None:
        super().__init__("a preview is never kept")
        self.preview = preview


def preview(
    database: Database,
    vault: PersonalVault,
    clock: Clock,
    by: EnterpriseView,
    order_key: int,
    supposed: Sequence[Supposed],
    terms_on: Callable[[Connection, date], MergeTerms],
    then: Callable[[UnitOfWork], None] | None = None,
) -> Preview:
    """Say what would become of these bills and of the order they belong to; ``then`` looks further while they are there.

    Of a bill in another enterprise's name only the content is judged: whether that enterprise has sent one already is none
    of the caller's business, and the one it has sent stands.
    """
    touched: list[tuple[Sequence[int], Sequence[int], Sequence[int]]] = [([order_key], [], [])]

    def note(_uow: UnitOfWork, news: object) -> None:
        if isinstance(news, BillsTakenIn):
            touched.append((news.order_keys, news.order_no_keys, news.waybill_keys))

    try:
        with database.begin() as uow:
            inside = database.joined(uow, {BillsTakenIn: [note]})
            outcomes = [take_in(inside, vault, clock, each.sender, "preview", each.batch) for each in supposed]
            run(uow.connection, ONE_MERGER)
            now = clock.now()
            merge(uow, touched, now, terms_on(uow.connection, now.astimezone(SHANGHAI).date()))
            faults = [_told(by, each, outcome) for each, outcome in zip(supposed, outcomes, strict=True)]
            if then is not None:
                then(uow)
            raise _Undone(Preview(faults, match(uow.connection, order_key, None)))
    except _Undone as undone:
        return undone.preview


def _told(by: EnterpriseView, supposed: Supposed, outcome: BatchOutcome) -> Sequence[DocumentFault]:
    if supposed.sender.id == by.id:
        return outcome.faults
    return [each for each in outcome.faults if each.fault.code not in _ABOUT_STORED]
