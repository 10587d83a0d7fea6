"""Showing one personal value in clear: by permission, one at a time, with an entry in the audit trail (PIPL arts. 51, 54)."""

from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from ccezone.accounts import service
from ccezone.accounts.rules import Permission
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.feature import Feature, Reveal

blueprint = Blueprint("reveal", __name__)
FEATURE = Feature(blueprint)


@blueprint.post("/reveal/<kind>/<uuid:row_id>/<field>")
@firms_and_office
def show(kind: str, row_id: UUID, field: str) -> ResponseReturnValue:
    """Return the value; the reading and its audit entry commit together, or neither happens."""
    principal = current_principal()
    if not principal.may(Permission.PERSONAL_REVEAL):
        abort(403)
    known = _reveal(kind, field)
    surroundings = hub()
    with surroundings.database.begin() as uow:
        value = known.read(uow.connection, surroundings.vault, principal, row_id, field)
        if value is None:
            abort(404)
        service.record(uow, principal, "personal.reveal", f"{kind}:{row_id}", surroundings.clock, {"field": field})
    template = "shell/revealed_part.html" if request.headers.get("HX-Request") else "shell/revealed.html"
    return render_template(template, value=value)


def _reveal(kind: str, field: str) -> Reveal:
    known = (reveal for feature in hub().features for reveal in feature.reveals)
    found = next((reveal for reveal in known if reveal.kind == kind and field in reveal.fields), None)
    return found or abort(404)
