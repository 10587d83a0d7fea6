"""Released goods as a workbook, made in the background: asking for it, how far it is, taking it away."""

from datetime import datetime
from uuid import UUID

from flask import Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from ccezone.accounts.service import record
from ccezone.background.queries import JobView, job
from ccezone.background.service import cancel_job
from ccezone.statistics.queries import Goods, archive
from ccezone.statistics.service import GOODS_JOB, request_goods
from ccezone.storage import Connection
from ccezone.web.firm.jobs import STATES
from ccezone.web.firm.progress import shown
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal
from ccezone.web.shell.files import XLSX, attachment


def ask(goods: Goods) -> ResponseReturnValue:
    """Ask for the workbook of what a page shows, and lead to its progress."""
    principal, surroundings = current_principal(), hub()
    with surroundings.database.begin() as uow:
        job_id = request_goods(uow, goods, principal.user_id, surroundings.clock)
        record(uow, principal, "goods_export.requested", f"job:{job_id}", surroundings.clock)
    return redirect(url_for("monitor.export", job_id=job_id), 303)


def progress(job_id: UUID) -> Response:
    """Show how far it is."""
    with hub().database.reading() as connection:
        known = _found(connection, job_id)
    until = _until(known)
    over = until is not None and until <= hub().clock.now()
    views = {"page": "export", "stop": "stop_export", "file": "export_file"}
    paths = {name: url_for(f"monitor.{view}", job_id=job_id) for name, view in views.items()}
    return shown(known, "monitor/export.html", "jobs/progress.html", states=STATES, expired=over, until=until, paths=paths)


def stop(job_id: UUID) -> ResponseReturnValue:
    """Stop it."""
    with hub().database.begin() as uow:
        cancel_job(uow, _found(uow.connection, job_id).id, hub().clock)
    return redirect(url_for("monitor.export", job_id=job_id), 303)


def file(job_id: UUID) -> Response:
    """Hand the workbook out, while it is kept; each download is recorded."""
    surroundings = hub()
    with surroundings.database.begin() as uow:
        known = _found(uow.connection, job_id)
        until = _until(known)
        if known.state != "done" or until is None or until <= surroundings.clock.now():
            abort(404)
        record(uow, current_principal(), "goods_export.download", f"job:{job_id}", surroundings.clock)
    parts = archive(surroundings.database, surroundings.vault, job_id)
    return attachment(parts, str(known.result["name"]), XLSX, int(known.result["size"]))


def _found(connection: Connection, job_id: UUID) -> JobView:
    known = job(connection, job_id)
    if known is None or known.kind != GOODS_JOB:
        abort(404)
    return known


def _until(known: JobView) -> datetime | None:
    given = known.result.get("expires_at")
    return datetime.fromisoformat(str(given)) if given else None
