"""Risk rules: what is in force, drafts of the next edition, trials on past months, publishing by a second officer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.background.queries import JobView, job
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.risk.queries.rulebook import RuleView, editions, rule, rules, trials
from ccezone.risk.rules.kinds import KINDS, Kind, read_thresholds
from ccezone.risk.service import rulebook
from ccezone.risk.service.trying import request_trial
from ccezone.web.hub import hub
from ccezone.web.office.risk import words
from ccezone.web.office.risk.alerts import evidence_address, people_named
from ccezone.web.shell.access import READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.moments import read_day

blueprint = Blueprint("risk_rules", __name__, url_prefix="/office/risk/rules")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("风险规则"),
            "risk_rules.listing",
            READERS,
            order=25,
            note=_l("阈值、级别、生效日期；先回测，再由另一人发布"),
        ),
    ),
)
_SPAN = (
    Field("since", _l("起"), "date", required=True),
    Field("until", _l("止"), "date", required=True),
)
_PUBLISH = (Field("effective_from", _l("生效日期"), "date", required=True),)
_STOP = (Field("effective_to", _l("最后一天"), "date", required=True, help=_l("此日之后发生的情况不再预警。")),)
_USUAL_TRIAL = timedelta(days=90)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List the rules in force, those to come, and drafts."""
    today = _today()
    with hub().database.reading() as connection:
        found = rules(connection)
    shown = [each for each in found if each.state == "draft" or each.effective_to is None or each.effective_to >= today]
    return render_template("risk/rules.html", rules=shown, kinds=KINDS, words=words, today=today)


@blueprint.get("/new/<kind>")
@officer_only
def blank(kind: str) -> ResponseReturnValue:
    """Show an empty rule of a kind, with its usual thresholds; ``?from=`` an edition to go on from."""
    made_as = KINDS.get(kind) or abort(404)
    former = _former(made_as)
    values: dict[str, str] = {each.name: each.usual for each in made_as.thresholds}
    values |= {"level": made_as.level.value, "type": made_as.type.value}
    return _form(made_as, {**values, **(_values(former) if former else {})}, former)


@blueprint.post("/new/<kind>")
@officer_only
def draft(kind: str) -> ResponseReturnValue:
    """Keep a draft."""
    made_as = KINDS.get(kind) or abort(404)
    former, principal = _former(made_as), current_principal()
    values = texts(submitted(_fields(made_as)))
    try:
        wording = _wording(made_as, values)
        with hub().database.begin() as uow:
            family = former.family if former else None
            number = rulebook.draft_rule(uow, kind, wording, principal.actor, hub().clock, family)
            record(uow, principal, "risk_rule.draft", f"risk_rule:{number}", hub().clock, {"kind": kind})
    except Refused as refused:
        return _form(made_as, values, former, refused.faults)
    flash(_("草案已保存，请先回测。"))
    return redirect(url_for("risk_rules.detail", rule_id=number))


@blueprint.get("/<uuid:rule_id>/edit")
@officer_only
def edit(rule_id: UUID) -> ResponseReturnValue:
    """Show a draft to change it."""
    found = _rule(rule_id)
    if found.state != "draft":
        abort(404)
    return _form(found.made_as, _values(found), found, editing=True)


@blueprint.post("/<uuid:rule_id>/edit")
@officer_only
def change(rule_id: UUID) -> ResponseReturnValue:
    """Change a draft."""
    found, principal = _rule(rule_id), current_principal()
    values = texts(submitted(_fields(found.made_as)))
    try:
        wording = _wording(found.made_as, values)
        with hub().database.begin() as uow:
            rulebook.change_draft(uow, rule_id, posted_version(), wording, principal.actor, hub().clock)
            record(uow, principal, "risk_rule.change", f"risk_rule:{rule_id}", hub().clock)
    except Refused as refused:
        return _form(found.made_as, values, found, refused.faults, editing=True)
    flash(_("草案已保存，请重新回测。"))
    return redirect(url_for("risk_rules.detail", rule_id=rule_id))


@blueprint.get("/<uuid:rule_id>")
@office_readers
def detail(rule_id: UUID) -> ResponseReturnValue:
    """Show an edition with its thresholds, trials and neighbours in time."""
    return _show(_rule(rule_id))


@blueprint.post("/<uuid:rule_id>/trials")
@officer_only
def trial(rule_id: UUID) -> ResponseReturnValue:
    """Ask for a trial on past days."""
    found, principal = _rule(rule_id), current_principal()
    values = texts(submitted(_SPAN))
    try:
        since, until = (read_day(values[name], f"/{name}") for name in ("since", "until"))
        with hub().database.begin() as uow:
            request_trial(uow, rule_id, since, until, principal.actor, principal.user_id, hub().clock)
            record(uow, principal, "risk_rule.try", f"risk_rule:{rule_id}", hub().clock)
    except Refused as refused:
        return _show(found, span=Form(_SPAN, values, refused.faults), status=422)
    return redirect(url_for("risk_rules.detail", rule_id=rule_id))


@blueprint.post("/<uuid:rule_id>/publish")
@officer_only
def publish(rule_id: UUID) -> ResponseReturnValue:
    """Let a draft go live, as its second pair of eyes."""
    found, principal = _rule(rule_id), current_principal()
    values = texts(submitted(_PUBLISH))
    try:
        with hub().database.begin() as uow:
            begins = read_day(values["effective_from"], "/effective_from")
            rulebook.publish_rule(uow, rule_id, begins, principal.actor, hub().clock)
            record(uow, principal, "risk_rule.publish", f"risk_rule:{rule_id}", hub().clock, values)
    except Refused as refused:
        return _show(found, dated=Form(_PUBLISH, values, refused.faults), status=422)
    flash(_("规则已发布。"))
    return redirect(url_for("risk_rules.detail", rule_id=rule_id))


@blueprint.post("/<uuid:rule_id>/stop")
@officer_only
def stop(rule_id: UUID) -> ResponseReturnValue:
    """Let a live edition end with a day."""
    found, principal = _rule(rule_id), current_principal()
    values = texts(submitted(_STOP))
    try:
        with hub().database.begin() as uow:
            rulebook.end_rule(uow, rule_id, read_day(values["effective_to"], "/effective_to"), hub().clock)
            record(uow, principal, "risk_rule.stop", f"risk_rule:{rule_id}", hub().clock, values)
    except Refused as refused:
        return _show(found, dated=Form(_STOP, values, refused.faults), status=422)
    flash(_("停用日期已保存。"))
    return redirect(url_for("risk_rules.detail", rule_id=rule_id))


@blueprint.post("/<uuid:rule_id>/drop")
@officer_only
def drop(rule_id: UUID) -> ResponseReturnValue:
    """Give a draft up."""
    found, principal = _rule(rule_id), current_principal()
    try:
        with hub().database.begin() as uow:
            rulebook.drop_draft(uow, rule_id)
            record(uow, principal, "risk_rule.drop", f"risk_rule:{rule_id}", hub().clock)
    except Refused as refused:
        return _show(found, dated=Form(_PUBLISH, {}, refused.faults), status=422)
    flash(_("草案已作废。"))
    return redirect(url_for("risk_rules.listing"))


def _show(found: RuleView, span: Form | None = None, dated: Form | None = None, status: int = 200) -> ResponseReturnValue:
    today = _today()
    usual = {"since": (today - _USUAL_TRIAL).isoformat(), "until": today.isoformat()}
    fields, begins = (_PUBLISH, "effective_from") if found.state == "draft" else (_STOP, "effective_to")
    with hub().database.reading() as connection:
        tried, parties = trials(connection, found.id), directory(connection).by_id
        jobs: Mapping[UUID, JobView | None] = {each.id: job(connection, each.id) for each in tried}
        family = editions(connection, found.family)
        actors = [found.drafted_by, found.published_by, *(each.asked_by for each in tried)]
        people = people_named(connection, actors)
    ready = any(each.finished_at and each.fingerprint == found.fingerprint for each in tried)
    return render_template(
        "risk/rule.html", rule=found, trials=tried, jobs=jobs, editions=family, people=people, words=words, today=today,
        span=span or Form(_SPAN, usual), dated=dated or Form(fields, {begins: today.isoformat()}), ready=ready,
        own=found.drafted_by == current_principal().actor, address=evidence_address,
        named=lambda known: parties[UUID(known)].name if known and UUID(known) in parties else "—",
    ), status  # fmt: skip


def _form(
    kind: Kind, values: Values, former: RuleView | None, faults: Sequence[Fault] = (), *, editing: bool = False
) -> ResponseReturnValue:
    form = Form(_fields(kind), values, faults)
    shown = {"kind": kind, "former": former, "editing": editing, "words": words}
    return render_template("risk/rule_form.html", form=form, **shown), 422 if faults else 200


def _fields(kind: Kind) -> Sequence[Field]:
    limits = (
        Field(
            each.name,
            _l("%(label)s（%(unit)s）", label=words.THRESHOLDS[each.name], unit=words.UNITS.get(each.unit, each.unit)),
            "integer" if each.whole else "decimal",
            required=True,
            help=_l("%(least)s 到 %(most)s，通常 %(usual)s。", least=each.least, most=each.most, usual=each.usual),
        )
        for each in kind.thresholds
    )
    scope = {
        "flow": Field("flow", _l("进出口"), "select", options=tuple(words.FLOWS.items()), help=_l("不选则不限。")),
        "hs_code": Field("hs_code", _l("商品编码前几位"), max_length=10, help=_l("不填则不限。")),
        "country": Field("country", _l("国家（地区）"), codes="countries", help=_l("不填则不限。")),
    }
    return (
        Field("name", _l("规则名称"), required=True, max_length=100),
        Field("level", _l("预警级别"), "select", required=True, options=tuple((name, of[0]) for name, of in words.LEVELS.items())),
        Field("type", _l("风险类别"), "select", required=True, options=tuple(words.TYPES.items())),
        *limits,
        *(scope[name] for name in kind.scope),
        Field("document", _l("依据"), "textarea", required=True, max_length=300, help=_l("文件名称与文号；自定参数请写明。")),
    )


def _wording(kind: Kind, values: Mapping[str, str]) -> rulebook.Wording:
    limits, faults = read_thresholds(kind, values)
    numbers = {f"/{each.name}" for each in kind.thresholds}
    faults += [fault for fault in faults_of_form(_fields(kind), values) if fault.pointer not in numbers]
    if faults:
        raise Refused(*faults)
    scope = {name: values.get(name, "") for name in kind.scope}
    return rulebook.Wording(values["name"], values["level"], values["type"], values["document"], limits, scope)


def _values(found: RuleView) -> dict[str, str]:
    limits = {name: f"{value:f}" for name, value in found.limits.items()}
    named = {"name": words.rule_name(found), "level": found.level, "type": found.type, "document": found.document}
    return {**named, **limits, **found.scope, "version": str(found.version)}


def _former(kind: Kind) -> RuleView | None:
    """Return the edition to go on from; 404 when the address names one that is not there."""
    given = request.args.get("from", "")
    if not given:
        return None
    try:
        found = _rule(UUID(given))
    except ValueError:
        abort(404)
    return found if found.kind == kind.name else abort(404)


def _rule(rule_id: UUID) -> RuleView:
    with hub().database.reading() as connection:
        return rule(connection, rule_id) or abort(404)


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()
