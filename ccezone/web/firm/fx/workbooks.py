"""Receipts of money by workbook: a template to fill, upload, and the rows that go back to be mended."""

from collections.abc import Mapping
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.accounts.service import record
from ccezone.background.queries import jobs_of
from ccezone.fx.queries.receipts import accounts_of
from ccezone.fx.service.workbooks import JOB, MOST_ROWS, upload_receipts
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.fx.receipts import blueprint, is_mine, today
from ccezone.web.firm.progress import file_made, own_job, shown
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page
from schemas.derive.workbook import RECEIPTS, example_number, template_of

_NO_ACCOUNT = {"number": "36000000000000", "currency": "502"}


@blueprint.get("/workbooks")
@firm_only
def workbooks() -> ResponseReturnValue:
    """Offer the template and the upload form; list what was uploaded, the last first."""
    return _listing()


@blueprint.get("/workbooks/template")
@firm_only
def workbook_template() -> ResponseReturnValue:
    """Hand out the template; its example names the firm's own account, and is passed over when it comes back."""
    content = template_of(RECEIPTS, language(), _example())
    return attachment(content, f"{RECEIPTS.label(language())}-{_('模板')}.xlsx", XLSX)


@blueprint.post("/workbooks")
@firm_only
def upload_workbook() -> ResponseReturnValue:
    """Keep a workbook and have it taken in; its page shows what becomes of it."""
    file, by = request.files.get("file"), current_principal()
    if file is None or not file.filename:
        return _listing(Fault("/file", "required"))
    try:
        with hub().database.begin() as uow:
            given = (file.filename, file.read(), current_enterprise_id(), by, language(), hub().clock)
            job_id = upload_receipts(uow, hub().vault, *given)
            record(uow, by, "fx.upload_workbook", f"job:{job_id}", hub().clock)
    except Refused as refused:
        return _listing(refused.faults[0])
    return redirect(url_for("fx.workbook", job_id=job_id), 303)


@blueprint.get("/workbooks/<uuid:job_id>")
@firm_only
def workbook(job_id: UUID) -> ResponseReturnValue:
    """Show what became of a workbook; to htmx only the part that changes."""
    with hub().database.reading() as connection:
        known = own_job(connection, job_id, JOB)
    return shown(known, "fx/workbook.html", "fx/workbook_progress.html")


@blueprint.get("/workbooks/<uuid:job_id>/result")
@firm_only
def workbook_result(job_id: UUID) -> ResponseReturnValue:
    """Hand out the rows that go back, which is recorded."""
    with hub().database.begin() as uow:
        answer = file_made(uow.connection, own_job(uow.connection, job_id, JOB))
        record(uow, current_principal(), "fx.download", f"job:{job_id}", hub().clock)
    return answer


def _listing(fault: Fault | None = None) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = jobs_of(connection, current_enterprise_id(), [JOB], after_id(), PAGE + 1)
        accounts = accounts_of(connection, current_enterprise_id())
    listed = page(rows, lambda row: row.id)
    body = render_template("fx/workbooks.html", page=listed, fault=fault, most=MOST_ROWS, accounts=accounts, mine=is_mine())
    return body, 422 if fault else 200


def _example() -> Mapping[str, str]:
    with hub().database.reading() as connection:
        known = accounts_of(connection, current_enterprise_id())
    account, currency = (known[0].number, known[0].currency) if known else (_NO_ACCOUNT["number"], _NO_ACCOUNT["currency"])
    return {
        "account": account,
        "bank_reference": example_number(),
        "currency": currency,
        "amount": "1200.50",
        "value_date": today().isoformat(),
        "kind": "platform",
        "payer": "Demo Platform Inc",
        "settlement_reference": "PS-2026-001",
    }
