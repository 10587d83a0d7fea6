"""Plans of random inspections (双随机): drafted, frozen and published, drawn with a word called out, worked off, archived."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import nodes
from ccezone.inspection.queries.draws import PlanView, drawn_objects, plan, plans, progress, publications, strata
from ccezone.inspection.queries.inspectors import serving
from ccezone.inspection.queries.population import population
from ccezone.inspection.queries.terms import inspection_terms
from ccezone.inspection.service import PlanEntry, draft_plan, draw_plan, drop_plan, freeze
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words
from ccezone.web.registering import words as registering
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("inspection_plans", __name__, url_prefix="/office/inspection/plans")
FEATURE = Feature(blueprint)
WORD = (
    Field(
        "word",
        _l("现场口令"),
        required=True,
        max_length=64,
        help=_l("由在场监督人员当场说出的任意文字或数字。锁定名单时无人知道口令，说口令的人不知道种子，因此谁都不能预定结果。"),
    ),
)
_FLOWS = (("E", _l("出口")), ("I", _l("进口")))
_ONLY = ("", "unfinished", "overdue")


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List plans, the newest first."""
    with hub().database.reading() as connection:
        rows = plans(connection, list(words.STATES), after_id(), PAGE + 1)
        done = {row.id: progress(connection, row.id, words.today()) for row in rows if row.state == "drawn"}
    return render_template("inspection/plans.html", page=page(rows, lambda row: row.id), done=done, words=words)


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty plan."""
    today = words.today()
    with hub().database.reading() as connection:
        terms = inspection_terms(connection, hub().settings.zone, today)
    usual = {"since": today.replace(day=1).isoformat(), "until": today.isoformat(), "each": str(terms.inspectors_each)}
    return _form({**usual, "agencies": list(terms.agencies), "subject_kind": "firm"})


@blueprint.post("/new")
@officer_only
def create() -> ResponseReturnValue:
    """Keep a draft."""
    fields, principal = _fields(), current_principal()
    values = submitted(fields)
    typed = texts(values)
    faults: list[Fault] = faults_of_form(fields, values)
    try:
        if faults:
            raise Refused(*faults)
        days = [read_day(typed[name], f"/{name}") for name in ("since", "until", "due_on")]
        each = int(typed["each"]) if typed["each"].isascii() and typed["each"].isdecimal() and len(typed["each"]) < 3 else 0
        wanted = {name: typed[name] for name in ("role", "node", "flow", "grade")}
        entry = PlanEntry(typed["title"], typed["subject_kind"], days[0], days[1], days[2], list(values["agencies"]), each, wanted)
        with hub().database.begin() as uow:
            plan_id = draft_plan(uow, entry, principal.actor, hub().clock)
            record(uow, principal, "draw.draft", f"inspection_plan:{plan_id}", hub().clock)
    except Refused as refused:
        return _form(values, refused)
    return redirect(url_for("inspection_plans.detail", plan_id=plan_id))


@blueprint.get("/<uuid:plan_id>")
@office_readers
def detail(plan_id: UUID) -> ResponseReturnValue:
    """Show a plan: what it draws from, what was published, the drawn objects and how far they are."""
    return _show(_found(plan_id), Form(WORD))


@blueprint.post("/<uuid:plan_id>/drop")
@officer_only
def drop(plan_id: UUID) -> ResponseReturnValue:
    """Drop a draft."""
    with hub().database.begin() as uow:
        drop_plan(uow, plan_id, posted_version())
        record(uow, current_principal(), "draw.drop", f"inspection_plan:{plan_id}", hub().clock)
    flash(_("草案已作废。"))
    return redirect(url_for("inspection_plans.listing"))


@blueprint.post("/<uuid:plan_id>/freeze")
@officer_only
def fix(plan_id: UUID) -> ResponseReturnValue:
    """Freeze and publish the population."""
    found, principal, surroundings = _found(plan_id), current_principal(), hub()
    try:
        with surroundings.database.begin() as uow:
            zone = surroundings.settings.zone
            freeze(uow, surroundings.vault, zone, plan_id, posted_version(), principal.actor, surroundings.clock)
            record(uow, principal, "draw.freeze", f"inspection_plan:{plan_id}", surroundings.clock)
    except Refused as refused:
        named = [_with_agency(fault) for fault in refused.faults]
        return _show(found, Form((), {}, named), 422)
    flash(_("名单已锁定并公布。"))
    return redirect(url_for("inspection_plans.detail", plan_id=plan_id))


@blueprint.post("/<uuid:plan_id>/draw")
@officer_only
def take(plan_id: UUID) -> ResponseReturnValue:
    """Draw with the word called out, publish, open the orders."""
    found, principal, surroundings = _found(plan_id), current_principal(), hub()
    word = request.form.get("word", "")
    try:
        with surroundings.database.begin() as uow:
            number = draw_plan(uow, surroundings.vault, plan_id, posted_version(), word, principal.actor, surroundings.clock)
            record(uow, principal, "draw.draw", f"inspection_plan:{plan_id}", surroundings.clock, {"drawn": str(number)})
    except Refused as refused:
        return _show(found, Form(WORD, {"word": word}, refused.faults), 422)
    flash(_("已抽取 %(number)s 个对象，结果已公布，查验单已开具。", number=number))
    return redirect(url_for("inspection_plans.detail", plan_id=plan_id))


def _with_agency(fault: Fault) -> Fault:
    known = fault.params.get("agency")
    return Fault(fault.pointer, fault.code, {**fault.params, "agency": words.agency(known)}) if known else fault


def _show(found: PlanView, form: Form, status: int = 200) -> ResponseReturnValue:
    today, only = words.today(), request.args.get("only", "")
    given = request.args.get("after", "0")
    if only not in _ONLY or not (given.isascii() and given.isdecimal() and len(given) < 9):
        abort(400)
    with hub().database.reading() as connection:
        rows = drawn_objects(connection, found.id, today, only, int(given), PAGE + 1)
        shown = {
            "parties": directory(connection).by_id,
            "published": publications(connection, found.id),
            "strata": strata(connection, found.id),
            "progress": progress(connection, found.id, today),
            "population": len(population(connection, found.subject_kind, found.since, found.until, found.wanted))
            if found.state == "draft"
            else 0,
            "people": serving(connection, found.agencies, today),
        }
    return render_template(
        "inspection/plan.html", plan=found, page=page(rows, lambda row: row.place), only=only, form=form, words=words, today=today,
        registering=registering, **shown,
    ), status  # fmt: skip


def _form(values: Values, refused: Refused | None = None) -> ResponseReturnValue:
    form = Form(_fields(), values, refused.faults if refused else ())
    return render_template("inspection/plan_form.html", form=form), 422 if refused else 200


def _fields() -> Sequence[Field]:
    with hub().database.reading() as connection:
        agencies = inspection_terms(connection, hub().settings.zone, words.today()).agencies
        places = tuple((node.code, f"{node.code} {node.name}") for node in nodes(connection))
    grades = words.options(("AAA", "AA", "A", "BBB", "BB", "listed", "red", "none"), "credit_standings")
    unlimited = _l("不选则为全部。")
    return (
        Field("title", _l("计划名称"), required=True, max_length=100),
        Field("subject_kind", _l("抽查对象"), "select", required=True, options=tuple(words.DRAWN_FROM.items())),
        Field("since", _l("时段起"), "date", required=True, help=_l("抽查清单时，为放行日期。")),
        Field("until", _l("时段止"), "date", required=True),
        Field("due_on", _l("完成期限"), "date", required=True),
        Field("role", _l("企业类型"), "select", options=tuple(registering.ROLE_NAMES.items()), help=unlimited),
        Field("node", _l("所属节点"), "select", options=places, help=unlimited),
        Field("flow", _l("进出口"), "select", options=_FLOWS, help=_l("仅用于清单；不选则为全部。")),
        Field("grade", _l("信用等级"), "select", options=grades, help=unlimited),
        Field("agencies", _l("参加部门"), "checkboxes", required=True, options=words.options(agencies, "inspection_agencies")),
        Field("each", _l("每部门检查人员数"), "integer", required=True),
    )


def _found(plan_id: UUID) -> PlanView:
    with hub().database.reading() as connection:
        return plan(connection, plan_id) or abort(404)
