"""The negative and the red list at the office: open with evidence, hear the firm, decide, repair, let go."""

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.credit.queries import count_due, count_states, listing, search_listings, steps_taken
from ccezone.credit.rules.listing import FIRM_STEPS, IN_FORCE, ListingState, ListKind, Step
from ccezone.credit.service import Proposal, open_listing, take_step
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.credit import words
from ccezone.web.office.credit.papers import MOST_MB, handed_out, scan
from ccezone.web.office.credit.reading import today
from ccezone.web.shell.access import OFFICERS, READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("office_lists", __name__, url_prefix="/office/credit-lists")


def _waiting(connection: Connection, _principal: Principal) -> int:
    return count_due(connection, hub().clock.now().astimezone(SHANGHAI).date())


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("信用名单"),
            "office_lists.table",
            READERS,
            order=61,
            note=_l("负面清单的告知、申辩、列入、修复与移出，红名单"),
        ),
    ),
    todo=(Todo(_l("信用名单事项待办理"), "office_lists.table", OFFICERS, _waiting, urgent=True),),
)
TABS = {
    "open": (_l("办理中"), (ListingState.NOTICED, ListingState.APPEALED, ListingState.REPAIRING)),
    "listed": (_l("已列入"), tuple(IN_FORCE)),
    "over": (_l("已结束"), (ListingState.ENDED, ListingState.DROPPED)),
}
FIELDS = (
    Field(
        "kind",
        _l("名单"),
        "select",
        required=True,
        options=((ListKind.NEGATIVE.value, _l("负面清单")), (ListKind.RED.value, _l("红名单"))),
    ),
    Field("uscc", _l("统一社会信用代码"), required=True, max_length=18, help=_l("未在本区备案的企业也可以列入，将限制其备案。")),
    Field("name", _l("企业名称"), max_length=200, help=_l("已备案的企业可不填。")),
    Field("ground", _l("列入理由"), "textarea", required=True, max_length=1000, help=_l("写明事实和证据，将告知企业。")),
    Field("document", _l("依据文件"), required=True, max_length=200, help=_l("如处罚决定书、认定书的名称和文号。")),
)
NOTE = (Field("note", _l("说明"), "textarea", required=True, max_length=1000, help=_l("保留在办理记录中，综试区和企业均可查看。")),)


@blueprint.get("")
@office_readers
def table() -> ResponseReturnValue:
    """List listings by what they wait for."""
    tab = request.args.get("tab", "open")
    if tab not in TABS:
        abort(404)
    with hub().database.reading() as connection:
        states = [state.value for state in TABS[tab][1]]
        rows = search_listings(connection, states, text=searched(), after=after_id(), limit=PAGE + 1)
        counts = count_states(connection)
    tabs = [
        (label, url_for("office_lists.table", tab=name), sum(counts.get(state, 0) for state in states), name == tab)
        for name, (label, states) in TABS.items()
    ]
    return render_template(
        "credit/lists.html", page=page(rows, lambda row: row.id), tabs=tabs, text=searched(), words=words, today=today()
    )


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty proposal, or one about an enterprise."""
    given = {"uscc": request.args.get("uscc", "")[:18], "kind": ListKind.NEGATIVE.value}
    return render_template("credit/list_form.html", form=Form(FIELDS, given), most_mb=MOST_MB)


@blueprint.post("/new")
@officer_only
def propose() -> ResponseReturnValue:
    """Open a listing."""
    values = texts(submitted(FIELDS))
    faults = faults_of_form(FIELDS, values)
    if values["kind"] not in {kind.value for kind in ListKind}:
        faults.append(Fault("/kind", "required"))
    try:
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            kind, file_id = ListKind(values["kind"]), scan(uow, None)
            proposal = Proposal(kind, values["uscc"], values["name"], values["ground"], values["document"], file_id=file_id)
            number = open_listing(uow, hub().settings.zone, proposal, current_principal(), hub().clock)
    except Refused as refused:
        return render_template("credit/list_form.html", form=Form(FIELDS, values, refused.faults), most_mb=MOST_MB), 422
    flash(_("已登记，并已通知企业。"))
    return redirect(url_for("office_lists.detail", listing_id=number))


@blueprint.get("/<uuid:listing_id>")
@office_readers
def detail(listing_id: UUID) -> ResponseReturnValue:
    """Show one listing with its steps."""
    return _show(listing_id, Form(NOTE))


@blueprint.post("/<uuid:listing_id>")
@officer_only
def decide(listing_id: UUID) -> ResponseReturnValue:
    """Take a step of the office."""
    values, named = texts(submitted(NOTE)), request.form.get("step", "")
    if named not in {step.value for step in Step if step not in FIRM_STEPS}:
        abort(400)
    try:
        with hub().database.begin() as uow:
            file_id = scan(uow, None)
            take_step(uow, hub().settings.zone, listing_id, Step(named), values["note"], current_principal(), hub().clock, file_id)
    except Refused as refused:
        return _show(listing_id, Form(NOTE, values, refused.faults), 422)
    flash(_("已办理：%(step)s。", step=words.STEPS[named]))
    return redirect(url_for("office_lists.detail", listing_id=listing_id))


@blueprint.get("/<uuid:listing_id>/files/<uuid:file_id>")
@office_readers
def file(listing_id: UUID, file_id: UUID) -> Response:
    """Hand out a scan that belongs to a step."""
    with hub().database.reading() as connection:
        known = {each.file_id for each in steps_taken(connection, listing_id)}
    return handed_out(file_id if file_id in known else None)


def _show(listing_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = listing(connection, listing_id) or abort(404)
        steps = steps_taken(connection, listing_id)
    offered = [step for step in found.steps(today()) if step not in FIRM_STEPS]
    return (
        render_template(
            "credit/listing.html", listing=found, steps=steps, offered=offered, form=form, words=words, most_mb=MOST_MB, mine=False
        ),
        status,
    )
