"""Credit records of persons: opened only with a reason, which is kept; evidence is added and taken back, never changed.

Numbers are typed into forms only: they stand in no address, so in no log.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.queries import names_of
from ccezone.credit.queries.persons import PersonRecord, person_file, person_looks, person_record
from ccezone.credit.rules.persons import ADVERSE, MOST_REASON, PersonViewer
from ccezone.credit.service.persons import PersonStatement, look_at_number, look_at_person, state_about_person, take_person_back
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub
from ccezone.web.office.credit import words
from ccezone.web.office.credit.days import TERM, term_of
from ccezone.web.office.credit.papers import MOST_MB, handed_out, scan
from ccezone.web.office.credit.reading import today
from ccezone.web.shell.access import READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page
from ccezone.web.shell.rendering import problem

blueprint = Blueprint("credit_persons", __name__, url_prefix="/office/credit-persons")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("个人信用"),
            "credit_persons.ask",
            READERS,
            order=62,
            note=_l("法定代表人、购买人等个人的信用记录，查询须写明理由"),
        ),
    ),
)
WHY = (
    Field("viewer", _l("查询身份"), "select", required=True, options=tuple(words.PERSON_VIEWERS.items())),
    Field("reason", _l("查询理由"), "textarea", required=True, max_length=MOST_REASON, help=_l("写明办理的事项，将永久保留。")),
)
ASK = (Field("id_number", _l("居民身份证号码"), required=True, max_length=18, help=_l("只用于比对，不保存在查询记录中。")), *WHY)
FIELDS = (
    Field("name", _l("姓名"), required=True, max_length=60, help=_l("加密保存。")),
    Field("id_number", _l("居民身份证号码"), required=True, max_length=18, help=_l("加密保存，只以摘要比对。")),
    Field("kind", _l("内容"), "select", required=True, codes="credit_person_kinds"),
    Field("enterprise", _l("相关企业"), max_length=18, help=_l("任职信息必填；填统一社会信用代码。")),
    Field("issuer", _l("出具机构"), required=True, max_length=100),
    Field("document", _l("文件名称或文号"), required=True, max_length=200),
    *TERM,
    Field("note", _l("说明"), "textarea", max_length=500),
)


@blueprint.get("")
@office_readers
def ask() -> ResponseReturnValue:
    """Ask for a number and a reason; show who looked lately."""
    return _ask(Form(ASK))


@blueprint.post("")
@officer_only
def look() -> ResponseReturnValue:
    """Keep the look, then open the record to whoever looked."""
    values = texts(submitted(ASK))
    try:
        with hub().database.begin() as uow:
            asked = (values["id_number"], values["reason"], values["viewer"])
            number = look_at_number(uow, hub().vault, *asked, current_principal(), hub().clock)
    except Refused as refused:
        return _ask(Form(ASK, values, refused.faults), 422)
    return redirect(url_for("credit_persons.show", look_id=number), 303)


@blueprint.post("/of/<uuid:person_id>")
@officer_only
def look_from_firm(person_id: UUID) -> ResponseReturnValue:
    """Open the record of a person an enterprise is known to have, with a reason like any other."""
    try:
        with hub().database.begin() as uow:
            reason = request.form.get("reason", "")
            by = current_principal()
            number = look_at_person(uow, person_id, reason, PersonViewer.OFFICE.value, by, hub().clock)
    except NotFound:
        abort(404)
    except Refused as refused:
        flash(problem(refused.faults[0])[0])
        return redirect(url_for("credit_persons.ask"))
    return redirect(url_for("credit_persons.show", look_id=number), 303)


@blueprint.get("/looks/<uuid:look_id>")
@officer_only
def show(look_id: UUID) -> ResponseReturnValue:
    """Show the record a look opened, for half an hour."""
    with hub().database.reading() as connection:
        found = person_record(connection, hub().vault, look_id, current_principal().actor, hub().clock.now())
        if found is None:
            abort(404)
        people = names_of(connection, _ids([each.actor for each in found.looks]))
    return render_template("credit/person.html", found=found, words=words, adverse=ADVERSE, name=_namer(people), today=today())


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty form of evidence."""
    return _show(Form(FIELDS, {"valid_from": today().isoformat()}))


@blueprint.post("/new")
@officer_only
def enter() -> ResponseReturnValue:
    """Record evidence about a person."""
    values = texts(submitted(FIELDS))
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            named = (values["name"], values["id_number"], values["kind"], values["issuer"], values["document"])
            term = term_of(values)
            said = PersonStatement(*named, *term, values["enterprise"], values["note"], scan(uow, None))
            state_about_person(uow, hub().vault, said, current_principal(), hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), 422)
    flash(_("证据已登记。查看该人记录须另行查询。"))
    return redirect(url_for("credit_persons.ask"))


@blueprint.post("/looks/<uuid:look_id>/evidence/<uuid:evidence_id>/revoke")
@officer_only
def revoke(look_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Take a piece of evidence back, with a reason; it stays on record."""
    try:
        with hub().database.begin() as uow:
            found = _opened(uow, look_id)
            reason = request.form.get("reason", "")[:500]
            take_person_back(uow, found.id or abort(404), evidence_id, reason, current_principal(), hub().clock)
    except NotFound:
        abort(404)
    except Refused as refused:
        flash(problem(refused.faults[0])[0])
        return redirect(url_for("credit_persons.show", look_id=look_id))
    flash(_("证据已撤回，记录保留。"))
    return redirect(url_for("credit_persons.show", look_id=look_id))


@blueprint.get("/looks/<uuid:look_id>/evidence/<uuid:evidence_id>/file")
@officer_only
def file(look_id: UUID, evidence_id: UUID) -> Response:
    """Hand out a scan, while the look is open."""
    with hub().database.begin() as uow:
        found = _opened(uow, look_id)
        known = person_file(uow.connection, found.id, evidence_id) if found.id else None
    return handed_out(known)


def _opened(uow: UnitOfWork, look_id: UUID) -> PersonRecord:
    found = person_record(uow.connection, hub().vault, look_id, current_principal().actor, hub().clock.now())
    return found or abort(404)


def _ask(form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = person_looks(connection, after_id(), PAGE + 1)
        people = names_of(connection, _ids([row.actor for row in rows]))
    shown = page(rows, lambda row: row.id)
    return render_template("credit/persons.html", form=form, page=shown, words=words, name=_namer(people)), status


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("credit/person_form.html", form=form, most_mb=MOST_MB), status


def _ids(actors: Sequence[str]) -> list[UUID]:
    return [UUID(actor.removeprefix("user:")) for actor in actors if actor.startswith("user:")]


def _namer(people: Mapping[UUID, str]) -> Callable[[str], str]:
    """Return what names an actor, where somebody is known by it."""
    return lambda actor: next((people[each] for each in _ids([actor]) if each in people), actor)
