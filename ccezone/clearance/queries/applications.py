"""The story of a summary declaration or a goods return: opened, filed, sent, every receipt, what was done by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.clearance.queries.receipts import ReceiptView, receipts_of_kinds
from ccezone.declarations.rules.applications import ANSWERS, SUMMARY_RESULT
from ccezone.declarations.rules.lifecycle import tier
from ccezone.outbox.queries import events_of
from ccezone.storage.copying import fetch
from schemas.codes.statuses import expected_step

_FILINGS = """
SELECT f.number, f.created_at, f.actor, m.id, m.sent_at, m.refused_code, m.refused_text, a.message_type
FROM customs_application a LEFT JOIN application_filing f ON f.application_id = a.id
LEFT JOIN submission_message c ON c.submission_id = f.id LEFT JOIN outgoing_message m ON m.id = c.message_id
WHERE a.id = %(id)s ORDER BY f.number
"""
_FIRST, _LAST = 0, 99


@dataclass(frozen=True, slots=True)
class ApplicationStep:
    """One step. ``kind``: event (``name`` its kind), filed, sent, refused, receipt, result (of a summary; ``info`` its number).

    ``expected`` says whether the published course of such a document foresees the receipt; ``None`` where that makes no sense.
    """

    kind: str
    at: datetime
    filing: int = 0
    code: int | None = None
    info: str = ""
    actor: str = ""
    name: str = ""
    message_id: UUID | None = None
    expected: bool | None = None


_Ranked = tuple[tuple[int, int, datetime, int], ApplicationStep]


def application_story(connection: Connection, application_id: int) -> Sequence[ApplicationStep]:
    """Return the story of an application, oldest first. The caller has judged who may read it."""
    filings = fetch(connection, _FILINGS, {"id": application_id})
    if not filings:
        return []
    message_type = filings[0][7]
    ranked: list[_Ranked] = []
    starts: list[tuple[int, datetime]] = []
    for number, at, actor, message_id, sent_at, refused_code, refused_text, _ in filings:
        if number is None:
            continue
        starts.append((number, at))
        ranked.append(((number, 0, at, _FIRST), ApplicationStep("filed", at, number, actor=actor)))
        if sent_at is not None:
            ranked.append(((number, 1, sent_at, _FIRST), ApplicationStep("sent", sent_at, number, message_id=message_id)))
        elif refused_code is not None:
            step = ApplicationStep("refused", at, number, info=f"{refused_code} {refused_text}", message_id=message_id)
            ranked.append(((number, 1, at, _FIRST), step))
    answers = receipts_of_kinds(connection, [ANSWERS[message_type], SUMMARY_RESULT], application_id)
    ranked += _answers(answers, message_type)
    for event in events_of(connection, "application", application_id):
        number = max((number for number, at in starts if at <= event.at), default=0)
        step = ApplicationStep("event", event.at, number, actor=event.actor, name=event.kind)
        ranked.append(((number, 2 if number else 0, event.at, _LAST), step))
    return [step for _, step in sorted(ranked, key=lambda entry: entry[0])]


def _answers(receipts: Sequence[ReceiptView], message_type: str) -> Iterator[_Ranked]:
    former: dict[int, str] = {}
    for each in sorted(receipts, key=lambda one: (one.submission, one.returned_at, tier(one.code), one.code)):
        if each.kind == SUMMARY_RESULT:
            step = ApplicationStep("result", each.returned_at, each.submission, each.code, each.info)
            yield (each.submission, 2, each.returned_at, _LAST), step
            continue
        before = former.get(each.submission, "")
        known = expected_step(message_type, before, each.code) is not None or before == str(each.code)
        former[each.submission] = str(each.code)
        step = ApplicationStep("receipt", each.returned_at, each.submission, each.code, each.info, expected=known)
        yield (each.submission, 2, each.returned_at, tier(each.code)), step
