"""The general-taxpayer pilot of a firm: an officer sets it by a document and ends it with a reason; the history stays."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.enterprises.queries import EnterpriseView
from ccezone.enterprises.queries import enterprise as enterprise_of
from ccezone.kernel.errors import NotFound, Refused
from ccezone.tax_refunds.queries.pilots import open_pilot, pilots_of
from ccezone.tax_refunds.service.pilots import Taking, end_pilot, set_pilot
from ccezone.web.firm.fx.receipts import today
from ccezone.web.firm.refunds import voucher_words as words
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.moments import read_day

blueprint = Blueprint("taxpayer_pilots", __name__, url_prefix="/office/enterprises")
FEATURE = Feature(blueprint)
TAKING = (
    Field("document", _l("批准文件"), required=True, max_length=200, help=_l("文件名称或文号。")),
    Field("begins_on", _l("试点起始日"), "date", required=True),
    Field("ends_on", _l("试点截止日"), "date", help=_l("文件写明截止日的填写，最后一天。")),
)
ENDING = (
    Field("ended_on", _l("终止日期"), "date", required=True, help=_l("从这一天起不再试点。")),
    Field("reason", _l("终止原因"), "textarea", required=True, max_length=500),
)


@blueprint.get("/<uuid:enterprise_id>/taxpayer-pilot")
@office_readers
def show(enterprise_id: UUID) -> ResponseReturnValue:
    """Show a firm's parts in the pilot, and the form for what comes next."""
    return _show(_firm(enterprise_id), None)


@blueprint.post("/<uuid:enterprise_id>/taxpayer-pilot")
@officer_only
def begin(enterprise_id: UUID) -> ResponseReturnValue:
    """Let a firm take part."""
    firm, values = _firm(enterprise_id), texts(submitted(TAKING))
    try:
        if faults := faults_of_form(TAKING, values):
            raise Refused(*faults)
        ends = read_day(values["ends_on"], "/ends_on") if values["ends_on"] else None
        taking = Taking(values["document"], read_day(values["begins_on"], "/begins_on"), ends)
        with hub().database.begin() as uow:
            set_pilot(uow, enterprise_id, taking, current_principal(), hub().clock)
    except Refused as refused:
        return _show(firm, Form(TAKING, values, refused.faults), 422)
    flash(_("一般纳税人资格试点已登记。"))
    return redirect(url_for("taxpayer_pilots.show", enterprise_id=enterprise_id))


@blueprint.post("/<uuid:enterprise_id>/taxpayer-pilot/end")
@officer_only
def end(enterprise_id: UUID) -> ResponseReturnValue:
    """End a firm's part."""
    firm, values = _firm(enterprise_id), texts(submitted(ENDING))
    try:
        if faults := faults_of_form(ENDING, values):
            raise Refused(*faults)
        day = read_day(values["ended_on"], "/ended_on")
        with hub().database.begin() as uow:
            end_pilot(uow, enterprise_id, posted_version(), day, values["reason"], current_principal(), hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(firm, Form(ENDING, values, refused.faults), 422)
    flash(_("一般纳税人资格试点已终止。"))
    return redirect(url_for("taxpayer_pilots.show", enterprise_id=enterprise_id))


def _firm(enterprise_id: UUID) -> EnterpriseView:
    with hub().database.reading() as connection:
        return enterprise_of(connection, enterprise_id) or abort(404)


def _show(firm: EnterpriseView, form: Form | None, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        history, current = pilots_of(connection, firm.id), open_pilot(connection, firm.id)
    may = current_principal().role == Role.ZONE_OFFICER
    return render_template(
        "office/taxpayer_pilot.html", enterprise=firm, history=history, current=current, may=may, words=words, today=today(),
        form=form or Form(ENDING if current else TAKING),
    ), status  # fmt: skip
