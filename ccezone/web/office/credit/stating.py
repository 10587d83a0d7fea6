"""Stating evidence from outside by form, with its document; taking it back; looking at its scan."""

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.credit.queries import evidence_named
from ccezone.credit.rules.scoring import CLASSES, OUTSIDE, Factor
from ccezone.credit.service import Statement, rejudge, state, take_back
from ccezone.kernel.errors import Refused
from ccezone.web.hub import hub
from ccezone.web.office.credit import words
from ccezone.web.office.credit.firms import blueprint, found
from ccezone.web.office.credit.papers import MOST_MB, handed_out, scan
from ccezone.web.office.credit.reading import today
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.rendering import problem


@blueprint.get("/<uuid:enterprise_id>/evidence")
@officer_only
def blank(enterprise_id: UUID) -> ResponseReturnValue:
    """Show an empty form, or one for a factor."""
    factor = request.args.get("factor", "")
    return _show(enterprise_id, Form(_fields(), {"factor": factor, "valid_from": today().isoformat()}))


@blueprint.post("/<uuid:enterprise_id>/evidence")
@officer_only
def enter(enterprise_id: UUID) -> ResponseReturnValue:
    """Record what a document states; the enterprise is judged at once."""
    fields = _fields()
    values = texts(submitted(fields))
    faults = faults_of_form(fields, values)
    try:
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            firm = found(uow, enterprise_id)
            statement = _statement(values, scan(uow, firm.id))
            by = current_principal()
            number = state(uow, firm.id, statement, by.actor, hub().clock)
            rejudge(uow, hub().settings.zone, [firm.id], hub().clock)
            record(uow, by, "credit.evidence", f"enterprise:{firm.id}", hub().clock, {"evidence": str(number)})
    except Refused as refused:
        return _show(enterprise_id, Form(fields, values, refused.faults), 422)
    flash(_("证据已登记，信用等级已重新评定。"))
    return redirect(url_for("office_credit.show", enterprise_id=enterprise_id))


@blueprint.post("/<uuid:enterprise_id>/evidence/<uuid:evidence_id>/revoke")
@officer_only
def revoke(enterprise_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Take a piece of evidence back, with a reason; it stays on record."""
    try:
        with hub().database.begin() as uow:
            by = current_principal()
            owner = take_back(uow, evidence_id, request.form.get("reason", "")[:500], by.actor, hub().clock)
            if owner != enterprise_id:
                abort(404)
            rejudge(uow, hub().settings.zone, [owner], hub().clock)
            record(uow, by, "credit.evidence_back", f"enterprise:{owner}", hub().clock, {"evidence": str(evidence_id)})
    except Refused as refused:
        flash(problem(refused.faults[0])[0])
        return redirect(url_for("office_credit.show", enterprise_id=enterprise_id))
    flash(_("证据已撤回，记录保留。"))
    return redirect(url_for("office_credit.show", enterprise_id=enterprise_id))


@blueprint.get("/<uuid:enterprise_id>/evidence/<uuid:evidence_id>/file")
@office_readers
def file(enterprise_id: UUID, evidence_id: UUID) -> Response:
    """Hand out the scan of a piece of evidence."""
    with hub().database.reading() as connection:
        found = evidence_named(connection, enterprise_id, [evidence_id])
    return handed_out(found[0].file_id if found else None)


def _statement(values: dict[str, str], file_id: UUID | None) -> Statement:
    days = {name: read_day(values[name], f"/{name}") if values[name] else None for name in ("valid_from", "valid_to")}
    factor, _colon, value = values["value"].partition(":")
    begins = days["valid_from"] or today()
    named = (values["issuer"], values["document"])
    return Statement(factor, value, *named, begins, days["valid_to"], values["note"], file_id)


def _fields() -> list[Field]:
    known = tuple(
        (f"{factor}:{name}", f"{words.factor(factor)} — {words.value(factor, name)}")
        for factor in OUTSIDE
        for name in CLASSES[Factor(factor)]
    )
    return [
        Field("value", _l("评价结果"), "select", required=True, options=known),
        Field("issuer", _l("出具机构"), required=True, max_length=100, help=_l("如海关、税务局、外汇局或评级机构名称。")),
        Field("document", _l("文件名称或文号"), required=True, max_length=200),
        Field("valid_from", _l("有效期起"), "date", required=True),
        Field("valid_to", _l("有效期止"), "date", help=_l("留空表示长期有效，直到有新的结果。")),
        Field("note", _l("说明"), "textarea", max_length=500),
    ]


def _show(enterprise_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.begin() as uow:
        firm = found(uow, enterprise_id)
    return render_template("credit/evidence.html", firm=firm, form=form, most_mb=MOST_MB), status
