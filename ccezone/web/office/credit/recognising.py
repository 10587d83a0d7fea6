"""Grades that other zones, authorities and raters gave: recorded with their documents, shown beside ours, never replacing it."""

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.credit.queries.recognition import foreign_grades
from ccezone.credit.service.recognising import ForeignGrade, note_foreign_grade, take_foreign_back
from ccezone.kernel.errors import NotFound, Refused
from ccezone.web.hub import hub
from ccezone.web.office.credit import words
from ccezone.web.office.credit.days import TERM, term_of
from ccezone.web.office.credit.firms import blueprint, found
from ccezone.web.office.credit.papers import MOST_MB, handed_out, scan
from ccezone.web.office.credit.reading import today
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.rendering import problem

FIELDS = (
    Field("scheme", _l("评价方"), "select", required=True, options=tuple(words.SCHEMES.items())),
    Field("issuer", _l("出具机构"), required=True, max_length=100, help=_l("如某综试区、某主管部门或评级机构名称。")),
    Field("grade", _l("对方等级"), required=True, max_length=20, help=_l("按对方文件原样填写；对应关系由互认对照参数决定。")),
    Field("document", _l("文件名称或文号"), required=True, max_length=200),
    *TERM,
    Field("note", _l("说明"), "textarea", max_length=500),
)


@blueprint.get("/<uuid:enterprise_id>/recognition")
@officer_only
def blank_recognition(enterprise_id: UUID) -> ResponseReturnValue:
    """Show an empty form."""
    return _show(enterprise_id, Form(FIELDS, {"valid_from": today().isoformat()}))


@blueprint.post("/<uuid:enterprise_id>/recognition")
@officer_only
def recognise(enterprise_id: UUID) -> ResponseReturnValue:
    """Record a grade of others."""
    values = texts(submitted(FIELDS))
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            firm = found(uow, enterprise_id)
            named = (values["scheme"], values["issuer"], values["grade"], values["document"])
            given = ForeignGrade(*named, *term_of(values), values["note"], scan(uow, firm.id))
            note_foreign_grade(uow, firm.id, given, current_principal(), hub().clock)
    except Refused as refused:
        return _show(enterprise_id, Form(FIELDS, values, refused.faults), 422)
    flash(_("已登记，本区等级不变。"))
    return redirect(url_for("office_credit.show", enterprise_id=enterprise_id))


@blueprint.post("/<uuid:enterprise_id>/recognition/<uuid:grade_id>/revoke")
@officer_only
def revoke_recognition(enterprise_id: UUID, grade_id: UUID) -> ResponseReturnValue:
    """Take a grade of others back, with a reason; it stays on record."""
    try:
        with hub().database.begin() as uow:
            reason = request.form.get("reason", "")[:500]
            take_foreign_back(uow, enterprise_id, grade_id, reason, current_principal(), hub().clock)
    except NotFound:
        abort(404)
    except Refused as refused:
        flash(problem(refused.faults[0])[0])
        return redirect(url_for("office_credit.show", enterprise_id=enterprise_id))
    flash(_("已撤回，记录保留。"))
    return redirect(url_for("office_credit.show", enterprise_id=enterprise_id))


@blueprint.get("/<uuid:enterprise_id>/recognition/<uuid:grade_id>/file")
@office_readers
def recognition_file(enterprise_id: UUID, grade_id: UUID) -> Response:
    """Hand out the scan of a grade of others."""
    with hub().database.reading() as connection:
        known = {each.id: each.file_id for each in foreign_grades(connection, enterprise_id)}
    return handed_out(known[grade_id]) if grade_id in known else abort(404)


def _show(enterprise_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.begin() as uow:
        firm = found(uow, enterprise_id)
    return render_template("credit/recognition_form.html", firm=firm, form=form, most_mb=MOST_MB), status
