"""What is due about money: trade-credit reports, declarations to the balance of payments; and the indicators SAFE watches."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Role
from ccezone.accounts.service import record
from ccezone.credit.queries.fx_standing import fx_firm, report_terms
from ccezone.enterprises.queries import directory
from ccezone.fx.queries.indicators import firm_flows
from ccezone.fx.queries.reports import MOST, reported, to_report, undeclared
from ccezone.fx.rules.reports import Exposure, ReportTerms
from ccezone.fx.service.credit_reports import Made, mark_reported, withdraw_report
from ccezone.kernel.errors import NotFound, Refused
from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.queries import book, catalogue
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection
from ccezone.web.firm.fx import words
from ccezone.web.firm.fx.receipts import blueprint, today
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.office.parameter_words import STATUSES, label_of, shown
from ccezone.web.shell.access import current_principal, firms_and_office, roles_only
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.paging import PAGE, after_id, page

MARK = (
    Field("reported_on", _l("报告日期"), "date", required=True),
    Field("reference", _l("报告编号"), required=True, max_length=60, help=_l("在外汇局系统或银行办理贸易信贷报告后的编号。")),
)
_RULES = {
    "advance": ("fx.advance_report_days", "fx.credit_report_days"),
    "deferred": ("fx.collection_days.A", "fx.collection_days.BC", "fx.credit_report_days"),
    "declare": ("fx.declaration_working_days",),
    "reported": (),
}


@blueprint.get("/due")
@firms_and_office
def due() -> ResponseReturnValue:
    """List what is to be reported or declared, the oldest first, and what was reported."""
    return _due(Form(MARK, {"reported_on": today().isoformat()}))


@blueprint.post("/due/report")
@roles_only(Role.FIRM, Role.ZONE_OFFICER)
def mark() -> ResponseReturnValue:
    """Mark chosen exposures as reported."""
    values, kind = texts(submitted(MARK)), request.args.get("tab", "")
    if kind not in {each.value for each in Exposure}:
        abort(400)
    try:
        if faults := faults_of_form(MARK, values):
            raise Refused(*faults)
        day, by = read_day(values["reported_on"], "/reported_on"), current_principal()
        made = Made(Exposure(kind), request.form.getlist("subject"), day, values["reference"])
        with hub().database.begin() as uow:
            rules = book(uow.connection, hub().settings.zone)
            terms, tolerance = _terms(uow.connection, rules), rules.decimal("fx.match_tolerance", today())
            many = mark_reported(uow, viewer(), made, terms, tolerance, (by.actor, by.name), hub().clock)
            for subject in made.subjects:
                record(uow, by, "fx.credit_report", f"fx_{kind}:{subject[:40]}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _due(Form(MARK, values, refused.faults)), 422
    flash(_("已登记 %(n)s 笔贸易信贷报告。", n=many))
    return redirect(url_for("fx.due", tab=kind))


@blueprint.post("/due/<uuid:report_id>/withdraw")
@roles_only(Role.FIRM, Role.ZONE_OFFICER)
def withdraw(report_id: UUID) -> ResponseReturnValue:
    """Take a mark back that was a mistake."""
    with hub().database.begin() as uow:
        withdraw_report(uow, viewer(), report_id, hub().clock)
        record(uow, current_principal(), "fx.credit_report_withdrawn", f"fx_credit_report:{report_id}", hub().clock)
    flash(_("已撤销登记，该项目重新列入待报告。"))
    return redirect(url_for("fx.due", tab="reported"))


@blueprint.get("/indicators")
@firms_and_office
def indicators() -> ResponseReturnValue:
    """Show the indicators with their formulas and where these come from."""
    with hub().database.reading() as connection:
        rules = book(connection, hub().settings.zone)
        since = _since(rules)
        rows = firm_flows(connection, viewer(), since, today(), rules)
        parties = directory(connection).by_id
        firm = fx_firm(connection, viewer() or UUID(int=0), today(), hub().clock.now())
        individual = firm.individual or viewer() is None
        given = [_source(rules, "fx.indicator_months")]
        facility = [_source(rules, "fx.individual_yearly_facility"), _source(rules, "fx.routing.individual")] if individual else []
    return render_template(
        "fx/indicators.html", rows=rows[:MOST], more=len(rows) > MOST, parties=parties, since=since, until=today(), given=given,
        statuses=STATUSES, facility=facility,
    )  # fmt: skip


def _since(rules: ParameterBook) -> date:
    """The first day counted: after the same day of the month that many months ago."""
    months = today().year * 12 + today().month - 1 - rules.integer("fx.indicator_months", today())
    return date(months // 12, months % 12 + 1, min(today().day, 28))


def _terms(connection: Connection, rules: ParameterBook) -> ReportTerms:
    return report_terms(connection, rules, today(), hub().clock.now())


def _due(form: Form) -> str:
    tab = request.args.get("tab", "advance")
    if tab not in words.DUE_TABS:
        abort(400)
    with hub().database.reading() as connection:
        rules = book(connection, hub().settings.zone)
        terms, tolerance = _terms(connection, rules), rules.decimal("fx.match_tolerance", today())
        open_ones = {kind.value: to_report(connection, viewer(), kind, terms, tolerance) for kind in Exposure}
        days = rules.integer("fx.declaration_working_days", today())
        waiting = undeclared(connection, viewer(), days, published_calendar())
        done = page(reported(connection, viewer(), after_id(), PAGE + 1), lambda row: row.id)
        sources = [_source(rules, key) for key in _RULES[tab]]
        parties = directory(connection).by_id
    counts = {**{kind: len(rows) for kind, rows in open_ones.items()}, "declare": len(waiting), "reported": None}
    return render_template(
        "fx/due.html", tab=tab, rows=open_ones.get(tab, ()), waiting=waiting, page=done, counts=counts, form=form, given=sources,
        parties=parties, words=words, statuses=STATUSES, today=today(), may=_may(), most=MOST,
    )  # fmt: skip


def _source(rules: ParameterBook, key: str) -> dict[str, object]:
    """A rule as pages show it: its name, its value with the unit, where it stands."""
    row = rules.row(key, today())
    return {"label": label_of(key), "value": shown(row.value, catalogue()[key]), "row": row}


def _may() -> bool:
    principal = current_principal()
    return principal.role == Role.ZONE_OFFICER or (principal.role == Role.FIRM and principal.may(Permission.DECLARATIONS_WRITE))
