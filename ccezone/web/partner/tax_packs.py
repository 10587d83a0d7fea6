"""Evidence packs for the tax bureau: asked for on a filed claim, made in the background, taken away; looks are on record."""

from uuid import UUID

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.background.queries import JobView, job
from ccezone.background.service import cancel_job
from ccezone.cases.queries import read_file
from ccezone.consents.service import note_competent_look
from ccezone.printing.refund_packs import JOB, request_pack
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries.bureau import filed_claim
from ccezone.tax_refunds.queries.claims import ClaimView
from ccezone.web.firm.jobs import progress_words
from ccezone.web.firm.progress import shown
from ccezone.web.firm.refunds.packs import kept_file
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.files import attachment
from ccezone.web.shell.i18n import language

blueprint = Blueprint("tax_packs", __name__, url_prefix="/tax-bureau/packs")
FEATURE = Feature(blueprint)


@blueprint.post("/of/<uuid:claim_id>")
@roles_only(Role.TAX_OFFICER)
def ask(claim_id: UUID) -> ResponseReturnValue:
    """Ask for the pack of a filed claim."""
    by, clock = current_principal(), hub().clock
    with hub().database.begin() as uow:
        view = filed_claim(uow.connection, claim_id) or abort(404)
        job_id = request_pack(uow, claim_id, None, by.user_id, by.actor, language(), clock)
        _noted(uow, view, "refund_pack.requested")
    return redirect(url_for("tax_packs.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>")
@roles_only(Role.TAX_OFFICER)
def detail(job_id: UUID) -> ResponseReturnValue:
    """Show how far it is."""
    with hub().database.reading() as connection:
        known = _own(connection, job_id)
        view = filed_claim(connection, UUID(known.arguments["claim"])) or abort(404)
    return shown(known, "partner/tax_pack.html", "jobs/progress.html", claim=view.row, **progress_words(known, "tax_packs"))


@blueprint.post("/<uuid:job_id>/stop")
@roles_only(Role.TAX_OFFICER)
def stop(job_id: UUID) -> ResponseReturnValue:
    """Stop it."""
    with hub().database.begin() as uow:
        cancel_job(uow, _own(uow.connection, job_id).id, hub().clock, None)
    return redirect(url_for("tax_packs.detail", job_id=job_id), 303)


@blueprint.get("/<uuid:job_id>/file")
@roles_only(Role.TAX_OFFICER)
def file(job_id: UUID) -> ResponseReturnValue:
    """Hand it out while it is kept; each download is a look of its own."""
    with hub().database.begin() as uow:
        known = _own(uow.connection, job_id)
        made = kept_file(uow.connection, known, None)
        view = filed_claim(uow.connection, UUID(known.arguments["claim"])) or abort(404)
        _noted(uow, view, "refund_pack.download")
        return attachment(read_file(uow.connection, hub().vault, made.id), made.name, made.media_type)


def _noted(uow: UnitOfWork, view: ClaimView, action: str) -> None:
    """Write the look down, for the office, and in the audit trail."""
    by, clock = current_principal(), hub().clock
    note_competent_look(uow, view.row.merchant_id, "evidence", view.row.reference, by, clock)
    record(uow, by, action, f"refund_claim:{view.row.id}", clock)


def _own(connection: Connection, job_id: UUID) -> JobView:
    """Return a pack that this officer asked for; anybody else's looks like none."""
    known = job(connection, job_id)
    if known is None or known.kind != JOB or known.user_id != current_principal().user_id:
        abort(404)
    return known
