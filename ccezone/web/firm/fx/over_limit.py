"""Settlement lines above a payment institution's limit: why they wait, and an officer's decision."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.fx.queries.parked_lines import parked_lines
from ccezone.fx.service.limits import decide_line
from ccezone.kernel.errors import NotFound, Refused
from ccezone.web.firm.fx import words
from ccezone.web.firm.fx.receipts import blueprint
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.office.parameter_words import STATUSES
from ccezone.web.shell.access import current_principal, firms_and_office, officer_only
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page

DECISION = (
    Field(
        "decision", _l("处理决定"), "select", required=True, options=tuple((code, each[0]) for code, each in words.DECIDE.items())
    ),
    Field("note", _l("理由"), required=True, max_length=500, help=_l("如：已由银行直接办理，见回单编号。")),
)


@blueprint.get("/over-limit")
@firms_and_office
def over_limit() -> ResponseReturnValue:
    """List the lines, waiting ones too."""
    return _shown(Form(DECISION))


@blueprint.post("/over-limit/<uuid:line_id>")
@officer_only
def decide_over_limit(line_id: UUID) -> ResponseReturnValue:
    """Accept or drop a line, on record."""
    values, by = texts(submitted(DECISION)), current_principal()
    try:
        if faults := faults_of_form(DECISION, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            decide_line(uow, line_id, values["decision"] == "accept", values["note"], by.actor, hub().clock)
            record(uow, by, "fx.over_limit", f"fx_parked_line:{line_id}", hub().clock, {"decision": values["decision"]})
    except NotFound:
        raise
    except Refused as refused:
        return _shown(Form(DECISION, values, refused.faults)), 422
    flash(_("已登记处理决定，对应收汇将重新匹配。"))
    return redirect(url_for("fx.over_limit"))


def _shown(form: Form) -> str:
    with hub().database.reading() as connection:
        rows = parked_lines(connection, viewer(), after_id(), PAGE + 1)
        parties = directory(connection).by_id
    may = current_principal().role == Role.ZONE_OFFICER
    return render_template(
        "fx/over_limit.html",
        page=page(rows, lambda row: row.id),
        form=form,
        parties=parties,
        words=words,
        statuses=STATUSES,
        may=may,
    )
