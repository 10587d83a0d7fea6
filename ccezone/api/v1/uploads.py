"""``POST /api/v1/batches``: a workbook (xlsx, csv) of bills, taken in in the background; templates to fill."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from flask import Response, request, url_for

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.api.bodies import demand_media_type, raw_body
from ccezone.api.operations import Example, Media, Resource
from ccezone.api.problems import Problem, described, locale
from ccezone.api.services import Caller, services
from ccezone.background.queries import JobView, job
from ccezone.bills.queries.workbooks import batches_of_workbook, counts_of, documents_of, every_refused
from ccezone.bills.rules import BillKind
from ccezone.bills.service.workbooks import JOB, Uploader, WorkbookUpload, upload_workbook
from ccezone.cases.queries import read_file
from ccezone.clearance.queries.progress import Progress, progress_of_batches
from ccezone.kernel.errors import Fault
from ccezone.storage import Connection
from schemas.derive.workbook import MESSAGE_TYPES, sheet, template
from schemas.derive.workbook.sample import sample_csv
from schemas.rest.uploads import TemplateQuery, Upload, UploadQuery
from schemas.rest.words import Words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, BYTES, FORM = "text/csv", "application/octet-stream", "multipart/form-data"
_FLOWS = ("E", "I")
RESOURCE = Resource("表格", "Workbooks")
_BINARY = {"type": "string", "format": "binary"}
_FORM = {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
_CSV = Example("orders", Words("两笔出口订单", "Two export orders"), lambda: sample_csv("CEB303Message", 2))


@RESOURCE.post(
    "/batches",
    "postBatch",
    Words("上传表格", "Upload a workbook"),
    details=Words(
        "xlsx 或 csv，最大 50 MB、100,000 行；一行一项商品。文件存妥后答复 202，在后台接收，进度见批次。",
        "xlsx or csv, at most 50 MB and 100,000 rows, one row a line. 202 once it is kept; it is taken in in the background: "
        "see the batch.",
    ),
    permission=Permission.BILLS_WRITE,
    query=UploadQuery,
    status=202,
    answer=Upload,
    media=[Media(XLSX, _BINARY), Media(CSV, {"type": "string"}, [_CSV]), Media(BYTES, _BINARY), Media(FORM, _FORM)],
)
def post_batch(by: Caller, query: Mapping[str, Any]) -> Response:
    """Keep a workbook and have it taken in."""
    demand_media_type((XLSX, CSV, BYTES, FORM))
    name, content = _content(query["name"])
    flow: Literal["E", "I"] = "I" if query["flow"] == "I" else "E"
    upload = WorkbookUpload(name, content, query["message_type"], flow, locale())
    work = services()
    if not all(map(by.reaches, _FLOWS)):  # which flow the bills have is known once they are read
        raise Problem(403, [Fault("", "authority_ended")])
    with work.database.begin() as uow:
        uploader = Uploader(by.enterprise, by.principal.actor, by.principal.user_id)
        job_id = upload_workbook(uow, work.vault, work.clock, uploader, upload)
    body = {"batch": str(job_id), "accepted": 0, "replayed": 0, "rejected": 0, "errors": [], "state": "waiting"}
    headers = {"Location": url_for("api_v1.getBatch", batch_id=job_id)}
    return Response(json.dumps(body), 202, headers, mimetype="application/json")


@RESOURCE.get(
    "/workbooks/<message_type>",
    "getTemplate",
    Words("表格模板", "Template of a workbook"),
    permission=Permission.BILLS_READ,
    query=TemplateQuery,
    answers=[XLSX],
    parameters={"message_type": {"description": Words("内容", "What it holds"), "schema": {"enum": list(MESSAGE_TYPES)}}},
)
def get_template(by: Caller, query: Mapping[str, Any], message_type: str) -> Response:
    """Hand a template out."""
    if message_type not in MESSAGE_TYPES:
        raise Problem(404, [Fault("", "not_found", {"value": message_type[:40]})])
    content = template(message_type, query["language"] or locale())
    headers = {"Content-Disposition": f'attachment; filename="{message_type}-{sheet(message_type).edition}.xlsx"'}
    return Response(content, mimetype=XLSX, headers=headers)


def _content(name: str) -> tuple[str, bytes]:
    """Return the file's name and content, from a form or from the body itself."""
    if request.mimetype != FORM:
        return name or f"upload.{'csv' if request.mimetype == CSV else 'xlsx'}", raw_body()
    file = request.files.get("file")
    if file is None:
        raise Problem(422, [Fault("/file", "required")])
    return name or file.filename or "upload.xlsx", file.read()


def no_batch(number: UUID) -> Problem:
    """Say that there is no such delivery for this caller."""
    return Problem(404, [Fault("", "batch_not_found", {"id": str(number)})])


def upload_of(connection: Connection, by: Caller, job_id: UUID) -> JobView:
    """Return an upload of the caller's. Raises ``Problem`` 404; to an agent of one flow until it is read which flow it has."""
    found = job(connection, job_id, by.enterprise.id)
    if found is None or found.kind != JOB:
        raise no_batch(job_id)
    if not all(by.reaches(flow) for flow in ([found.result["flow"]] if "flow" in found.result else _FLOWS)):
        raise no_batch(job_id)
    return found


def progress_of(connection: Connection, by: Caller, found: JobView) -> dict[str, object]:
    """Spell an upload in the shape of a batch; its documents are those of the batches it became."""
    told, counts = found.result, documents_of(connection, found.id)
    kind = BillKind(told["kind"]) if "kind" in told else None
    batches = batches_of_workbook(connection, found.id)
    step = progress_of_batches(connection, batches, kind) if kind else Progress(0, matched=False, answered=0)
    return {
        "batch": found.id,
        "kind": kind.value if kind else None,
        "flow": told.get("flow"),
        "source": "workbook",
        "message_type": services().deliveries.message_type(kind, told["flow"]) if kind else None,
        "received_at": found.created_at,
        "documents": counts.documents,
        "accepted": counts.accepted,
        "replayed": counts.replayed,
        "rejected": counts.rejected,
        "matched": counts.accepted if step.matched else counts.replayed,
        "answered": counts.replayed + step.answered,
        "done": found.over and (kind is None or (step.matched and step.answered == step.stored)),
        "workbook": {**_workbook(connection, found), "batches": batches},
    }


def _workbook(connection: Connection, found: JobView) -> dict[str, object]:
    counts, told = counts_of(connection, found.id), found.result
    notices = [Fault("", each["code"], each["params"]) for each in told.get("notices", ())]
    return {
        "state": found.state,
        "name": str(found.arguments.get("name", "")),
        "percent": found.percent,
        "rows": told.get("rows", found.steps),
        "accepted": counts.accepted,
        "replayed": counts.replayed,
        "rejected": counts.rejected,
        "blank": told.get("blank"),
        "repairs": [{"kind": kind, "cells": cells} for kind, cells in told.get("repairs", {}).items()],
        "notices": [described(notice) for notice in notices],
        "errors": [described(fault) for fault in found.faults],
    }


def result_of(by: Caller, found: JobView) -> bytes | None:
    """Return the workbook of rows to mend, ``None`` when nothing went back; each reading is recorded."""
    if found.file_id is None:
        return None
    work = services()
    with work.database.begin() as uow:
        record(uow, by.principal, "workbook.result", f"job:{found.id}", work.clock)
        return read_file(uow.connection, work.vault, found.file_id)


def refused_of(connection: Connection, job_id: UUID, skip: int, limit: int) -> list[dict[str, object]]:
    """Spell what is wrong with the rows that went back, a page of it."""
    return list(islice(_refused(connection, job_id), skip, skip + limit))


def _refused(connection: Connection, job_id: UUID) -> Iterator[dict[str, object]]:
    for row in every_refused(connection, services().vault, job_id):
        for found in row.faults:
            fault = Fault(found.fault.pointer, found.fault.code, found.fault.params)
            yield described(fault, {"row": row.number})
