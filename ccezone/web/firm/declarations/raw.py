"""The official document as it was sent: shown in lines or downloaded, by permission, with an entry in the audit trail.

A message packs lists of several firms; only the document of the list at hand ever leaves this page.
"""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.clearance.queries import submission_body
from ccezone.declarations.queries import scope_of
from ccezone.web.firm.declarations.viewing import blueprint, own_list
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.files import attachment
from schemas.derive.raw import document_alone, readable


@blueprint.post("/<int:declaration_id>/raw/<int:number>")
@firms_and_office
def raw(declaration_id: int, number: int) -> ResponseReturnValue:
    """Show the document of one submission."""
    message_id, body = _document(declaration_id, number, "list.raw")
    return render_template(
        "declarations/raw.html",
        list=own_list(declaration_id),
        number=number,
        message_id=message_id,
        lines=readable(body).splitlines(),
    )


@blueprint.post("/<int:declaration_id>/raw/<int:number>/download")
@firms_and_office
def download(declaration_id: int, number: int) -> ResponseReturnValue:
    """Hand the document of one submission over as a file."""
    _message_id, body = _document(declaration_id, number, "list.raw.download")
    return attachment(body, f"list-{declaration_id}-{number}.xml", "application/xml")


def _document(declaration_id: int, number: int, action: str) -> tuple[str, bytes]:
    principal, surroundings = current_principal(), hub()
    if not principal.may(Permission.PERSONAL_REVEAL):
        abort(403)
    if declaration_id >= 1 << 63 or number >= 1 << 15:
        abort(404)
    with surroundings.database.begin() as uow:
        scope = scope_of(uow.connection, principal.enterprise_id, principal.scope)
        found = submission_body(uow.connection, surroundings.vault, scope, declaration_id, number)
        if found is None:
            abort(404)
        record(uow, principal, action, f"list:{declaration_id}", surroundings.clock, {"submission": str(number)})
    return str(found.message_id), document_alone(found.body, str(found.guid).upper())
