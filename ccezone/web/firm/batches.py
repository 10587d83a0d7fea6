"""Deliveries: upload of official messages, what became of each, what was wrong with which document."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from ccezone.accounts.rules import Permission, Role
from ccezone.accounts.service import record
from ccezone.bills import queries
from ccezone.bills.ports import UnreadableDelivery
from ccezone.bills.queries import BatchView
from ccezone.bills.service import BatchOutcome, take_in
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.errors import Fault
from ccezone.storage import Connection
from ccezone.web.firm.bills import words
from ccezone.web.firm.viewer import sender, viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, firm_only, firms_and_office
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import attachment
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("batches", __name__, url_prefix="/batches")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("报文上传"),
            "batches.upload",
            frozenset({Role.FIRM}),
            order=30,
            note=_l("上传海关格式的订单、支付单、运单报文"),
        ),
        MenuEntry(Group.DATA, _l("报送批次"), "batches.listing", frozenset(Role), order=31, note=_l("每次报送的结果与问题")),
    ),
)
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of one file: a batch, or the faults (source line, fault) that make it unusable."""

    file: str
    outcome: BatchOutcome | None
    faults: Sequence[tuple[int, Fault]] = ()


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List deliveries, the last first."""
    with_faults = request.args.get("faults") == "1"
    with hub().database.reading() as connection:
        rows = queries.batches_of(connection, viewer(), after_id(), PAGE + 1, with_faults=with_faults)
        parties = directory(connection).by_id
    found = page(rows, lambda row: row.id)
    found = replace(found, rows=[row for row in found.rows if reaches(current_principal(), row.flow)])
    return render_template("batches/list.html", page=found, words=words, parties=parties, viewer=viewer(), with_faults=with_faults)


@blueprint.get("/upload")
@firm_only
def upload() -> ResponseReturnValue:
    """Show the upload form."""
    sender()
    return render_template("batches/upload.html", uploads=[], words=words)


@blueprint.post("/upload")
@firm_only
def receive() -> ResponseReturnValue:
    """Take one or more message files in, each a batch of its own; a single good file leads to its batch."""
    firm = sender()
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files or len(files) > MOST_FILES:
        fault = Fault("/files", "required") if not files else Fault("/files", "too_many_files", {"max": str(MOST_FILES)})
        return render_template("batches/upload.html", uploads=[], words=words, fault=fault), 422
    uploads = [_taken(firm, file) for file in files]
    only = uploads[0].outcome
    if len(uploads) == 1 and only:
        return redirect(url_for("batches.detail", batch_id=only.batch_id))
    status = 200 if any(each.outcome for each in uploads) else 422
    return render_template("batches/upload.html", uploads=uploads, words=words), status


@blueprint.get("/<uuid:batch_id>")
@firms_and_office
def detail(batch_id: UUID) -> ResponseReturnValue:
    """Show one delivery: counts, its documents, or what was wrong (``?show=faults``)."""
    who = viewer()
    with hub().database.reading() as connection:
        known = _found(connection, batch_id, who)
        faulty = request.args.get("show", "faults" if known.rejected else "bills") == "faults"
        bills = [] if faulty else queries.bills_of_batch(connection, known, _position()[0], PAGE + 1)
        faults = queries.faults_of_batch(connection, batch_id, _position(), PAGE + 1) if faulty else []
        party = directory(connection).by_id.get(known.submitter_id)
    return render_template(
        "batches/batch.html",
        batch=known,
        words=words,
        party=party,
        faulty=faulty,
        bills=page(bills, lambda row: row.cursor.position),
        faults=page(faults, lambda row: f"{row.position}.{row.id}"),
    )


@blueprint.post("/<uuid:batch_id>/raw")
@firms_and_office
def raw(batch_id: UUID) -> ResponseReturnValue:
    """Show or hand out the message as it came; it holds personal values, so that each reading is recorded."""
    principal, surroundings = current_principal(), hub()
    if not principal.may(Permission.PERSONAL_REVEAL):
        abort(403)
    with surroundings.database.begin() as uow:
        known = _found(uow.connection, batch_id, viewer())
        body = queries.raw_message(uow.connection, surroundings.vault, batch_id)
        record(uow, principal, "batch.raw", f"batch:{batch_id}", surroundings.clock)
    if request.form.get("download"):
        kind, ending = ("application/json", "json") if known.message_type == "ShippingLink" else ("application/xml", "xml")
        name = f"{known.message_type}-{batch_id}.{ending}"
        return attachment(body, name, kind)
    lines = body.decode("utf-8", "replace").replace("><", ">\n<").splitlines()
    return render_template("batches/raw.html", batch=known, lines=lines[:MOST_LINES], more=max(0, len(lines) - MOST_LINES))


MOST_LINES = 2000


def _taken(firm: EnterpriseView, file: FileStorage) -> Upload:
    surroundings, name = hub(), file.filename or ""
    try:
        batch = surroundings.deliveries.message(file.read())
    except UnreadableDelivery as refused:
        return Upload(name, None, refused.found)
    if not reaches(current_principal(), batch.flow):
        return Upload(name, None, [(1, Fault("", "authority_ended"))])
    if batch.transmitter:
        with surroundings.database.reading() as connection:
            transmitter = directory(connection).find(batch.transmitter)
        if transmitter is None or transmitter.id != firm.id:
            return Upload(name, None, [(1, Fault("/BaseTransfer/copCode", "sender_mismatch", {"code": batch.transmitter}))])
    actor = current_principal().actor
    outcome = take_in(surroundings.database, surroundings.vault, surroundings.clock, firm, actor, batch)
    flash(_("%(file)s 已接收。", file=name))
    return Upload(name, outcome)


def _found(connection: Connection, batch_id: UUID, who: UUID | None) -> BatchView:
    found = queries.batch(connection, batch_id, who) or abort(404)
    return found if reaches(current_principal(), found.flow) else abort(404)


def _position() -> tuple[int, int]:
    """Return the cursor of the address: a position, and for faults the id of the fault."""
    given = request.args.get("after", "")
    position, _dot, fault = given.partition(".")
    if not given:
        return -1, 0
    if not position.isdigit() or not (fault or "0").isdigit():
        abort(400)
    return int(position), int(fault or 0)
