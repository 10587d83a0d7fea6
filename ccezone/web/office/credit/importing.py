"""Evidence by workbook: a template, the upload, what became of each row, and the rows that go back."""

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ccezone.accounts.service import record
from ccezone.background.queries import JobView, job, jobs_of
from ccezone.cases.queries import file_of, read_file
from ccezone.credit.service.importing import JOB, upload_evidence
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.jobs import STATES
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page
from schemas.derive.workbook import EVIDENCE, example_number, template_of

blueprint = Blueprint("evidence_import", __name__, url_prefix="/office/credit-import")
FEATURE = Feature(blueprint)
_EXAMPLE = {"uscc": example_number(), "factor": "customs_class", "value": "advanced", "valid_from": "2026-01-01"}


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """Offer the template and the upload form; list what was uploaded, the last first."""
    return _listing()


@blueprint.get("/template")
@office_readers
def template() -> Response:
    """Hand the template out."""
    content = template_of(EVIDENCE, language(), _EXAMPLE)
    return attachment(content, f"{EVIDENCE.label(language())}.xlsx", XLSX)


@blueprint.post("")
@officer_only
def upload() -> ResponseReturnValue:
    """Keep a table and have it taken in; its page shows what became of it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _listing(Fault("/file", "required"))
    by = current_principal()
    try:
        with hub().database.begin() as uow:
            given = (file.filename, file.read(), by.user_id, by.actor, language())
            job_id = upload_evidence(uow, hub().vault, *given, hub().clock)
            record(uow, by, "credit.import", f"job:{job_id}", hub().clock)
    except Refused as refused:
        return _listing(refused.faults[0])
    return redirect(url_for("evidence_import.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>")
@office_readers
def detail(job_id: UUID) -> ResponseReturnValue:
    """Show how far an upload is, and what became of its rows; to htmx only the part that changes."""
    part = "credit/import_progress.html" if request.headers.get("HX-Request") else "credit/import_job.html"
    return render_template(part, job=_found(job_id), states=STATES)


@blueprint.get("/<uuid:job_id>/file")
@office_readers
def result(job_id: UUID) -> Response:
    """Hand out the rows that go back."""
    known = _found(job_id)
    with hub().database.reading() as connection:
        file = file_of(connection, known.file_id) if known.file_id else None
        if file is None:
            abort(404)
        return attachment(read_file(connection, hub().vault, file.id), file.name, file.media_type)


def _found(job_id: UUID) -> JobView:
    with hub().database.reading() as connection:
        known = job(connection, job_id)
    return known if known is not None and known.kind == JOB else abort(404)


def _listing(fault: Fault | None = None) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = jobs_of(connection, None, [JOB], after_id(), PAGE + 1)
    shown = render_template("credit/import.html", page=page(found, lambda row: row.id), states=STATES, fault=fault)
    return shown, 422 if fault else 200
