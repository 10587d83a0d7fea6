"""Receipts nobody could place yet, and messages of the mailbox nobody could read: kept, and shown to officers."""

from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.clearance.queries import count_parked, count_unreadable, parked_receipts, unreadable_body, unreadable_messages
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.firm.declarations.words import words
from ccezone.web.hub import hub
from ccezone.web.office.cases import OFFICERS
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from schemas.derive.raw import readable

blueprint = Blueprint("receipts", __name__, url_prefix="/office/receipts")
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.GOVERNMENT, _l("未归属回执"), "receipts.parked", OFFICE, order=30, note=_l("暂时找不到单据的海关回执")),),
    todo=(
        Todo(_l("找不到单据的回执"), "receipts.parked", OFFICERS, lambda connection, _principal: count_parked(connection)),
        Todo(_l("无法读取的来报"), "receipts.unreadable", OFFICERS, lambda connection, _principal: count_unreadable(connection)),
    ),
)


@blueprint.get("/parked")
@office_readers
def parked() -> ResponseReturnValue:
    """List parked receipts, the latest first."""
    text = searched()
    with hub().database.reading() as connection:
        try:
            rows = parked_receipts(connection, text, request.args.get("after", ""), PAGE + 1)
        except ValueError:
            abort(400)
        counts = {"parked": count_parked(connection), "unreadable": count_unreadable(connection)}
    return render_template("receipts/parked.html", page=page(rows, lambda row: row.cursor), text=text, counts=counts, words=words)


@blueprint.get("/unreadable")
@office_readers
def unreadable() -> ResponseReturnValue:
    """List the mailbox's unreadable messages."""
    with hub().database.reading() as connection:
        rows = unreadable_messages(connection, after_id(), PAGE + 1)
        counts = {"parked": count_parked(connection), "unreadable": count_unreadable(connection)}
    return render_template("receipts/unreadable.html", page=page(rows, lambda row: row.id), counts=counts)


@blueprint.post("/unreadable/<uuid:message_id>")
@officer_only
def unreadable_raw(message_id: UUID) -> ResponseReturnValue:
    """Show an unreadable message as it came; it may hold personal data, so the reading is recorded."""
    principal, surroundings = current_principal(), hub()
    if not principal.may(Permission.PERSONAL_REVEAL):
        abort(403)
    with surroundings.database.begin() as uow:
        body = unreadable_body(uow.connection, message_id)
        if body is None:
            abort(404)
        record(uow, principal, "unreadable.raw", f"unreadable:{message_id}", surroundings.clock)
    return render_template("receipts/raw.html", message_id=message_id, lines=readable(body).splitlines())
