"""The list of inspectors: who may be sent for which agency, since and until when, and whose firms they must not see."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries.inspectors import InspectorView, inspector, search_inspectors
from ccezone.inspection.service import InspectorEntry, save_inspector
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.paging import PAGE, page, searched
from schemas.codes import code_list

blueprint = Blueprint("inspectors", __name__, url_prefix="/office/inspection/inspectors")
FEATURE = Feature(blueprint)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List inspectors by service number."""
    agency, after = request.args.get("agency", "")[:40], request.args.get("after", "")[:40]
    with hub().database.reading() as connection:
        rows = search_inspectors(connection, searched(), agency, after, PAGE + 1)
        known = directory(connection).by_code
    return render_template(
        "inspection/inspectors.html", page=page(rows, lambda row: row.code), text=searched(), agency=agency, known=known,
        words=words, today=words.today(), agencies=tuple(code_list("inspection_agencies").codes),
    )  # fmt: skip


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty form."""
    return _form(None, {"since": words.today().isoformat()})


@blueprint.post("/new")
@officer_only
def add() -> ResponseReturnValue:
    """Add an inspector."""
    return _save(None)


@blueprint.get("/<uuid:inspector_id>")
@officer_only
def edit(inspector_id: UUID) -> ResponseReturnValue:
    """Show an inspector to change the entry."""
    found = _found(inspector_id)
    days = {"since": found.since.isoformat(), "until": found.until.isoformat() if found.until else ""}
    named = {"code": found.code, "name": found.name, "agency": found.agency, "related": "\n".join(found.related)}
    return _form(found, {**named, **days})


@blueprint.post("/<uuid:inspector_id>")
@officer_only
def change(inspector_id: UUID) -> ResponseReturnValue:
    """Change an inspector's entry."""
    return _save(_found(inspector_id))


def _save(found: InspectorView | None) -> ResponseReturnValue:
    fields, principal = _fields(), current_principal()
    values = texts(submitted(fields))
    faults: list[Fault] = faults_of_form(fields, values)
    try:
        if faults:
            raise Refused(*faults)
        entry = _entry(values)
        with hub().database.begin() as uow:
            number = save_inspector(uow, entry, found.id if found else None, posted_version())
            record(uow, principal, "inspector.save", f"inspector:{number}", hub().clock, {"code": entry.code})
    except Refused as refused:
        return _form(found, values, refused)
    flash(_("检查人员已保存。"))
    return redirect(url_for("inspectors.listing"))


def _entry(values: Mapping[str, str]) -> InspectorEntry:
    until = read_day(values["until"], "/until") if values["until"] else None
    related = values["related"].replace(",", "\n").replace("，", "\n").split()
    return InspectorEntry(values["code"], values["name"], values["agency"], read_day(values["since"], "/since"), until, related)


def _form(found: InspectorView | None, values: Values, refused: Refused | None = None) -> ResponseReturnValue:
    form = Form(_fields(), values, refused.faults if refused else ())
    return render_template("inspection/inspector_form.html", form=form, found=found), 422 if refused else 200


def _fields() -> tuple[Field, ...]:
    agencies = words.options(tuple(code_list("inspection_agencies").codes), "inspection_agencies")
    return (
        Field("code", _l("工作编号"), required=True, max_length=20, help=_l("抽取结果以此编号公布，不公布姓名。")),
        Field("name", _l("姓名"), required=True, max_length=50),
        Field("agency", _l("部门"), "select", required=True, options=agencies),
        Field("since", _l("起始日期"), "date", required=True),
        Field("until", _l("终止日期"), "date", help=_l("不填为长期。")),
        Field("related", _l("须回避的企业代码"), "textarea", max_length=2000, help=_l("每行一个；抽取时自动回避。")),
    )


def _found(inspector_id: UUID) -> InspectorView:
    with hub().database.reading() as connection:
        return inspector(connection, inspector_id) or abort(404)
