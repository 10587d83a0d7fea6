"""Background work of a firm: how far it is, stopping it, and the files it made."""

from collections.abc import Mapping, Set
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import READS, Permission, Principal, Role
from ccezone.accounts.service import record
from ccezone.background.queries import JobView, job, jobs_of
from ccezone.background.service import cancel_job
from ccezone.bills.service.workbooks import JOB as WORKBOOK
from ccezone.enterprises.service.product_sheets import JOB as PRODUCTS
from ccezone.fx.service.workbooks import JOB as RECEIPTS
from ccezone.printing.bundles import JOB as BUNDLE
from ccezone.printing.refund_packs import JOB as PACK
from ccezone.statistics.queries import archive
from ccezone.statistics.service import JOB as EXPORT
from ccezone.statistics.service import request_export
from ccezone.storage import Connection
from ccezone.web.firm.progress import file_made, shown
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import attachment
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("jobs", __name__, url_prefix="/firm/jobs")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("后台任务与数据导出"),
            "jobs.listing",
            frozenset({Role.FIRM}),
            order=60,
            note=_l("导出本企业全部数据，查看表格导入、打印等任务的进度"),
        ),
    ),
)
STATES: Mapping[str, tuple[LazyString, str]] = {
    "waiting": (_l("等待处理"), "info"),
    "running": (_l("处理中"), "info"),
    "done": (_l("已完成"), "good"),
    "failed": (_l("失败"), "bad"),
    "cancelled": (_l("已停止"), "neutral"),
}
_OWN_PAGES = {
    WORKBOOK: "workbooks.detail",
    PRODUCTS: "product_sheets.detail",
    PACK: "refund_packs.detail",
    RECEIPTS: "fx.workbook",
}
_NEEDS: Mapping[str, Set[Permission]] = {
    WORKBOOK: frozenset({Permission.BILLS_WRITE}),
    PRODUCTS: frozenset({Permission.PRODUCTS_WRITE}),
    BUNDLE: frozenset({Permission.DECLARATIONS_READ}),
    EXPORT: READS,
    PACK: frozenset({Permission.DECLARATIONS_READ}),
    RECEIPTS: frozenset({Permission.DECLARATIONS_READ}),
}
"""What somebody needs who looks at a job: as much as to ask for it."""


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List what was asked for, the last first, as far as this person may open it."""
    principal = current_principal()
    kinds = [kind for kind in _NEEDS if _may_see(principal, kind)]
    with hub().database.reading() as connection:
        rows = jobs_of(connection, current_enterprise_id(), kinds, after_id(), PAGE + 1) if kinds else ()
    return render_template(
        "jobs/listing.html", page=page(rows, lambda row: row.id), states=STATES, address=address, expired=_expired
    )


@blueprint.get("/<uuid:job_id>")
@firm_only
def detail(job_id: UUID) -> ResponseReturnValue:
    """Show one job; to htmx only the part that changes."""
    with hub().database.reading() as connection:
        known = _found(connection, job_id)
    if known.kind in _OWN_PAGES:
        return redirect(address(known))
    return shown(known, "jobs/detail.html", "jobs/progress.html", **progress_words(known, "jobs"))


@blueprint.post("")
@firm_only
def export() -> ResponseReturnValue:
    """Ask for an export of all the firm's data; personal values in clear only by permission, and recorded."""
    principal, surroundings = current_principal(), hub()
    clear = bool(request.form.get("clear"))
    if not _may_see(principal, EXPORT) or (clear and not principal.may(Permission.PERSONAL_REVEAL)):
        abort(403)
    firm = current_enterprise_id()
    with surroundings.database.begin() as uow:
        job_id = request_export(uow, firm, principal.user_id, language(), surroundings.clock, clear=clear)
        record(uow, principal, "export.requested", f"job:{job_id}", surroundings.clock, {"clear": str(clear)})
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


@blueprint.post("/<uuid:job_id>/stop")
@firm_only
def stop(job_id: UUID) -> ResponseReturnValue:
    """Stop a job."""
    with hub().database.begin() as uow:
        cancel_job(uow, _found(uow.connection, job_id).id, hub().clock, current_enterprise_id())
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>/file")
@firm_only
def file(job_id: UUID) -> ResponseReturnValue:
    """Hand out what a job made, while it is kept; each download is recorded."""
    surroundings = hub()
    with surroundings.database.begin() as uow:
        known = _found(uow.connection, job_id)
        if known.state != "done" or _expired(known):
            abort(404)
        record(uow, current_principal(), f"{known.kind}.download", f"job:{job_id}", surroundings.clock)
        if known.kind == EXPORT:
            parts = archive(surroundings.database, surroundings.vault, job_id)
            return attachment(parts, str(known.result["name"]), "application/zip", int(known.result["size"]))
        return file_made(uow.connection, known)


def address(known: JobView) -> str:
    """Return the page of a job."""
    return url_for(_OWN_PAGES.get(known.kind, "jobs.detail"), job_id=known.id)


def progress_words(known: JobView, pages: str) -> dict[str, object]:
    """Word how far a job is, how long its file is kept, and where its buttons lead: ``pages`` are those of a blueprint."""
    views = {"page": "detail", "stop": "stop", "file": "file"}
    paths = {name: url_for(f"{pages}.{view}", job_id=known.id) for name, view in views.items()}
    return {"states": STATES, "expired": _expired(known), "until": kept_until(known), "paths": paths}


def kept_until(known: JobView) -> datetime | None:
    """Until when a job's file is kept, where it says so."""
    given = known.result.get("expires_at")
    return datetime.fromisoformat(str(given)) if given else None


def _expired(known: JobView) -> bool:
    until = kept_until(known)
    return until is not None and until <= hub().clock.now()


def _found(connection: Connection, job_id: UUID) -> JobView:
    known = job(connection, job_id, current_enterprise_id())
    principal = current_principal()
    if known is None or (known.arguments.get("clear") and not principal.may(Permission.PERSONAL_REVEAL)):
        abort(404)
    if not _may_see(principal, known.kind):
        abort(403)
    return known


def _may_see(principal: Principal, kind: str) -> bool:
    return all(principal.may(each) for each in _NEEDS.get(kind, READS))
