"""A firm's own credit: why this score, what follows from it, who looked, and its appeal or repair."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Principal
from ccezone.credit.queries import evidence_named, listing, listings_of, steps_taken
from ccezone.credit.rules.listing import FIRM_STEPS, Step
from ccezone.credit.rules.visibility import FIELDS, Viewer
from ccezone.credit.service import Look, note_look, take_step
from ccezone.enterprises.queries import enterprise
from ccezone.kernel.errors import Refused
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.credit import reading, words
from ccezone.web.office.credit.listings import NOTE
from ccezone.web.office.credit.papers import MOST_MB, handed_out, scan
from ccezone.web.shell.access import FIRM, current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Form, submitted, texts

blueprint = Blueprint("my_credit", __name__, url_prefix="/firm/credit")


def _waiting(connection: Connection, principal: Principal) -> int:
    """Count the notices that may still be appealed."""
    owner = principal.enterprise_id
    rows = listings_of(connection, owner, only_open=True) if owner else ()
    return sum(Step.APPEAL in row.steps(reading.today()) for row in rows)


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT, _l("我的信用"), "my_credit.show", FIRM, order=59, note=_l("信用等级、得分依据、措施、申辩与信用修复")
        ),
    ),
    todo=(Todo(_l("拟列入负面清单，可以申辩"), "my_credit.show", FIRM, _waiting, urgent=True),),
)


@blueprint.get("")
@firm_only
def show() -> ResponseReturnValue:
    """Show one's own credit under one of the four queries."""
    view, day = reading.view_asked(), reading.day_asked()
    with hub().database.begin() as uow:
        firm = enterprise(uow.connection, current_enterprise_id()) or abort(404)
        note_look(uow, firm.uscc, Look(Viewer.SELF, "page", current_principal()), FIELDS, hub().clock)
        shown = reading.facts(uow.connection, firm, view, day)
    return render_template("credit/mine.html", **shown)


@blueprint.get("/lists/<uuid:listing_id>")
@firm_only
def detail(listing_id: UUID) -> ResponseReturnValue:
    """Show one listing of the firm, to appeal or to apply for repair."""
    return _show(listing_id, Form(NOTE))


@blueprint.post("/lists/<uuid:listing_id>")
@firm_only
def answer(listing_id: UUID) -> ResponseReturnValue:
    """Appeal, or apply for repair, with a reason and perhaps a scan."""
    values, named = texts(submitted(NOTE)), request.form.get("step", Step.APPEAL.value)
    owner = current_enterprise_id()
    try:
        with hub().database.begin() as uow:
            known = listing(uow.connection, listing_id)
            if known is None or known.enterprise_id != owner:
                abort(404)
            if named not in {step.value for step in FIRM_STEPS}:
                abort(400)
            file_id = scan(uow, owner)
            take_step(
                uow,
                hub().settings.zone,
                listing_id,
                Step(named),
                values["note"],
                current_principal(),
                hub().clock,
                file_id,
                owner,
            )
    except Refused as refused:
        return _show(listing_id, Form(NOTE, values, refused.faults), 422)
    flash(_("已提交，综试区将复核并答复。"))
    return redirect(url_for("my_credit.detail", listing_id=listing_id))


@blueprint.get("/lists/<uuid:listing_id>/files/<uuid:file_id>")
@firm_only
def step_file(listing_id: UUID, file_id: UUID) -> Response:
    """Hand out a scan of a step of one's own listing."""
    with hub().database.reading() as connection:
        known = listing(connection, listing_id)
        own = known is not None and known.enterprise_id == current_enterprise_id()
        files = {each.file_id for each in steps_taken(connection, listing_id)} if own else set()
    return handed_out(file_id if file_id in files else None)


@blueprint.get("/evidence/<uuid:evidence_id>")
@firm_only
def evidence_file(evidence_id: UUID) -> Response:
    """Hand out the scan of a piece of evidence about oneself."""
    with hub().database.reading() as connection:
        found = evidence_named(connection, current_enterprise_id(), [evidence_id])
    return handed_out(found[0].file_id if found else None)


def _show(listing_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = listing(connection, listing_id)
        if found is None or found.enterprise_id != current_enterprise_id():
            abort(404)
        steps = steps_taken(connection, listing_id)
    may = current_principal().may(Permission.REGISTRATION_WRITE)
    offered = [step for step in found.steps(reading.today()) if step in FIRM_STEPS] if may else []
    page = render_template(
        "credit/listing.html", listing=found, steps=steps, offered=offered, form=form, words=words, most_mb=MOST_MB, mine=True
    )
    return page, status
