"""What all intake resources share: take a decoded batch in, answer 202 with what became of every document."""

import json

from flask import Response

from ccezone.api.problems import Problem, described
from ccezone.api.services import Caller, services
from ccezone.bills.ports import Batch, UnreadableDelivery
from ccezone.bills.service import BatchOutcome, DocumentFault, take_in
from ccezone.kernel.errors import Fault


def refuse_unreadable(error: UnreadableDelivery) -> Problem:
    """Turn an unusable delivery into a 422 (413 when it is too large) that names line and fault."""
    status = 413 if any(fault.code == "too_large" for _, fault in error.found) else 422
    return Problem(status, [fault for _, fault in error.found], [{"line": line} for line, _ in error.found])


def store(batch: Batch, by: Caller) -> Response:
    """Take a batch in. Raises ``Problem`` 403 when the message travels in another enterprise's name."""
    work = services()
    if not by.reaches(batch.flow):
        raise Problem(403, [Fault("", "authority_ended")])
    if batch.transmitter:
        transmitter = by.parties.find(batch.transmitter)
        if transmitter is None or transmitter.id != by.enterprise.id:
            raise Problem(403, [Fault("/BaseTransfer/copCode", "sender_mismatch", {"code": batch.transmitter})])
    outcome = take_in(work.database, work.vault, work.clock, by.enterprise, by.principal.actor, batch)
    return Response(json.dumps(summary(batch, outcome), ensure_ascii=False), 202, mimetype="application/json")


def summary(batch: Batch, outcome: BatchOutcome) -> dict[str, object]:
    """Spell what became of a batch."""
    return {
        "batch": str(outcome.batch_id),
        "accepted": outcome.accepted,
        "replayed": outcome.replayed,
        "rejected": outcome.rejected,
        "errors": [spelled(batch.message_type, item) for item in outcome.faults],
    }


def spelled(message_type: str, item: DocumentFault) -> dict[str, object]:
    """Spell a fault of a document in the sender's own names."""
    pointer = f"/{item.position}{services().deliveries.pointer(message_type, item.fault.pointer)}"
    fault = Fault(pointer, item.fault.code, item.fault.params)
    return described(fault, {"position": item.position, "document": item.document})
