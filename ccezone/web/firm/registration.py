"""A firm's own registration: what is registered, its licences and certificate, and amendments that the office approves."""

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.enterprises import service
from ccezone.enterprises.queries import enterprise, live_paper
from ccezone.enterprises.queries.applications import application, open_amendment, search_applications
from ccezone.enterprises.queries.licences import count_licences_ending, licences_of, profile_of
from ccezone.enterprises.queries.papers import REGISTRATION
from ccezone.enterprises.rules.applying import ApplicationState, asked_of
from ccezone.kernel.clock import SHANGHAI
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.registering import editing, words
from ccezone.web.registering.certificates import certificate_of
from ccezone.web.registering.reading import Place, node_names, opened, today
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo

blueprint = Blueprint("registration", __name__, url_prefix="/firm/registration")
FIRM = frozenset({Role.FIRM})


def _expired(connection: Connection, principal: Principal) -> int:
    if principal.enterprise_id is None:
        return 0
    return count_licences_ending(connection, hub().clock.now().astimezone(SHANGHAI).date(), principal.enterprise_id)


def _returned(connection: Connection, principal: Principal) -> int:
    return len(search_applications(connection, ["returned"], enterprise_id=principal.enterprise_id))


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT, _l("企业备案信息"), "registration.show", FIRM, order=50, note=_l("查看备案、下载证书、申请变更")
        ),
    ),
    todo=(
        Todo(_l("证照已到期，请申请变更"), "registration.show", FIRM, _expired, urgent=True),
        Todo(_l("变更申请被退回，请补正"), "registration.show", FIRM, _returned, urgent=True),
    ),
)


@blueprint.get("")
@firm_only
def show() -> ResponseReturnValue:
    """Show what is registered, licences with the days they still run, and applications."""
    own = current_enterprise_id()
    with hub().database.reading() as connection:
        firm = enterprise(connection, own)
        profile = profile_of(connection, hub().vault, own)
        licences = licences_of(connection, own)
        certificate = live_paper(connection, REGISTRATION, str(own))
        every = [state.value for state in ApplicationState]
        applications = search_applications(connection, every, enterprise_id=own)
        under_way = open_amendment(connection, own)
    if firm is None or profile is None:
        abort(404)
    return render_template(
        "registration/firm.html",
        firm=firm,
        profile=profile,
        licences=licences,
        certificate=certificate,
        applications=[row for row in applications if row.kind == "amendment"],
        under_way=under_way,
        asked=asked_of(firm.roles),
        nodes=node_names(),
        words=words,
        today=today(),
    )


@blueprint.get("/certificates/<code>.pdf")
@firm_only
def certificate(code: str) -> ResponseReturnValue:
    """Hand a certificate out."""
    return certificate_of(current_enterprise_id(), code)


@blueprint.post("/amend")
@firm_only
def amend() -> ResponseReturnValue:
    """Begin an amendment, or go on with the one under way."""
    _must_write()
    own = current_enterprise_id()
    with hub().database.begin() as uow:
        found = open_amendment(uow.connection, own)
        application_id = found or service.start_amendment(uow, hub().vault, own, current_principal(), hub().clock)
    return redirect(url_for("registration.overview", application_id=application_id))


@blueprint.get("/amendments/<uuid:application_id>")
@firm_only
def overview(application_id: UUID) -> ResponseReturnValue:
    """Show where an amendment stands."""
    return editing.overview(_place(application_id))


@blueprint.get("/amendments/<uuid:application_id>/part/<name>")
@firm_only
def section(application_id: UUID, name: str) -> ResponseReturnValue:
    """Show a section."""
    return editing.section(_place(application_id), name)


@blueprint.post("/amendments/<uuid:application_id>/part/<name>")
@firm_only
def save(application_id: UUID, name: str) -> ResponseReturnValue:
    """Save a section."""
    return editing.save(_place(application_id, write=True), name)


@blueprint.post("/amendments/<uuid:application_id>/licences")
@firm_only
def add_licence(application_id: UUID) -> ResponseReturnValue:
    """Add a licence."""
    return editing.add_licence(_place(application_id, write=True))


@blueprint.post("/amendments/<uuid:application_id>/licences/<int:position>/remove")
@firm_only
def drop_licence(application_id: UUID, position: int) -> ResponseReturnValue:
    """Take a licence out."""
    return editing.drop_licence(_place(application_id, write=True), position)


@blueprint.post("/amendments/<uuid:application_id>/files")
@firm_only
def attach(application_id: UUID) -> ResponseReturnValue:
    """Attach a file."""
    return editing.attach(_place(application_id, write=True))


@blueprint.post("/amendments/<uuid:application_id>/files/remove")
@firm_only
def detach(application_id: UUID) -> ResponseReturnValue:
    """Take a file out."""
    return editing.detach(_place(application_id, write=True))


@blueprint.get("/amendments/<uuid:application_id>/files/<uuid:file_id>")
@firm_only
def file(application_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Hand a file out."""
    answer: Response = editing.scan(opened(_place(application_id).application_id), str(file_id))
    return answer


@blueprint.get("/amendments/<uuid:application_id>/review")
@firm_only
def review(application_id: UUID) -> ResponseReturnValue:
    """Show all answers."""
    return editing.review(_place(application_id))


@blueprint.post("/amendments/<uuid:application_id>/submit")
@firm_only
def submit(application_id: UUID) -> ResponseReturnValue:
    """Send the amendment."""
    return editing.submit(_place(application_id, write=True))


@blueprint.post("/amendments/<uuid:application_id>/withdraw")
@firm_only
def withdraw(application_id: UUID) -> ResponseReturnValue:
    """Take the amendment back."""
    return editing.withdraw(_place(application_id, write=True))


def _place(application_id: UUID, *, write: bool = False) -> Place:
    """Return an amendment of one's own firm; 404 for any other application, 403 for whoever may not change it."""
    with hub().database.reading() as connection:
        found = application(connection, hub().vault, application_id)
    if found is None or found.row.kind != "amendment" or found.row.enterprise_id != current_enterprise_id():
        abort(404)
    if write:
        _must_write()
    values = {"application_id": str(application_id)}
    return Place("registration", application_id, values, current_principal().actor)


def _must_write() -> None:
    if not current_principal().may(Permission.REGISTRATION_WRITE):
        abort(403)
