"""Agencies that state evidence through their own connection: who is authorised for what, by which document, until when."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.credit.queries import all_sources
from ccezone.credit.service import authorise_source, end_source
from ccezone.kernel.errors import NotFound, Refused
from ccezone.web.hub import hub
from ccezone.web.office.credit import words
from ccezone.web.office.credit.days import TERM, term_of
from ccezone.web.office.credit.reading import today
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts

blueprint = Blueprint("evidence_sources", __name__, url_prefix="/office/credit-sources")
FEATURE = Feature(blueprint)
FIELDS = (
    Field("uscc", _l("统一社会信用代码"), required=True, max_length=18, help=_l("该部门须已在平台登记，并由其账号签发接口凭证。")),
    Field("source", _l("证据来源"), "select", required=True, options=tuple(words.SOURCES.items())),
    Field("document", _l("授权文件"), required=True, max_length=200),
    *TERM,
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List authorisations, and offer the form."""
    return _show(Form(FIELDS, {"valid_from": today().isoformat()}))


@blueprint.post("")
@officer_only
def add() -> ResponseReturnValue:
    """Authorise an agency."""
    values = texts(submitted(FIELDS))
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            named = (values["uscc"], values["source"], values["document"])
            authorise_source(uow, *named, term_of(values), current_principal(), hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), 422)
    flash(_("授权已登记，即时生效。"))
    return redirect(url_for("evidence_sources.listing"))


@blueprint.post("/<uuid:source_id>/end")
@officer_only
def end(source_id: UUID) -> ResponseReturnValue:
    """End an authorisation at once; what was stated stays."""
    try:
        with hub().database.begin() as uow:
            end_source(uow, source_id, current_principal(), hub().clock)
    except NotFound:
        abort(404)
    flash(_("授权已终止，已登记的证据不受影响。"))
    return redirect(url_for("evidence_sources.listing"))


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = all_sources(connection)
    return render_template("credit/sources.html", rows=rows, form=form, words=words, today=today()), status
