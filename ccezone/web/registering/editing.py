"""Filling an application in, section by section: saved as typed, judged at once, sent when nothing is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from ccezone.cases.queries import read_file
from ccezone.enterprises import service
from ccezone.enterprises.rules.applying import PERSONAL, Licence, Section, fact_faults
from ccezone.kernel.errors import Fault, Refused, Stale
from ccezone.web.hub import hub
from ccezone.web.registering import words
from ccezone.web.registering.fields import LICENCE_FIELDS, BadDay, day_or_none, fields_of
from ccezone.web.registering.reading import Page, Place, opened
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, posted_version, submitted, texts

Editing = Callable[[Place], ResponseReturnValue]
"""A page of an application at a place."""


def overview(place: Place) -> ResponseReturnValue:
    """Show where an application stands, its steps, and what comes next."""
    return render_template("registration/overview.html", **_frame(place, opened(place.application_id)))


def section(place: Place, name: str) -> ResponseReturnValue:
    """Show a section to fill it in."""
    page, wanted = opened(place.application_id), _section(name)
    return _show(place, page, wanted, Form(_fields(page, wanted), _values(page)))


def save(place: Place, name: str) -> ResponseReturnValue:
    """Save a section as typed; go on when nothing is wrong with it or the applicant goes on later."""
    page, wanted = opened(place.application_id), _section(name)
    roles = request.form.getlist("roles") if wanted is Section.IDENTITY else None
    fields = _fields(page, wanted) if not roles else fields_of(roles, wanted, page.nodes, page.today)
    values = submitted(fields)
    faults = _typed_faults(fields, values, roles)
    if not faults:
        try:
            _store(place, values, roles)
        except Stale:
            return _stale(place, wanted, fields, values)
    held = roles if roles is not None else page.found.row.roles
    shown = faults or fact_faults({**page.found.all_facts, **values}, held, wanted)
    if shown and (faults or request.form.get("then") != "later"):
        return _show(place, opened(place.application_id), wanted, Form(fields, values, shown), 422)
    if request.form.get("then") == "later":
        flash(_("已保存，可以稍后继续填写。"))
        return redirect(place.at("overview"))
    following = opened(place.application_id).next_section(wanted)
    return redirect(place.at("section", name=following.value) if following else place.at("review"))


def add_licence(place: Place) -> ResponseReturnValue:
    """Add a licence with its scan."""
    values = texts(submitted(LICENCE_FIELDS))
    page = opened(place.application_id)
    try:
        faults = faults_of_form(LICENCE_FIELDS, values)
        if faults:
            raise Refused(*faults)
        with hub().database.begin() as uow:
            most = page.terms.file_most_mb
            service.add_licence(uow, hub().vault, place.application_id, _licence(values), _upload("file"), most, hub().clock)
    except Refused as refused:
        return _show(place, page, Section.LICENCES, Form(LICENCE_FIELDS, values, refused.faults), 422)
    flash(_("证照已添加。"))
    return redirect(place.at("section", name=Section.LICENCES.value))


def drop_licence(place: Place, position: int) -> ResponseReturnValue:
    """Take a licence out."""
    with hub().database.begin() as uow:
        service.drop_licence(uow, place.application_id, position, hub().clock)
    return redirect(place.at("section", name=Section.LICENCES.value))


def attach(place: Place) -> ResponseReturnValue:
    """Attach a file."""
    page, scan = opened(place.application_id), _upload("file")
    try:
        if scan is None:
            raise Refused(Fault("/file", "required"))
        with hub().database.begin() as uow:
            service.attach(uow, hub().vault, place.application_id, "other", scan, page.terms.file_most_mb, hub().clock)
    except Refused as refused:
        return _show(place, page, Section.FILES, Form((), {}, refused.faults), 422)
    return redirect(place.at("section", name=Section.FILES.value))


def detach(place: Place) -> ResponseReturnValue:
    """Take a file out."""
    page = opened(place.application_id)
    known = next((each for each in page.found.files if str(each.id) == request.form.get("file")), None)
    if known is None:
        abort(404)
    with hub().database.begin() as uow:
        service.detach(uow, place.application_id, known.id, hub().clock)
    return redirect(place.at("section", name=Section.FILES.value))


def review(place: Place) -> ResponseReturnValue:
    """Show everything stated, to be checked before it is sent."""
    return _review(place, opened(place.application_id))


def submit(place: Place) -> ResponseReturnValue:
    """Send the application."""
    page = opened(place.application_id)
    if not request.form.get("consent"):
        return _review(place, page, [Fault("/consent", "consent_needed")])
    try:
        with hub().database.begin() as uow:
            service.submit(uow, hub().vault, place.application_id, page.required, place.actor, hub().clock)
    except Refused as refused:
        return _review(place, page, refused.faults)
    flash(_("申请已提交。审核结果会发送到联系邮箱。"))
    return redirect(place.at("overview"))


def withdraw(place: Place) -> ResponseReturnValue:
    """Take the application back."""
    with hub().database.begin() as uow:
        service.withdraw(uow, place.application_id, place.actor, hub().clock)
    flash(_("申请已撤回。"))
    return redirect(place.at("overview"))


def scan(page: Page, file_id: str) -> Response:
    """Hand out a file of an application: as a download, never to be run in the browser; 404 for any other file."""
    known = {str(each.id) for each in page.found.files} | {licence.file_id for licence in page.found.licences}
    if file_id not in known or not file_id:
        abort(404)
    with hub().database.reading() as connection:
        try:
            content = read_file(connection, hub().vault, UUID(file_id))
        except LookupError:
            abort(404)
    kinds = {b"%PDF": ("application/pdf", "pdf"), b"\x89PNG": ("image/png", "png")}
    media, ending = kinds.get(content[:4], ("image/jpeg", "jpg"))
    headers = {"Content-Disposition": f'attachment; filename="{page.found.row.reference}-{file_id[-8:]}.{ending}"'}
    return Response(content, mimetype=media, headers=headers)


def _frame(place: Place, page: Page) -> Mapping[str, object]:
    return {"place": place, "page": page, "found": page.found, "row": page.found.row, "words": words}


def _show(
    place: Place, page: Page, wanted: Section, form: Form, status: int = 200, theirs: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    if not page.found.row.editable:
        return redirect(place.at("overview"))
    template = {Section.LICENCES: "licences", Section.FILES: "files"}.get(wanted, "section")
    if template == "licences" and not form.fields:
        form = replace(form, fields=LICENCE_FIELDS)
    more = {"section": wanted, "form": form, "theirs": theirs or {}}
    return render_template(f"registration/{template}.html", **_frame(place, page), **more), status


def _review(place: Place, page: Page, faults: Sequence[Fault] | None = None) -> ResponseReturnValue:
    if not page.found.row.editable:
        return redirect(place.at("overview"))
    every = [field for state in page.sections for field in _fields(page, state.section)]
    form = Form([*every, *LICENCE_FIELDS], {}, page.faults if faults is None else faults)
    fields = {state.section: [field for field in _fields(page, state.section) if field.name != "roles"] for state in page.sections}
    return render_template("registration/review.html", **_frame(place, page), form=form, fields=fields), 422 if faults else 200


def _stale(place: Place, wanted: Section, fields: Sequence[Field], values: Values) -> ResponseReturnValue:
    """Keep what was typed, and show beside it what somebody else saved meanwhile."""
    page = opened(place.application_id)
    saved = _values(page)
    theirs = {field.name: page.said(field.name) for field in fields if saved.get(field.name, "") != values.get(field.name, "")}
    return _show(place, page, wanted, Form(fields, values, [Fault("", "changed_meanwhile")]), 409, theirs)


def _typed_faults(fields: Sequence[Field], values: Values, roles: Sequence[str] | None) -> list[Fault]:
    """Faults that keep a section from being saved even as a draft: too long, no such choice, no role."""
    unsavable = [fault for fault in faults_of_form(fields, values) if fault.code not in ("required", "not_a_number")]
    return unsavable + (service.role_faults(roles) if roles is not None else [])


def _store(place: Place, values: Values, roles: Sequence[str] | None) -> None:
    facts = {name: value for name, value in values.items() if name not in PERSONAL and name != "roles"}
    for name in ("uscc", "customs_code"):
        if name in facts:
            facts[name] = str(facts[name]).upper()
    personal = {name: str(value) for name, value in values.items() if name in PERSONAL}
    with hub().database.begin() as uow:
        service.save_section(uow, hub().vault, place.application_id, posted_version(), facts, personal, hub().clock, roles)


def _licence(values: Mapping[str, str]) -> Licence:
    try:
        issued, expires = (day_or_none(values[name], f"/{name}") for name in ("issued_on", "expires_on"))
    except BadDay as bad:
        raise Refused(bad.fault) from None
    return Licence(values["kind"], values["number"], values["issued_by"], issued, expires)


def _upload(name: str) -> tuple[str, bytes] | None:
    given: FileStorage | None = request.files.get(name)
    return (given.filename, given.read()) if given and given.filename else None


def _fields(page: Page, wanted: Section) -> tuple[Field, ...]:
    return fields_of(page.found.row.roles, wanted, page.nodes, page.today)


def _values(page: Page) -> dict[str, str | Sequence[str]]:
    return {**page.found.all_facts, "roles": page.found.row.roles}


def _section(name: str) -> Section:
    try:
        return Section(name)
    except ValueError:
        abort(404)
