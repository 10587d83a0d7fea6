"""A report by workbook: the template with what stands in the draft and what the hub knows, the upload, wrong rows by number."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ccezone.kernel.errors import Fault, Refused
from ccezone.reporting.queries.reports import ReportView, report_by_id
from ccezone.reporting.rules.states import State
from ccezone.reporting.service.drafting import save_report
from ccezone.reporting.service.editions import doubted
from ccezone.web.firm import report_words as words
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, firm_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.i18n import language
from schemas.derive.workbook import REPORT, template_of

blueprint = Blueprint("report_sheets", __name__, url_prefix="/reports")
FEATURE = Feature(blueprint)
_MOST_BYTES = 2 * 1024 * 1024


@blueprint.get("/<uuid:report_id>/sheet")
@firm_only
def template(report_id: UUID) -> Response:
    """Hand the workbook of a draft out, as far as it is filled in."""
    report = _draft(report_id)
    with hub().database.reading() as connection:
        beside = doubted(connection, hub().settings.zone, report, hub().clock)
    rows = [
        {
            "indicator_key": line.key,
            "indicator_name": line.label,
            "indicator_unit": line.unit,
            "reported": line.reported or "",
            "hub_figure": line.fact or "",
        }
        for line in words.lines(report, beside)
    ]
    name = f"{REPORT.label(language())}-{report.kind}-{report.period}.xlsx"
    return attachment(template_of(REPORT, language(), rows=rows), name, XLSX)


@blueprint.post("/<uuid:report_id>/sheet")
@firm_only
def upload(report_id: UUID) -> ResponseReturnValue:
    """Take a filled-in workbook into the draft: all of it, or nothing where a row is wrong."""
    report, file, reader = _draft(report_id), request.files.get("file"), hub().report_sheets
    if reader is None:
        abort(404)
    if file is None or not file.filename:
        return _wrong(report, [(0, Fault("/file", "required"))])
    try:
        sheet = reader.read(file.stream.read(_MOST_BYTES))
    except Refused as refused:
        return _wrong(report, [(0, fault) for fault in refused.faults])
    if sheet.faults:
        return _wrong(report, sheet.faults)
    try:
        with hub().database.begin() as uow:
            save_report(uow, current_enterprise_id(), report_id, report.version, {**report.figures, **sheet.typed})
    except Refused as refused:
        return _wrong(report, [(sheet.rows.get(fault.pointer.strip("/"), 0), fault) for fault in refused.faults])
    flash(_("表格已读入草稿，请核对后报送。"))
    return redirect(url_for("reports.detail", report_id=report_id))


def _draft(report_id: UUID) -> ReportView:
    with hub().database.reading() as connection:
        found = report_by_id(connection, report_id, current_enterprise_id())
    return found if found is not None and found.state == State.DRAFT else abort(404)


def _wrong(report: ReportView, faults: Sequence[tuple[int, Fault]]) -> ResponseReturnValue:
    return render_template("reports/sheet_refused.html", report=report, faults=sorted(faults, key=lambda each: each[0])), 422
