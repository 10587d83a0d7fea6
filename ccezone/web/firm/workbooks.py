"""Workbooks of bills: templates to fill, upload, progress, and the rows that go back to be mended."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.background.queries import JobView, jobs_of
from ccezone.background.service import cancel_job
from ccezone.bills.queries.workbooks import batches_of_workbook, counts_of, every_refused
from ccezone.bills.rules import SENDERS, BillKind
from ccezone.bills.service.workbooks import JOB, Uploader, WorkbookUpload, upload_workbook
from ccezone.enterprises.queries import EnterpriseView
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.bills import words
from ccezone.web.firm.progress import file_made, own_job, shown
from ccezone.web.firm.viewer import sender
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page
from schemas.codes import rows as code_rows
from schemas.derive.workbook import MESSAGE_TYPES, sheet, template

blueprint = Blueprint("workbooks", __name__, url_prefix="/batches/workbooks")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("表格导入"),
            "workbooks.listing",
            frozenset({Role.FIRM}),
            order=29,
            note=_l("下载模板，以 Excel 或 CSV 报送订单、支付单、运单"),
        ),
    ),
)
SHOWN_ROWS = 20
LINK = "ShippingLink"
KINDS: Mapping[str, tuple[BillKind, str]] = {
    "CEB303Message": (BillKind.ORDER, "E"),
    "CEB403Message": (BillKind.PAYMENT, "E"),
    "CEB505Message": (BillKind.WAYBILL, "E"),
    "CEB311Message": (BillKind.ORDER, "I"),
    "CEB411Message": (BillKind.PAYMENT, "I"),
    "CEB511Message": (BillKind.WAYBILL, "I"),
    LINK: (BillKind.LINK, ""),
}


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """Offer templates and the upload form; list what was uploaded, the last first."""
    return _listing()


@blueprint.get(f"/templates/<any({', '.join(MESSAGE_TYPES)}):message_type>")
@firm_only
def blank(message_type: str) -> ResponseReturnValue:
    """Hand a template out, with the firm's own codes in its example."""
    shape = sheet(message_type)
    content = template(message_type, language(), _own_codes(message_type))
    return attachment(content, f"{shape.label(language())}-{message_type}-{shape.edition}.xlsx", XLSX)


@blueprint.post("")
@firm_only
def upload() -> ResponseReturnValue:
    """Keep a workbook and have it taken in; its page shows how far it is."""
    by = Uploader(sender(), current_principal().actor, current_principal().user_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _listing(Fault("/file", "required"))
    kind, _dot, flow = request.form.get("kind", "").partition(".")
    if kind not in ("", *MESSAGE_TYPES) or flow not in ("", "E", "I"):
        abort(400)
    direction: Literal["E", "I"] = "I" if flow == "I" else "E"
    given = WorkbookUpload(file.filename, file.read(), kind, direction, language())
    try:
        with hub().database.begin() as uow:
            job_id = upload_workbook(uow, hub().vault, hub().clock, by, given)
    except Refused as refused:
        return _listing(refused.faults[0])
    return redirect(url_for("workbooks.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>")
@firm_only
def detail(job_id: UUID) -> ResponseReturnValue:
    """Show how far a workbook is, and once done what became of its rows; to htmx only the part that changes."""
    surroundings = hub()
    with surroundings.database.reading() as connection:
        known = own_job(connection, job_id, JOB)
        counts = counts_of(connection, job_id)
        refused = list(islice(every_refused(connection, surroundings.vault, job_id), SHOWN_ROWS)) if known.over else []
        batches = batches_of_workbook(connection, job_id) if known.over else []
    return shown(
        known,
        "workbooks/detail.html",
        "workbooks/progress.html",
        counts=counts,
        refused=refused,
        batches=batches,
        words=words,
        names=_names(),
        message_type=_message_type(known),
        notices=[Fault("", each["code"], each["params"]) for each in known.result.get("notices", ())],
    )


@blueprint.post("/<uuid:job_id>/stop")
@firm_only
def stop(job_id: UUID) -> ResponseReturnValue:
    """Stop taking a workbook in; what is taken stays."""
    with hub().database.begin() as uow:
        cancel_job(uow, own_job(uow.connection, job_id, JOB).id, hub().clock, current_enterprise_id())
    return redirect(url_for("workbooks.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>/result")
@firm_only
def result(job_id: UUID) -> ResponseReturnValue:
    """Hand out the rows that go back; they hold personal values, so that each download is recorded."""
    with hub().database.begin() as uow:
        record(uow, current_principal(), "workbook.result", f"job:{job_id}", hub().clock)
        return file_made(uow.connection, own_job(uow.connection, job_id, JOB))


def _listing(fault: Fault | None = None) -> ResponseReturnValue:
    firm = current_enterprise_id()
    with hub().database.reading() as connection:
        rows = jobs_of(connection, firm, [JOB], after_id(), PAGE + 1)
    listed = page(rows, lambda row: row.id)
    kinds = [(message_type, sheet(message_type).label(language()), *KINDS[message_type]) for message_type in MESSAGE_TYPES]
    body = render_template("workbooks/listing.html", page=listed, kinds=kinds, words=words, fault=fault, link=LINK)
    return body, 422 if fault else 200


def _message_type(known: JobView) -> str:
    """What the workbook held, for the names of its columns; empty while that is not known."""
    if "kind" not in known.result:
        return ""
    return hub().deliveries.message_type(BillKind(known.result["kind"]), str(known.result["flow"]))


def _own_codes(message_type: str) -> Mapping[str, str]:
    """What the firm need not look up: its own code and name where its role puts them."""
    firm: EnterpriseView = sender()
    kind, flow = KINDS[message_type]
    for code, role in SENDERS[kind, flow or "E"]:
        if role in firm.roles:
            return {code: firm.customs_code or firm.uscc, code.replace("_code", "_name"): firm.name}
    return {}


def _names() -> Mapping[str, Any]:
    """What kinds of repairs are called."""
    return {row["code"]: row[f"label_{language()}"] for row in code_rows("sheet_words")}
