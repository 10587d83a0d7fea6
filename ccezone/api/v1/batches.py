"""``GET /api/v1/batches/{id}``: what became of a delivery, how far its documents have come, what was wrong with which."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from ccezone.accounts.rules import Permission
from ccezone.api.problems import Problem, described
from ccezone.api.services import caller, services
from ccezone.bills.queries import batch, faults_of_batch
from ccezone.clearance.queries.progress import batch_progress
from ccezone.kernel.errors import Fault

_PAGE = 500


def register(blueprint: Blueprint) -> None:
    """Add the resource to the API."""
    blueprint.get("/batches/<uuid:batch_id>", endpoint="batch")(get_batch)
    blueprint.get("/batches/<uuid:batch_id>/errors", endpoint="batch_errors")(get_errors)


def get_batch(batch_id: UUID) -> Response:
    """Counts of a batch; ``done`` when all its documents are matched and answered by customs."""
    by = caller(Permission.BILLS_READ)
    with services().database.reading() as connection:
        found = batch(connection, batch_id, by.enterprise.id)
        if found is None:
            raise Problem(404, [Fault("", "batch_not_found", {"id": str(batch_id)})])
        progress = batch_progress(connection, batch_id, found.kind)
    return jsonify(
        batch=str(found.id),
        kind=found.kind.value,
        flow=found.flow,
        received_at=found.received_at.isoformat(),
        documents=found.documents,
        accepted=found.accepted,
        replayed=found.replayed,
        rejected=found.rejected,
        matched=found.accepted if progress.matched else found.replayed,
        answered=found.replayed + progress.answered,
        done=progress.matched and progress.answered == progress.stored,
    )


def get_errors(batch_id: UUID) -> Response:
    """The faults of a batch, a page at a time: ``?after=POSITION,ID``."""
    by = caller(Permission.BILLS_READ)
    deliveries = services().deliveries
    with services().database.reading() as connection:
        found = batch(connection, batch_id, by.enterprise.id)
        if found is None:
            raise Problem(404, [Fault("", "batch_not_found", {"id": str(batch_id)})])
        rows = faults_of_batch(connection, batch_id, _cursor(), _PAGE)
    errors = [
        described(
            Fault(f"/{row.position}{deliveries.pointer(found.message_type, row.fault.pointer)}", row.fault.code, row.fault.params),
            {"position": row.position, "document": row.document},
        )
        for row in rows
    ]
    following = f"{rows[-1].position},{rows[-1].id}" if len(rows) == _PAGE else None
    return jsonify(errors=errors, next=following)


def _cursor() -> tuple[int, int]:
    position, _, number = request.args.get("after", "").partition(",")
    try:
        return int(position), int(number)
    except ValueError:
        return -1, 0
