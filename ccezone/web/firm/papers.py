"""Documents as PDF with a code: one at once, from its page; many lists together in the background."""

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.background.service import request_job
from ccezone.bills import queries as bills
from ccezone.bills.rules import BillKind
from ccezone.declarations.queries import scope_of, search_lists
from ccezone.kernel.errors import Fault, Refused
from ccezone.matching.queries import match
from ccezone.printing.bundles import JOB, MOST
from ccezone.printing.documents import Source
from ccezone.printing.papers import Letter, prepare, to_pdf
from ccezone.web.firm import batches, matches
from ccezone.web.firm.bills import viewing as bill_pages
from ccezone.web.firm.declarations import viewing as list_pages
from ccezone.web.firm.declaring import general
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only, firms_and_office
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.i18n import language
from ccezone.web.zone import zone_name

blueprint = Blueprint("papers", __name__, url_prefix="/papers")
FEATURE = Feature(blueprint)


@list_pages.blueprint.post("/<int:declaration_id>/paper")
@firms_and_office
def paper(declaration_id: int) -> ResponseReturnValue:
    """Print a list."""
    list_pages.own_list(declaration_id)
    return printed("list", str(declaration_id))


@bill_pages.blueprint.post("/<any(order, payment, waybill, link):kind>/<int(signed=True):key>/paper", endpoint="paper")
@firms_and_office
def bill_paper(kind: str, key: int) -> ResponseReturnValue:
    """Print an order, payment, waybill or link."""
    with hub().database.reading() as connection:
        bill_pages.found_bill(connection, BillKind(kind), key, viewer())
    return printed("bill", f"{kind}.{key}")


@matches.blueprint.post("/<int(signed=True):order_key>/paper", endpoint="paper")
@firms_and_office
def merge_paper(order_key: int) -> ResponseReturnValue:
    """Print a merge result."""
    with hub().database.reading() as connection:
        known = match(connection, order_key, viewer()) or abort(404)
    return printed("merge", str(order_key)) if reaches(current_principal(), known.flow) else abort(404)


@batches.blueprint.post("/<uuid:batch_id>/paper", endpoint="paper")
@firms_and_office
def batch_paper(batch_id: UUID) -> ResponseReturnValue:
    """Print the result of a delivery."""
    with hub().database.reading() as connection:
        known = bills.batch(connection, batch_id, viewer()) or abort(404)
    return printed("batch", str(batch_id)) if reaches(current_principal(), known.flow) else abort(404)


@general.blueprint.post("/<uuid:declaration_id>/paper", endpoint="paper")
@firms_and_office
def general_paper(declaration_id: UUID) -> ResponseReturnValue:
    """Print the record of a general declaration."""
    general.own_record(declaration_id)
    return printed("general", str(declaration_id))


@blueprint.post("/lists")
@firm_only
def lists() -> ResponseReturnValue:
    """Have the first lists of a filter printed together, in the background."""
    principal, surroundings = current_principal(), hub()
    wanted = list_pages.filter_of_address()
    with surroundings.database.begin() as uow:
        scope = scope_of(uow.connection, current_enterprise_id(), principal.scope)
        rows = search_lists(uow.connection, scope, wanted, limit=MOST)
        if not rows:
            raise Refused(Fault("", "nothing_to_print"))
        arguments = {"lists": [row.id for row in rows], "locale": language(), "actor": principal.actor}
        job_id = request_job(
            uow, JOB, surroundings.clock, enterprise_id=principal.enterprise_id, user_id=principal.user_id, arguments=arguments
        )
    return redirect(url_for("jobs.detail", job_id=job_id), 303)


def letter() -> Letter:
    """Return what stands around a document of this zone, in the reader's language."""
    base = hub().settings.public_url.rstrip("/")
    return Letter(zone_name(hub().settings.zone).full(language()), language(), lambda code: f"{base}/verify/{code}")


def printed(kind: str, subject: str) -> Response:
    """Print one document that this person may see; in clear only by permission, which is recorded."""
    principal, surroundings = current_principal(), hub()
    clear = bool(request.form.get("clear"))
    if clear and not principal.may(Permission.PERSONAL_REVEAL):
        abort(403)
    with surroundings.database.begin() as uow:
        source = Source(uow.connection, surroundings.vault, surroundings.deliveries, viewer())
        found = prepare(uow, source, kind, subject, principal.actor, surroundings.clock, language(), clear=clear)
        if found is None:
            abort(404)
        if clear:
            record(uow, principal, "personal.print", f"{kind}:{subject}", surroundings.clock, {"code": found.code})
    headers = {"Content-Disposition": f'inline; filename="{kind}-{found.code}.pdf"', "Cache-Control": "no-store"}
    return Response(to_pdf(found, letter()), mimetype="application/pdf", headers=headers)
