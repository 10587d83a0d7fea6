"""The evidence pack of a claim: asking for it, how far it is, taking it away; for its firm and the office."""

from uuid import UUID

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from ccezone.accounts.service import record
from ccezone.background.queries import JobView, job
from ccezone.background.service import cancel_job
from ccezone.cases.queries import FileView, file_of, read_file
from ccezone.printing.refund_packs import JOB, request_pack
from ccezone.storage import Connection
from ccezone.web.firm.jobs import kept_until, progress_words
from ccezone.web.firm.progress import shown
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.files import attachment
from ccezone.web.shell.i18n import language

blueprint = Blueprint("refund_packs", __name__, url_prefix="/tax-refunds/packs")
FEATURE = Feature(blueprint)


@blueprint.post("/of/<uuid:claim_id>")
@firms_and_office
def ask(claim_id: UUID) -> ResponseReturnValue:
    """Ask for the pack, on record."""
    principal, clock = current_principal(), hub().clock
    with hub().database.begin() as uow:
        job_id = request_pack(uow, claim_id, viewer(), principal.user_id, principal.actor, language(), clock)
        record(uow, principal, "refund_pack.requested", f"refund_claim:{claim_id}", clock)
    return redirect(url_for("refund_packs.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>")
@firms_and_office
def detail(job_id: UUID) -> ResponseReturnValue:
    """Show how far it is."""
    with hub().database.reading() as connection:
        known = _found(connection, job_id)
    words = progress_words(known, "refund_packs")
    return shown(known, "refunds/pack.html", "jobs/progress.html", claim_id=known.arguments["claim"], **words)


@blueprint.post("/<uuid:job_id>/stop")
@firms_and_office
def stop(job_id: UUID) -> ResponseReturnValue:
    """Stop it."""
    with hub().database.begin() as uow:
        cancel_job(uow, _found(uow.connection, job_id).id, hub().clock, viewer())
    return redirect(url_for("refund_packs.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>/file")
@firms_and_office
def file(job_id: UUID) -> ResponseReturnValue:
    """Hand it out while it is kept; each download is recorded."""
    with hub().database.begin() as uow:
        known = _found(uow.connection, job_id)
        made = kept_file(uow.connection, known, viewer())
        record(uow, current_principal(), "refund_pack.download", f"refund_claim:{known.arguments['claim']}", hub().clock)
        return attachment(read_file(uow.connection, hub().vault, made.id), made.name, made.media_type)


def kept_file(connection: Connection, known: JobView, enterprise_id: UUID | None) -> FileView:
    """Return the file of a pack while it is kept; afterwards there is none (404)."""
    until = kept_until(known)
    made = file_of(connection, known.file_id, enterprise_id) if known.file_id else None
    if made is None or until is None or until <= hub().clock.now():
        abort(404)
    return made


def _found(connection: Connection, job_id: UUID) -> JobView:
    known = job(connection, job_id, viewer())
    if known is None or known.kind != JOB:
        abort(404)
    return known
