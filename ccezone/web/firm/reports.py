"""A firm's statistical reports (统计直报): what it owes by when, filling in beside the hub's own figures, sending, correcting."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import book
from ccezone.reporting.queries.calendar import Owed, Wanted, owed
from ccezone.reporting.queries.definitions import asked, dues, reporting_terms
from ccezone.reporting.queries.duties import duties, late_reports
from ccezone.reporting.queries.reports import ReportView, editions, report_by_id, steps_of
from ccezone.reporting.rules.states import Level, Standing, State
from ccezone.reporting.service.drafting import open_report, save_report, submit_report, withdraw_report
from ccezone.reporting.service.editions import MOST_WORDS, doubted
from ccezone.storage import Connection
from ccezone.web.firm import report_words as words
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import posted_version
from schemas.codes import code_list

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
_BACK, _AHEAD = timedelta(days=190), timedelta(days=31)
_MOST_COUNTRIES, _BLANK_COUNTRIES, _MOST_ROWS = 60, 3, 60
_OPEN = (Standing.DUE, Standing.LATE, Standing.SENT_BACK)


def _waiting(connection: Connection, principal: Principal) -> int:
    if principal.enterprise_id is None or not duties(connection, principal.enterprise_id, limit=1):
        return 0
    return sum(each.standing in _OPEN for each in _owed(connection, principal.enterprise_id))


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT, _l("统计直报"), "reports.listing", FIRM, order=66, note=_l("应报什么、何时到期，填报、更正、审核结果")
        ),
    ),
    todo=(Todo(_l("统计报告待报送"), "reports.listing", FIRM, _waiting),),
)


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """Show what the firm owes, by when, and how each report stands."""
    firm = current_enterprise_id()
    with hub().database.reading() as connection:
        rows = _owed(connection, firm)
        orders = duties(connection, firm, limit=5)
        late = late_reports(connection, firm, limit=20)
    rows = sorted(rows, key=lambda row: (row.standing not in _OPEN, -row.due_on.toordinal() if row.standing not in _OPEN else 0))
    return render_template("reports/listing.html", rows=rows, orders=orders, late=late, words=words, today=today())


@blueprint.post("/<any(weekly, monthly, quarterly, half_year, yearly):kind>/<period>")
@firm_only
def begin(kind: str, period: str) -> ResponseReturnValue:
    """Begin an edition of what is owed."""
    try:
        with hub().database.begin() as uow:
            reason = request.form.get("reason", "")[:MOST_WORDS]
            report_id = open_report(uow, current_enterprise_id(), kind, period[:12], reason, current_principal(), hub().clock)
    except Refused as refused:
        return _refused(refused.faults)
    return redirect(url_for("reports.detail", report_id=report_id))


@blueprint.get("/<uuid:report_id>")
@firm_only
def detail(report_id: UUID) -> ResponseReturnValue:
    """Show a report: to fill in while it is a draft, else as it was sent."""
    return _show(report_id)


@blueprint.post("/<uuid:report_id>")
@firm_only
def save(report_id: UUID) -> ResponseReturnValue:
    """Keep what was typed, and with ``deed=submit`` send it."""
    firm, typed, said = current_enterprise_id(), _typed(_own(report_id)), _explained()
    try:
        with hub().database.begin() as uow:
            save_report(uow, firm, report_id, posted_version(), typed, said)
    except Refused as refused:
        return _show(report_id, refused.faults, typed, said)
    if request.form.get("deed") != "submit":
        flash(_("草稿已保存。"))
        return redirect(url_for("reports.detail", report_id=report_id))
    try:
        with hub().database.begin() as uow:
            submit_report(uow, hub().settings.zone, firm, report_id, _own(report_id).version, current_principal(), hub().clock)
    except Refused as refused:
        return _show(report_id, refused.faults)
    flash(_("报告已报送。"))
    return redirect(url_for("reports.detail", report_id=report_id))


@blueprint.post("/<uuid:report_id>/withdraw")
@firm_only
def withdraw(report_id: UUID) -> ResponseReturnValue:
    """Take back what nobody has judged yet."""
    try:
        with hub().database.begin() as uow:
            withdraw_report(uow, current_enterprise_id(), report_id, posted_version(), current_principal(), hub().clock)
    except Refused as refused:
        return _show(report_id, refused.faults)
    flash(_("报告已撤回，可重新填报。"))
    return redirect(url_for("reports.detail", report_id=report_id))


def today() -> date:
    """The day it is in the zone."""
    return hub().clock.now().astimezone(SHANGHAI).date()


def _owed(connection: Connection, firm: UUID) -> Sequence[Owed]:
    known = book(connection, hub().settings.zone)
    span = dues(known, Level.FIRM, today() - _BACK, today() + _AHEAD)
    return owed(connection, Wanted(span, today(), reporting_terms(known, today()).grace_days, firm=firm), limit=_MOST_ROWS)


def _own(report_id: UUID) -> ReportView:
    with hub().database.reading() as connection:
        return report_by_id(connection, report_id, current_enterprise_id()) or abort(404)


def _typed(report: ReportView) -> dict[str, str]:
    """Read the form: a line an indicator, and a line a country."""
    plain = [each.key for each in asked(report.kind) if not each.by_country]
    typed = {key: request.form.get(key, "")[:40] for key in plain}
    for number in range(_MOST_COUNTRIES):
        code = (request.form.get(f"country-{number}", "").split() or [""])[0][:10]
        for each in asked(report.kind) if code else ():
            if each.by_country:
                typed[f"{each.key}.{code}"] = request.form.get(f"{each.key}-{number}", "")[:40]
    return typed


def _explained() -> dict[str, str]:
    return {name.removeprefix("why-"): text for name, text in request.form.items() if name.startswith("why-")}


def _show(
    report_id: UUID, faults: Sequence[Fault] = (), typed: Mapping[str, str] | None = None, said: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    report = _own(report_id)
    with hub().database.reading() as connection:
        beside: Mapping[str, Any] = {"facts": report.facts, "former": report.former, "variances": report.variances}
        if report.state == State.DRAFT:
            beside = doubted(connection, hub().settings.zone, report, hub().clock)
        others = [each for each in editions(connection, report.author, report.period) if each.id != report.id]
        steps = steps_of(connection, report_id)
    shown = {
        "typed": dict(report.figures) if typed is None else typed,
        "said": dict(report.explanations) if said is None else said,
        "wrong": {fault.pointer.strip("/"): fault for fault in faults},
        "countries": _countries(report, beside, typed or {}),
        "country_names": code_list("countries").items(),
        "newest": not others or report.edition > max(each.edition for each in others),
        "editable": report.state == State.DRAFT,
    }
    page = render_template(
        "reports/detail.html", report=report, lines=words.lines(report, beside), doubts=beside["variances"], others=others,
        steps=steps, faults=faults, words=words, today=today(), beside=beside, **shown,
    )  # fmt: skip
    return page, 422 if faults else 200


def _countries(report: ReportView, beside: Mapping[str, Any], typed: Mapping[str, str]) -> Sequence[str]:
    """Return the countries the form has lines for, and some blank ones."""
    if not any(each.by_country for each in asked(report.kind)):
        return ()
    known = {key.partition(".")[2] for source in (report.figures, beside["facts"], typed) for key in source if "." in key}
    return [*sorted(known)[: _MOST_COUNTRIES - _BLANK_COUNTRIES], *[""] * _BLANK_COUNTRIES]


def _refused(faults: Sequence[Fault]) -> ResponseReturnValue:
    return render_template("reports/refused.html", faults=faults), 422
