"""Messages to the single window: what waits, was sent or was refused, found by any number of what they carry."""

from typing import get_args
from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.clearance.queries import (
    MessageFilter,
    MessageRow,
    Standing,
    lists_carried,
    message_body,
    message_counts,
    message_row,
    receipts_of,
    search_messages,
)
from ccezone.enterprises.queries import directory
from ccezone.outbox.queries import waiting_to_be_packed
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.firm.declarations.words import words
from ccezone.web.hub import hub
from ccezone.web.office.cases import OFFICERS
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.files import attachment
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from schemas.derive.raw import readable

blueprint = Blueprint("messages", __name__, url_prefix="/office/messages")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.GOVERNMENT, _l("对外报文"), "messages.listing", OFFICE, order=25, note=_l("发往单一窗口的报文与发送情况")),
    ),
    todo=(
        Todo(
            _l("被单一窗口拒收的报文"),
            "messages.listing",
            OFFICERS,
            lambda connection, _principal: message_counts(connection)["refused"],
            {"standing": "refused"},
            urgent=True,
        ),
    ),
)
STANDINGS = {"": _l("全部"), "waiting": _l("待发送"), "sent": _l("已发送"), "refused": _l("被拒收")}
TONES = {"waiting": "info", "sent": "good", "refused": "bad"}


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List messages, the latest first."""
    text = searched()
    standing: Standing | None = next((each for each in get_args(Standing) if each == request.args.get("standing", "")), None)
    if standing is None:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_messages(connection, MessageFilter(standing, text), after_id(), PAGE + 1)
        counts = message_counts(connection)
        packing = waiting_to_be_packed(connection)
        parties = directory(connection)
    return render_template(
        "messages/listing.html",
        page=page(rows, lambda row: row.id),
        text=text,
        standing=standing,
        standings=STANDINGS,
        tones=TONES,
        counts=counts,
        packing=packing,
        parties=parties,
    )


@blueprint.get("/<uuid:message_id>")
@office_readers
def detail(message_id: UUID) -> ResponseReturnValue:
    """Show one message: how it stands, what it carries, what its schema check said."""
    found = _message(message_id)
    with hub().database.reading() as connection:
        carried = lists_carried(connection, message_id)
        receipts = receipts_of(connection, 900, found.subject)
        transmitter = directory(connection).find(found.transmitter_code)
    return render_template(
        "messages/detail.html",
        message=found,
        carried=carried,
        receipts=receipts,
        transmitter=transmitter,
        standings=STANDINGS,
        tones=TONES,
        words=words,
    )


@blueprint.post("/<uuid:message_id>/raw")
@officer_only
def raw(message_id: UUID) -> ResponseReturnValue:
    """Show a message's body."""
    lines = readable(_body(message_id, "message.raw")).splitlines()
    return render_template("messages/raw.html", message=_message(message_id), lines=lines)


@blueprint.post("/<uuid:message_id>/download")
@officer_only
def download(message_id: UUID) -> ResponseReturnValue:
    """Hand a message's body over as a file."""
    return attachment(_body(message_id, "message.raw.download"), f"{message_id}.xml", "application/xml")


def _message(message_id: UUID) -> MessageRow:
    with hub().database.reading() as connection:
        return message_row(connection, message_id) or abort(404)


def _body(message_id: UUID, action: str) -> bytes:
    principal, surroundings = current_principal(), hub()
    if not principal.may(Permission.PERSONAL_REVEAL):
        abort(403)
    with surroundings.database.begin() as uow:
        body = message_body(uow.connection, surroundings.vault, message_id)
        if body is None:
            abort(404)
        record(uow, principal, action, f"message:{message_id}", surroundings.clock)
    return body
