"""Parameters of the zone: what is in force, what was and will be, and changing a value by four eyes."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.queries import names_of
from ccezone.accounts.rules import Principal
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters import service
from ccezone.parameters.queries import Key, catalogue
from ccezone.parameters.queries.bounding import group_of, groups
from ccezone.parameters.queries.values import ProposalView, count_proposals, lines, proposal, proposals, values_of
from ccezone.parameters.rules import NATIONAL, Kind, written
from ccezone.parameters.rules.proposing import DECIDED, UNVERIFIED, ProposalState, Proposed
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.office.parameter_words import group_label, label_of, listed, typing_help, words
from ccezone.web.shell.access import OFFICERS, READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Approval, Approvals, Feature, Group, MenuEntry, Stage
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import searched

blueprint = Blueprint("parameters", __name__, url_prefix="/office/parameters")
_STAGES: Mapping[Stage, Sequence[str]] = {
    Stage.WAITING: [ProposalState.WAITING],
    Stage.DECIDED: [ProposalState.APPROVED, ProposalState.REFUSED, ProposalState.WITHDRAWN],
}


def _count(connection: Connection, _principal: Principal) -> Mapping[Stage, int]:
    counts = count_proposals(connection)
    return {stage: sum(counts.get(state, 0) for state in states) for stage, states in _STAGES.items()}


def _decidable(connection: Connection, principal: Principal) -> int:
    return count_proposals(connection, but_of=principal.user_id).get(ProposalState.WAITING, 0)


def _rows(
    connection: Connection, principal: Principal, stage: Stage, text: str, after: UUID | None, limit: int
) -> Sequence[Approval]:
    keys = [key.key for key in catalogue().values() if text in key.key or text in label_of(key.key)] if text else None
    oldest = stage is Stage.WAITING
    found = proposals(connection, _STAGES.get(stage, []), keys, after, limit, oldest_first=oldest)
    names = names_of(connection, [each.proposed_by for each in found])
    return [listed(each, names.get(each.proposed_by, "—"), principal.user_id) for each in found]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("业务参数"),
            "parameters.listing",
            READERS,
            order=68,
            note=_l("限额、期限、权重、比例等，按生效日期管理"),
        ),
    ),
    approvals=(Approvals("parameter", _l("业务参数"), READERS, OFFICERS, _count, _rows, _decidable, of_zone=True),),
)
MARKS: Mapping[str, LazyString] = {
    "unverified": _l("只看未核实的"),
    "waiting": _l("只看有待审批提议的"),
    "future": _l("只看将有变动的"),
}
_DATES = ("effective_from", "effective_to")


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List parameters by group, with what is in force today."""
    group, mark = request.args.get("group", ""), request.args.get("mark", "")
    with hub().database.reading() as connection:
        found = lines(connection, hub().settings.zone, today(), searched(), group, mark)
    by_group = {name: [line for line in found if line.group == name] for name in groups()}
    others = [line for line in found if line.group not in groups()]
    return render_template(
        "parameters/listing.html",
        parts=[(group_label(name), rows) for name, rows in [*by_group.items(), ("", others)] if rows],
        groups={name: group_label(name) for name in groups()},
        group=group,
        marks=MARKS,
        mark=mark,
        text=searched(),
        **words(),
    )


@blueprint.get("/<key>")
@office_readers
def detail(key: str) -> ResponseReturnValue:
    """Show one parameter: its values of all days, and what was proposed."""
    known = _known(key)
    with hub().database.reading() as connection:
        values = values_of(connection, hub().settings.zone, key)
        [line] = [each for each in lines(connection, hub().settings.zone, today(), key) if each.key == known]
        asked = proposals(connection, list(ProposalState), [key], limit=20)
        names = names_of(connection, [each.proposed_by for each in asked] + [each.decided_by for each in asked])
    return render_template(
        "parameters/detail.html", line=line, key=known, values=values, asked=asked, names=names, today=today(), **words()
    )


@blueprint.get("/<key>/propose")
@officer_only
def blank(key: str) -> ResponseReturnValue:
    """Show an empty proposal, the value in force filled in."""
    known = _known(key)
    with hub().database.reading() as connection:
        values = [view.parameter for view in values_of(connection, hub().settings.zone, key)]
    now = next((row for row in values if row.effective_from <= today()), None)
    typed = {"zone": hub().settings.zone, "status": DECIDED, "value": written(now.value) if now else ""}
    return _show(known, Form(_fields(known), typed))


@blueprint.post("/<key>/propose")
@officer_only
def propose(key: str) -> ResponseReturnValue:
    """Propose a value."""
    known = _known(key)
    fields = _fields(known)
    typed = texts(submitted(fields))
    try:
        faults = faults_of_form(fields, typed)
        begin, end = (_day(typed[name], name, faults) for name in _DATES)
        if faults or begin is None:
            raise Refused(*faults)
        wanted = Proposed(typed["zone"], key, typed["value"], begin, typed["document"], end, typed["status"], typed["note"])
        with hub().database.begin() as uow:
            number = service.propose(uow, hub().settings.zone, wanted, current_principal(), hub().clock)
    except Refused as refused:
        return _show(known, Form(fields, typed, refused.faults), 422)
    flash(_("已提出，等待另一名工作人员审批。"))
    return redirect(url_for("parameters.show", proposal_id=number))


@blueprint.get("/proposals/<uuid:proposal_id>")
@office_readers
def show(proposal_id: UUID) -> ResponseReturnValue:
    """Show a proposal beside what is in force, to decide it."""
    return _decide_page(proposal_id)


@blueprint.post("/proposals/<uuid:proposal_id>/<any(approve, refuse, withdraw, cancel):deed>")
@officer_only
def decide(proposal_id: UUID, deed: str) -> ResponseReturnValue:
    """Approve or refuse a proposal, withdraw one's own, or propose to take back the value it led to."""
    zone, by, clock = hub().settings.zone, current_principal(), hub().clock
    reason = request.form.get("reason", "")
    target = proposal_id
    try:
        with hub().database.begin() as uow:
            if deed == "approve":
                service.approve_proposal(uow, zone, proposal_id, by, clock)
            elif deed == "refuse":
                service.refuse_proposal(uow, proposal_id, reason, by, clock)
            elif deed == "withdraw":
                service.withdraw_proposal(uow, proposal_id, by, clock)
            else:
                target = service.propose_cancel(uow, zone, proposal_id, reason, by, clock)
    except Refused as refused:
        return _decide_page(proposal_id, refused.faults, reason)
    told = {"approve": _("已批准，到生效日起执行。"), "refuse": _("已退回，不予批准。"), "withdraw": _("提议已撤回。")}
    flash(told.get(deed, _("已提出，等待另一名工作人员审批。")))
    return redirect(url_for("parameters.show", proposal_id=target))


def today() -> date:
    """Return the day in Asia/Shanghai."""
    return hub().clock.now().astimezone(SHANGHAI).date()


def _known(key: str) -> Key:
    known = catalogue().get(key)
    if known is None or group_of(key) == "exchange":
        abort(404)
    return known


def _fields(key: Key) -> tuple[Field, ...]:
    flag = (("true", _l("是")), ("false", _l("否")))
    value = Field("value", _l("新值"), "text", required=True, max_length=2000, help=typing_help(key))
    if key.kind is Kind.FLAG:
        value = Field("value", _l("新值"), "select", required=True, options=flag)
    return (
        value,
        Field(
            "zone", _l("适用范围"), "select", required=True, options=((hub().settings.zone, _l("本综试区")), (NATIONAL, _l("全国")))
        ),
        Field("effective_from", _l("生效日期"), "date", required=True, help=_l("最早为明天：已开始的日期按原值办理，不追溯。")),
        Field("effective_to", _l("失效日期"), "date", help=_l("含当日；长期有效请留空。")),
        Field("document", _l("依据文件"), required=True, max_length=500, help=_l("文件名称、文号。")),
        Field("status", _l("核实情况"), "select", required=True, options=((DECIDED, _l("本区决定")), (UNVERIFIED, _l("未核实")))),
        Field("note", _l("说明"), "textarea", max_length=500),
    )


def _day(typed: str, name: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        faults.append(Fault(f"/{name}", "bad_day", {"value": typed}))
        return None


def _show(key: Key, form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("parameters/propose.html", key=key, form=form, **words()), status


def _decide_page(proposal_id: UUID, faults: Sequence[Fault] = (), reason: str = "") -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = proposal(connection, proposal_id) or abort(404)
        values = values_of(connection, hub().settings.zone, found.key)
        names = names_of(connection, [found.proposed_by, found.decided_by])
    return (
        render_template(
            "parameters/proposal.html",
            found=found,
            key=catalogue()[found.key],
            now=next((view.parameter for view in values if view.parameter.effective_from <= today()), None),
            mine=found.proposed_by == current_principal().user_id,
            may_decide=current_principal().role in OFFICERS and found.state == ProposalState.WAITING,
            may_cancel=current_principal().role in OFFICERS and _to_come(found, [view.proposal_id for view in values]),
            names=names,
            faults=faults,
            reason=reason,
            **words(),
        ),
        422 if faults else 200,
    )


def _to_come(found: ProposalView, entered: Sequence[UUID | None]) -> bool:
    return found.effective_from > today() and found.id in entered
