"""``/api/v1/batches``: deliveries, how far their documents have come, what was wrong with which.

An upload of a workbook (``POST /batches``) belongs here, beside what becomes of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from ccezone.accounts.rules import Permission
from ccezone.api.operations import Resource
from ccezone.api.paging import as_bigint, as_uuid, cut, read_cursor
from ccezone.api.problems import locale
from ccezone.api.services import Caller, services
from ccezone.api.v1.intake import spelled
from ccezone.api.v1.uploads import no_batch, progress_of, refused_of, result_of, upload_of
from ccezone.background.queries import JobView
from ccezone.bills.queries import BatchView, FaultRow, batch, batches_of, faults_of_batch
from ccezone.bills.service import DocumentFault
from ccezone.clearance.queries.progress import batch_progress
from schemas.rest.fault_sheet import MEDIA_TYPE, fault_sheet
from schemas.rest.queries import BatchesQuery, FaultsQuery
from schemas.rest.stored import Batch, BatchPage, FaultPage
from schemas.rest.words import Words

RESOURCE = Resource("批次", "Batches")
_ID = {"batch_id": {"description": Words("批次", "Batch")}}
_PAGE, _SHEET_ROWS = 1_000, 1_000_000  # a sheet ends there


@RESOURCE.get(
    "/batches",
    "listBatches",
    Words("批次列表", "List batches"),
    permission=Permission.BILLS_READ,
    query=BatchesQuery,
    links=[("getBatch", "batch_id", "/batches/0/batch"), ("getBatchErrors", "batch_id", "/batches/0/batch")],
    answer=BatchPage,
)
def get_batches(by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of the caller's deliveries, the last first."""
    after = read_cursor(query["after"], as_uuid)
    with services().database.reading() as connection:
        rows = batches_of(connection, by.enterprise.id, after, query["limit"] + 1, with_faults=query["with_faults"])
    page, following = cut(rows, query["limit"], lambda row: row.id)
    return {"batches": [_row(row) for row in page if by.reaches(row.flow)], "next": following}


@RESOURCE.get(
    "/batches/<uuid:batch_id>",
    "getBatch",
    Words("批次进度", "A batch and its progress"),
    permission=Permission.BILLS_READ,
    links=[("getBatchErrors", "batch_id", "/batch")],
    answer=Batch,
    parameters=_ID,
)
def get_batch(by: Caller, batch_id: UUID) -> dict[str, object]:
    """Counts of a batch; ``done`` when all its documents are matched and answered by customs."""
    with services().database.reading() as connection:
        found = batch(connection, batch_id, by.enterprise.id)
        if found is not None and not by.reaches(found.flow):
            raise no_batch(batch_id)
        if found is None:
            return progress_of(connection, by, upload_of(connection, by, batch_id))
        progress = batch_progress(connection, batch_id, found.kind)
    return {
        **_row(found),
        "matched": found.accepted if progress.matched else found.replayed,
        "answered": found.replayed + progress.answered,
        "done": progress.matched and progress.answered == progress.stored,
        "workbook": None,
    }


@RESOURCE.get(
    "/batches/<uuid:batch_id>/errors",
    "getBatchErrors",
    Words("批次退回原因", "What was wrong with a batch"),
    details=Words("按 Accept 头答复 JSON（分页）或 xlsx（全部）。", "JSON by pages, or all of it as xlsx, by the Accept header."),
    permission=Permission.BILLS_READ,
    query=FaultsQuery,
    answer=FaultPage,
    answers=[MEDIA_TYPE],
    parameters=_ID,
)
def get_errors(by: Caller, query: Mapping[str, Any], batch_id: UUID) -> dict[str, object] | Response:
    """The faults of a batch: a page as JSON, or all of them as a workbook; of an upload, its own rows to mend."""
    with services().database.reading() as connection:
        found = batch(connection, batch_id, by.enterprise.id)
        if found is not None and not by.reaches(found.flow):
            raise no_batch(batch_id)
        if found is None:
            return _errors_of_upload(by, query, upload_of(connection, by, batch_id))
    after = read_cursor(query["after"], _cursor)
    if request.accept_mimetypes.best_match(["application/json", MEDIA_TYPE]) == MEDIA_TYPE:
        return _sheet(fault_sheet((_error(found, row) for row in _all_faults(found)), locale()), batch_id)
    with services().database.reading() as connection:
        rows = faults_of_batch(connection, batch_id, after or (-1, 0), query["limit"] + 1)
    page, following = cut(rows, query["limit"], lambda row: f"{row.position},{row.id}")
    return {"errors": [_error(found, row) for row in page], "next": following}


def _errors_of_upload(by: Caller, query: Mapping[str, Any], found: JobView) -> dict[str, object] | Response:
    if request.accept_mimetypes.best_match(["application/json", MEDIA_TYPE]) == MEDIA_TYPE:
        return _sheet(result_of(by, found) or fault_sheet((), locale()), found.id)
    skip, limit = read_cursor(query["after"], as_bigint) or 0, query["limit"]
    with services().database.reading() as connection:
        errors = refused_of(connection, found.id, max(0, skip), limit + 1)
    return {"errors": errors[:limit], "next": str(skip + limit) if len(errors) > limit else None}


def _sheet(content: bytes, batch_id: UUID) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{batch_id}.xlsx"'}
    return Response(content, mimetype=MEDIA_TYPE, headers=headers)


def _all_faults(found: BatchView) -> Iterator[FaultRow]:
    after, given = (-1, 0), 0
    while given < _SHEET_ROWS:
        with services().database.reading() as connection:
            rows = faults_of_batch(connection, found.id, after, _PAGE)
        yield from rows
        if len(rows) < _PAGE:
            return
        after, given = (rows[-1].position, rows[-1].id), given + len(rows)


def _row(found: BatchView) -> dict[str, object]:
    return {
        "batch": found.id,
        "kind": found.kind.value,
        "flow": found.flow,
        "source": found.source,
        "message_type": found.message_type,
        "received_at": found.received_at,
        "documents": found.documents,
        "accepted": found.accepted,
        "replayed": found.replayed,
        "rejected": found.rejected,
    }


def _error(found: BatchView, row: FaultRow) -> dict[str, object]:
    return spelled(found.message_type, DocumentFault(row.position, row.document, row.fault))


def _cursor(text: str) -> tuple[int, int]:
    position, _, number = text.partition(",")
    found = int(position), int(number)
    if abs(found[0]) >= 2**31 or abs(found[1]) >= 2**63:
        raise ValueError(text)
    return found
