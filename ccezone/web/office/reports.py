"""The reporting chain in the office: the calendar of what is due and how it stands, judging reports, compiling a park's."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal, Role
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import book
from ccezone.reporting.queries.calendar import Wanted, counts, owed
from ccezone.reporting.queries.definitions import ZONE, Due, dues, reporting_terms
from ccezone.reporting.queries.reports import ReportView, editions, report_by_id, steps_of, waiting
from ccezone.reporting.rules.states import Level, Standing, State
from ccezone.reporting.service.editions import MOST_WORDS, doubted
from ccezone.reporting.service.judging import accept_report, send_back_report
from ccezone.reporting.service.parks import compile_park, explain_park, sign_park
from ccezone.statistics.queries.returns import newest
from ccezone.statistics.rules import next_month
from ccezone.storage import Connection
from ccezone.web.firm import report_words as words
from ccezone.web.firm.reports import today
from ccezone.web.hub import hub
from ccezone.web.office.return_words import STATES as RETURN_STATES
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import posted_version
from ccezone.web.shell.paging import PAGE, page, searched

blueprint = Blueprint("office_reports", __name__, url_prefix="/office/reporting")
_OFFICERS = frozenset({Role.ZONE_OFFICER})


def _to_judge(connection: Connection, principal: Principal) -> int:
    return waiting(connection, principal.node)


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("统计直报"),
            "office_reports.listing",
            frozenset({Role.ZONE_OFFICER, Role.AUDITOR}),
            order=67,
            note=_l("企业、园区到综试区：到期、收到、退回、接受、逾期"),
        ),
    ),
    todo=(Todo(_l("统计报告待审核"), "office_reports.listing", _OFFICERS, _to_judge, {"standing": "received"}),),
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """Show a month's calendar: what is due of whom, and how it stands."""
    first = _month(request.args.get("month", ""))
    following = next_month(first)
    level, standing, after = request.args.get("level", ""), request.args.get("standing", ""), request.args.get("after", "")
    if level not in ("", *Level) or standing not in ("", *Standing):
        abort(400)
    with hub().database.reading() as connection:
        known = book(connection, hub().settings.zone)
        span = [due for each in Level for due in dues(known, each, first, following - timedelta(days=1))]
        grace = reporting_terms(known, today()).grace_days
        wanted = Wanted(span, today(), grace, level=level, standing=standing, text=searched())
        rows = owed(connection, wanted, after[:120], PAGE + 1)
        numbers = counts(connection, wanted)
        own = [] if current_principal().node else _own_returns(connection, dues(known, ZONE, first, following - timedelta(days=1)))
    return render_template(
        "reports/calendar.html", page=page(rows, lambda row: row.place), numbers=numbers, words=words, first=first,
        former=next_month(first - timedelta(days=40)), following=following, level=level, standing=standing, text=searched(),
        today=today(), days=_by_day([*[(due, None) for due in span], *own]), return_states=RETURN_STATES,
    )  # fmt: skip


@blueprint.get("/<uuid:report_id>")
@office_readers
def detail(report_id: UUID) -> ResponseReturnValue:
    """Show a report: its figures, what is doubted, the explanations, its parts, its story."""
    return _show(report_id)


@blueprint.post("/<uuid:report_id>/<any(accept, send_back, explain, sign):deed>")
@officer_only
def decide(report_id: UUID, deed: str) -> ResponseReturnValue:
    """Accept or send back what came in; explain or sign what the park compiled."""
    by, clock, version, zone = current_principal(), hub().clock, posted_version(), hub().settings.zone
    try:
        with hub().database.begin() as uow:
            if deed == "accept":
                accept_report(uow, report_id, version, by, clock)
            elif deed == "send_back":
                send_back_report(uow, report_id, version, request.form.get("reason", "")[:MOST_WORDS], by, clock)
            elif deed == "explain":
                said = {name.removeprefix("why-"): text for name, text in request.form.items() if name.startswith("why-")}
                explain_park(uow, report_id, version, said, by)
            else:
                sign_park(uow, zone, report_id, version, by, clock)
    except Refused as refused:
        return _show(report_id, refused.faults)
    flash(
        {"accept": _("报告已接受。"), "send_back": _("报告已退回。"), "explain": _("说明已保存。")}.get(deed) or _("已签署并报送。")
    )
    return redirect(url_for("office_reports.detail", report_id=report_id))


@blueprint.post("/compile")
@officer_only
def compile_one() -> ResponseReturnValue:
    """Compile the report of one's own park."""
    by = current_principal()
    kind, period, reason = (request.form.get(name, "")[:MOST_WORDS] for name in ("kind", "period", "reason"))
    try:
        with hub().database.begin() as uow:
            report_id = compile_park(uow, hub().settings.zone, by.node, kind, period, reason, by, hub().clock)
    except Refused as refused:
        return render_template("reports/refused.html", faults=refused.faults, office=True), 422
    flash(_("已汇总，请核对推算和差异，由另一名工作人员签署。"))
    return redirect(url_for("office_reports.detail", report_id=report_id))


def _show(report_id: UUID, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    by = current_principal()
    with hub().database.reading() as connection:
        report = report_by_id(connection, report_id)
        if report is None or (report.state == State.DRAFT and report.level == Level.FIRM):
            abort(404)  # a firm's draft is its own business until it is sent
        beside: Mapping[str, Any] = {"facts": report.facts, "former": report.former, "variances": report.variances}
        if report.state == State.DRAFT:
            beside = doubted(connection, hub().settings.zone, report, hub().clock)
        others = [
            each
            for each in editions(connection, report.author, report.period)
            if each.id != report.id and (each.level == Level.PARK or each.submitted_at)
        ]
        steps = steps_of(connection, report_id)
    mine = report.level == Level.PARK and report.node == by.node
    shown = {
        "judges": report.state == State.SUBMITTED and by.role == Role.ZONE_OFFICER and _judges(report, by),
        "compiles": mine and report.state == State.DRAFT,
        "signs": mine and report.state == State.DRAFT and report.opened_by != by.actor,
        "again": mine and report.state in (State.SENT_BACK, State.ACCEPTED, State.DRAFT, State.WITHDRAWN),
    }
    page_of = render_template(
        "reports/office.html", report=report, lines=words.lines(report, beside), doubts=beside["variances"], others=others,
        steps=steps, faults=faults, words=words, wrong={fault.pointer.strip("/"): fault for fault in faults}, **shown,
    )  # fmt: skip
    return page_of, 422 if faults else 200


def _judges(report: ReportView, by: Principal) -> bool:
    return by.node == ("" if report.to_zone else report.node)


def _own_returns(connection: Connection, span: Sequence[Due]) -> Sequence[tuple[Due, object]]:
    """The zone's own returns that are due in the month, with the newest edition of each."""
    found = []
    for each in span:
        have = newest(connection, each.period.kind, [each.period.name])
        found.append((each, have.get(each.period.name)))
    return found


def _by_day(span: Sequence[tuple[Due, object]]) -> Mapping[date, Sequence[tuple[Due, object]]]:
    found: dict[date, list[tuple[Due, object]]] = {}
    for each in sorted(span, key=lambda one: one[0].due_on):
        found.setdefault(each[0].due_on, []).append(each)
    return found


def _month(name: str) -> date:
    if not name:
        return today().replace(day=1)
    try:
        found = date.fromisoformat(f"{name}-01")
    except ValueError:
        abort(400)
    return found if 2016 < found.year < 2100 else abort(400)
