"""Cancelling a filed list (CEB605 export, CEB623 import): an application of its own, with its own receipts (CEB606, CEB624).

Customs' approval (399) ends the list as 430 does, whichever of the two comes first, or alone: 430 is in no published receipt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ccezone.bills.ports import Deliveries
from ccezone.declarations.rules.lifecycle import Mark, furthest, tier
from ccezone.declarations.rules.modes import CANCELLATIONS, EXPORT_LIST
from ccezone.declarations.rules.windows import APPROVED, CANCELLED, PENDING, may_cancel
from ccezone.declarations.service.following import ListAnswer, apply_answers
from ccezone.kernel.clock import Clock, wire_time
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.outbox.service import enqueue_submissions, record_event
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault

OPEN_STATES = "(" + ", ".join(f"'{state}'" for state in sorted(PENDING)) + ")"
_LIST = f"""
SELECT d.message_type, d.transmitter_code, d.content, d.personal, s.state, s.list_no, s.eport_no,
    (SELECT coalesce(max(c.number), 0) FROM cancellation c WHERE c.declaration_id = d.id),
    EXISTS (SELECT FROM cancellation c WHERE c.declaration_id = d.id AND c.state IN {OPEN_STATES})
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.id = %(id)s AND (%(merchant)s::uuid IS NULL OR d.merchant_id = %(merchant)s)
FOR UPDATE OF s
"""  # noqa: S608  # our own words
_INSERT = """
INSERT INTO cancellation (id, declaration_id, number, message_type, reason, document, state, created_at, actor)
VALUES (%(id)s, %(list)s, %(number)s, %(type)s, %(reason)s, %(document)s, 'queued', %(at)s, %(actor)s)
"""
_HELD = "SELECT id, declaration_id, number, code, returned_at FROM cancellation WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE"
_ANSWERED = "UPDATE cancellation SET state = %(state)s, code = %(code)s, returned_at = %(at)s WHERE id = %(id)s"
_SAID = (
    "customs_code", "agent_code", "agent_name", "merchant_code", "merchant_name", "cop_no", "list_no", "eport_no",
)  # fmt: skip
_SAID_OF_IMPORTS = (
    "order_no", "platform_code", "platform_name", "waybill_no", "carrier_code", "carrier_name", "buyer_id_type",
    "buyer_id_number", "buyer_name", "buyer_telephone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CancellationAnswer:
    """One receipt about one cancellation."""

    id: UUID
    mark: Mark


def cancel_list(
    database: Database,
    vault: PersonalVault,
    deliveries: Deliveries,
    clock: Clock,
    declaration_id: int,
    merchant_id: UUID | None,
    reason: str,
    actor: str,
) -> int:
    """Apply to cancel a filed list, and return the application's number (1 for the first).

    ``merchant_id`` limits the call to that merchant's lists. Raises ``NotFound``, or ``Refused``: no reason, a state in which
    the law or customs' system does not allow it, an application that is on its way already.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(Fault("/reason", "required"))
    with database.begin() as uow:
        found = fetch(uow.connection, _LIST, {"id": declaration_id, "merchant": merchant_id})
        if not found:
            raise NotFound(Fault("", "declaration_not_found", {"id": str(declaration_id)}))
        message_type, transmitter, content, sealed, state, list_no, eport_no, former, pending = found[0]
        allowed = may_cancel(state, list_no, pending)
        if not allowed.allowed:
            raise Refused(Fault("", allowed.reason, {"state": state}))
        now, guid, kind = clock.now(), uuidv7(), CANCELLATIONS[message_type]
        said = {**content, **(vault.open(sealed) if sealed else {}), "list_no": list_no, "eport_no": eport_no or ""}
        document = _document(kind, said, guid, reason, now)
        if faults := deliveries.faults(kind, document):
            raise Refused(*faults)
        values = {"id": guid, "list": declaration_id, "number": former + 1, "type": kind, "reason": reason, "actor": actor}
        run(uow.connection, _INSERT, {**values, "document": vault.seal_bytes(orjson.dumps(document)), "at": now})
        enqueue_submissions(uow, kind, transmitter, [guid], now)
        record_event(uow, "list", declaration_id, now, "cancellation_applied", actor, {"number": former + 1})
        return int(former) + 1


def _document(message_type: str, said: Mapping[str, str], guid: UUID, reason: str, at: datetime) -> dict[str, str]:
    """The application as domain values: the list's own, and why."""
    names = _SAID if message_type == CANCELLATIONS[EXPORT_LIST] else (*_SAID, *_SAID_OF_IMPORTS)
    values = {name: said[name] for name in names if said.get(name)}
    started = {"guid": str(guid).upper(), "app_type": "1", "app_time": wire_time(at), "app_status": "2"}
    return {**started, **values, "reason": reason}


def apply_cancellations(uow: UnitOfWork, answers: Sequence[CancellationAnswer], at: datetime) -> None:
    """Fold receipts into applications; any order and any repetition end the same. An approval ends its list."""
    if not answers:
        return
    marks: dict[UUID, list[Mark]] = {}
    for answer in answers:
        if tier(answer.mark.code) >= 0:
            marks.setdefault(answer.id, []).append(answer.mark)
    ended = []
    for row in fetch(uow.connection, _HELD, {"ids": list(marks)}):
        mark = _decided(row, marks[row[0]])
        run(uow.connection, _ANSWERED, {"id": row[0], "state": str(mark.code), "code": mark.code, "at": mark.returned_at})
        if mark.code == APPROVED:
            ended.append(ListAnswer(row[1], 0, Mark(CANCELLED, mark.returned_at)))
    apply_answers(uow, ended, at)


def _decided(row: tuple[Any, ...], marks: Sequence[Mark]) -> Mark:
    known = Mark(row[3], row[4]) if row[3] is not None else None
    found = furthest(known, marks)
    if found is None:
        raise ValueError("no receipt decides")
    return found
