"""Who has to report what (orders to firms, key enterprises directly to the zone), and the list of late reports with excuses."""

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.reporting.queries.duties import duties, late_reports
from ccezone.reporting.service.duties import DutyEntry, end_duty, order_duty
from ccezone.reporting.service.editions import MOST_WORDS
from ccezone.reporting.service.keeping import excuse
from ccezone.web.firm import report_words as words
from ccezone.web.firm.reports import today
from ccezone.web.hub import hub
from ccezone.web.office.return_words import KINDS
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("reporting_orders", __name__, url_prefix="/office/reporting")
FEATURE = Feature(blueprint)
_FIELDS = (
    Field("code", _l("统一社会信用代码或海关编码"), required=True, max_length=18),
    Field("kinds", _l("报表种类"), "checkboxes", required=True, options=tuple(KINDS.items())),
    Field("since", _l("自何日起（报告期末在该日及以后）"), "date", required=True, max_length=10),
    Field("document", _l("依据文件"), required=True, max_length=200),
    Field("direct", _l("重点企业，直接向综试区报送"), "checkbox"),
)


@blueprint.get("/orders")
@office_readers
def orders() -> ResponseReturnValue:
    """List the orders, the newest first."""
    return _orders(Form(_FIELDS, {"kinds": ["monthly"], "since": today().replace(day=1).isoformat()}))


@blueprint.post("/orders")
@officer_only
def order() -> ResponseReturnValue:
    """Order a firm to report; the order it had ends."""
    values = submitted(_FIELDS)
    try:
        if faults := faults_of_form(_FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            order_duty(uow, _entry(values), current_principal(), hub().clock)
    except Refused as refused:
        return _orders(Form(_FIELDS, values, refused.faults), 422)
    flash(_("已下达报送任务。"))
    return redirect(url_for("reporting_orders.orders"))


@blueprint.post("/orders/<uuid:duty_id>/end")
@officer_only
def end(duty_id: UUID) -> ResponseReturnValue:
    """End an order today."""
    try:
        with hub().database.begin() as uow:
            end_duty(uow, duty_id, today(), current_principal(), hub().clock)
    except NotFound:
        abort(404)
    except Refused as refused:
        return _orders(Form(_FIELDS, {}, refused.faults), 422)
    flash(_("报送任务已终止。"))
    return redirect(url_for("reporting_orders.orders"))


@blueprint.get("/late")
@office_readers
def late() -> ResponseReturnValue:
    """List late reports, the newest first."""
    return _late()


@blueprint.post("/late/<uuid:late_id>/excuse")
@officer_only
def excuse_one(late_id: UUID) -> ResponseReturnValue:
    """Excuse a late report, with the reason."""
    try:
        with hub().database.begin() as uow:
            reason = request.form.get("reason", "")[:MOST_WORDS]
            excuse(uow, hub().settings.zone, late_id, reason, current_principal(), hub().clock)
    except NotFound:
        abort(404)
    except Refused as refused:
        return _late(refused.faults[0])
    flash(_("已免责，不再计入信用。"))
    return redirect(url_for("reporting_orders.late"))


def _entry(values: Values) -> DutyEntry:
    typed, kinds = texts(values), values["kinds"]
    try:
        since = date.fromisoformat(typed["since"])
    except ValueError:
        raise Refused(Fault("/since", "bad_day", {"value": typed["since"]})) from None
    return DutyEntry(typed["code"], [] if isinstance(kinds, str) else kinds, bool(typed.get("direct")), since, typed["document"])


def _orders(form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = duties(connection, None, searched(), after_id(), PAGE + 1)
    whole = not current_principal().node
    shown = page(rows, lambda row: row.id)
    return render_template("reports/orders.html", page=shown, form=form, words=words, text=searched(), whole=whole), status


def _late(fault: Fault | None = None) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = late_reports(connection, None, after_id(), PAGE + 1)
    shown = page(rows, lambda row: row.id)
    return render_template("reports/late.html", page=shown, words=words, fault=fault), 422 if fault else 200
