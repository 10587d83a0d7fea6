"""The story of one list in one order: prepared, filed, sent, every receipt, what was done by hand, tax bills.

A step is language-free; ``schemas.codes.statuses`` has its words. Each says whether the published course of such a
document expects it (``status_transitions``, edition 202205).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.clearance.queries.receipts import ReceiptView, cancellation_receipts, list_receipts, tax_bills_of
from ccezone.declarations.rules.lifecycle import tier
from ccezone.outbox.queries import events_of
from ccezone.storage.copying import fetch
from schemas.codes.statuses import expected_step

_LIST = """
SELECT d.created_at, d.message_type, s.list_no FROM declaration_list d JOIN declaration_state s ON s.id = d.id WHERE d.id = %(id)s
"""
_SUBMISSIONS = """
SELECT u.number, u.created_at, u.actor, m.id, m.sent_at, m.refused_code, m.refused_text, u.app_type
FROM submission u LEFT JOIN submission_message c ON c.submission_id = u.id LEFT JOIN outgoing_message m ON m.id = c.message_id
WHERE u.declaration_id = %(id)s ORDER BY u.number
"""
_CANCELLATIONS = """
SELECT c.number, c.created_at, c.actor, c.reason, m.id, m.sent_at, m.refused_code, m.refused_text, c.message_type
FROM cancellation c LEFT JOIN submission_message s ON s.submission_id = c.id LEFT JOIN outgoing_message m ON m.id = s.message_id
WHERE c.declaration_id = %(id)s ORDER BY c.number
"""
_TOLD_BY_ROWS = frozenset({"submitted_by_hand", "cancellation_applied"})  # the submission itself says who filed it
_SCHEMA_CHECK = 900
_AFTER_RECEIPTS = 99
_APPLIED = 100


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step. ``kind``: prepared, filed, sent, refused, receipt, event, tax_bill; ``name``: an event's kind, a tax bill's number.

    ``document`` says whose step: the ``list``'s, or that of the ``cancellation`` whose number is ``submission``; ``info`` is then
    the reason where it was filed. ``app_type`` 2 marks a filing that changes what customs holds.

    ``waited`` is the time since the step before it, ``expected`` is ``None`` where the question makes no sense.
    """

    kind: str
    at: datetime
    submission: int = 0
    code: int | None = None
    info: str = ""
    actor: str = ""
    name: str = ""
    message_id: UUID | None = None
    received_at: datetime | None = None
    waited: timedelta | None = None
    expected: bool | None = None
    confidence: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
    document: str = "list"
    app_type: int = 1

    @property
    def state(self) -> str:
        """The state whose words tell this step."""
        return str(self.code) if self.code is not None else {"filed": "queued"}.get(self.kind, self.kind)


_Ranked = tuple[tuple[int, int, datetime, int], TimelineStep]


def timeline(connection: Connection, declaration_id: int) -> Sequence[TimelineStep]:
    """Return the story of a list, oldest first; empty when there is no such list. The caller has judged who may read it."""
    found = fetch(connection, _LIST, {"id": declaration_id})
    if not found:
        return []
    prepared_at, message_type, list_no = found[0]
    submissions = fetch(connection, _SUBMISSIONS, {"id": declaration_id})
    starts = [(number, filed_at) for number, filed_at, *_ in submissions]
    last = max((number for number, _ in starts), default=0)
    answers = _receipts(connection, declaration_id, message_type)
    ranked: list[_Ranked] = [
        ((0, 0, prepared_at, 0), TimelineStep("prepared", prepared_at)),
        *_filings(submissions),
        *(((step.submission, 2, step.at, tier(step.code or 0)), step) for step in answers),
        *(((step.submission, 2, step.at, _AFTER_RECEIPTS), step) for step in _events(connection, declaration_id, starts)),
        *(((last, 3, step.at, 0), step) for step in _tax_bills(connection, list_no, last)),
    ]
    ranked += _cancellations(connection, declaration_id, starts)
    ranked.sort(key=lambda entry: entry[0])
    return list(_with_waiting(step for _, step in ranked))


def _filings(submissions: Sequence[Sequence[Any]]) -> Iterator[_Ranked]:
    for number, filed_at, actor, message_id, sent_at, refused_code, refused_text, app_type in submissions:
        yield (number, 0, filed_at, 0), TimelineStep("filed", filed_at, number, actor=actor, app_type=app_type)
        if sent_at is not None:
            yield (number, 1, sent_at, 0), TimelineStep("sent", sent_at, number, message_id=message_id)
        elif refused_code is not None:
            info = f"{refused_code} {refused_text}"
            yield (number, 1, filed_at, 0), TimelineStep("refused", filed_at, number, info=info, message_id=message_id)


def _cancellations(connection: Connection, declaration_id: int, starts: Sequence[tuple[int, datetime]]) -> Iterator[_Ranked]:
    """Put the steps of applications to cancel among the receipts of the submission they came after, by time."""
    rows = fetch(connection, _CANCELLATIONS, {"id": declaration_id})
    if not rows:
        return
    types = {row[0]: row[8] for row in rows}
    answers = cancellation_receipts(connection, declaration_id)
    for number, filed_at, actor, reason, message_id, sent_at, refused_code, refused_text, _ in rows:
        after = max((submission for submission, at in starts if at <= filed_at), default=0)

        def place(at: datetime, rank: int, after: int = after) -> tuple[int, int, datetime, int]:
            return after, 2, at, rank

        yield place(filed_at, _APPLIED), TimelineStep("filed", filed_at, number, info=reason, actor=actor, document="cancellation")
        if sent_at is not None:
            step = TimelineStep("sent", sent_at, number, message_id=message_id, document="cancellation")
            yield place(sent_at, _APPLIED + 1), step
        elif refused_code is not None:
            info = f"{refused_code} {refused_text}"
            step = TimelineStep("refused", filed_at, number, info=info, message_id=message_id, document="cancellation")
            yield place(filed_at, _APPLIED + 1), step
        own = [receipt for receipt in answers if receipt.submission == number]
        for step in _judged(own, types[number], "cancellation"):
            yield place(step.at, _APPLIED + 2 + tier(step.code or 0)), step


def _tax_bills(connection: Connection, list_no: str | None, submission: int) -> Iterator[TimelineStep]:
    for bill in tax_bills_of(connection, list_no):
        yield TimelineStep("tax_bill", bill.returned_at, submission, bill.status, name=bill.tax_no, received_at=bill.received_at)


def _receipts(connection: Connection, declaration_id: int, message_type: str) -> Iterator[TimelineStep]:
    """Put receipts in customs' order, and judge every step by the one before it in the same submission."""
    return _judged(list_receipts(connection, declaration_id), message_type, "list")


def _judged(receipts: Sequence[ReceiptView], message_type: str, document: str) -> Iterator[TimelineStep]:
    former: dict[int, str] = {}
    for receipt in sorted(receipts, key=lambda each: (each.submission, each.returned_at, tier(each.code), each.code)):
        step = TimelineStep(
            "receipt", receipt.returned_at, receipt.submission, receipt.code, receipt.info, received_at=receipt.received_at,
            document=document,
        )  # fmt: skip
        if receipt.kind == _SCHEMA_CHECK:  # it speaks of the message that carried the list, not of the list's course
            yield step
            continue
        before = former.get(receipt.submission, "")
        known = expected_step(message_type, before, receipt.code)
        repeated = before == str(receipt.code)
        former[receipt.submission] = str(receipt.code)
        yield replace(step, expected=known is not None or repeated, confidence=known.confidence if known else "")


def _events(connection: Connection, declaration_id: int, starts: Sequence[tuple[int, datetime]]) -> Iterator[TimelineStep]:
    for event in events_of(connection, "list", declaration_id):
        if event.kind not in _TOLD_BY_ROWS:
            number = max((number for number, at in starts if at <= event.at), default=0)
            yield TimelineStep("event", event.at, number, actor=event.actor, name=event.kind, detail=event.detail)


def _with_waiting(steps: Iterable[TimelineStep]) -> Iterator[TimelineStep]:
    """Tell how long each step waited for; a counterparty's clock that runs behind ours counts as no wait."""
    former: datetime | None = None
    for step in steps:
        yield replace(step, waited=max(step.at - former, timedelta(0)) if former else None)
        former = step.at
