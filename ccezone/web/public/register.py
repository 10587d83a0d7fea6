"""Applying to be registered, without an account: a draft opened by reference and access code, or by a mailed link (备案申请)."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.enterprises import service
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.terms import registration_terms
from ccezone.enterprises.rules import Role
from ccezone.enterprises.rules.checking import Known, findings
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.registering import editing, mails, words
from ccezone.web.registering.fields import ROLES
from ccezone.web.registering.reading import Place, opened, today
from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, submitted, texts
from ccezone.web.shell.i18n import language
from ccezone.web.shell.security import limiter

blueprint = Blueprint("register", __name__, url_prefix="/register")
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.GOVERNMENT, _l("企业备案申请"), "register.begin", order=5, note=_l("网上申请备案，查询审核进度")),),
)
MAIL = Field("contact_mail", _l("联系邮箱"), "email", required=True, max_length=200, help=_l("用于接收继续填写的链接和审核结果。"))
REFERENCE = Field("reference", _l("申请编号"), required=True, max_length=20)
CODE = Field("code", _l("查询码"), required=True, max_length=30)
BEGIN = (ROLES, MAIL)
ENTER = (REFERENCE, CODE)
RENEW = (REFERENCE, MAIL)
_KEY = "applications"
_MOST_OPEN = 5


@blueprint.get("")
@public
def begin() -> ResponseReturnValue:
    """Show the roles and what each needs, and begin."""
    return _begin(Form(BEGIN, {"roles": [role for role in request.args.getlist("role") if role in words.ROLE_NAMES]}))


@blueprint.post("")
@limiter.limit("20/hour")
@public
def start() -> ResponseReturnValue:
    """Begin a draft; its access code is shown this once, and a link is mailed."""
    values = submitted(BEGIN)
    try:
        with hub().database.begin() as uow:
            mail = str(values["contact_mail"])
            started = service.start(uow, hub().vault, values["roles"], mail, language(), hub().clock)
            mails.send_link(uow, service.NewLink(started.reference, mail, started.link, language()), started.code)
    except Refused as refused:
        return _begin(Form(BEGIN, values, refused.faults)), 422
    _grant(started.id, started.reference)
    return render_template("registration/started.html", started=started, mailed=bool(hub().settings.mail_url))


@blueprint.get("/status")
@public
def status() -> ResponseReturnValue:
    """Ask for reference and access code."""
    return _status(Form(ENTER, {"reference": request.args.get("reference", "")}))


@blueprint.post("/status")
@limiter.limit("10/minute")
@public
def enter() -> ResponseReturnValue:
    """Open an application by reference and access code. Whatever was wrong, the answer is the same."""
    values = texts(submitted(ENTER))
    with hub().database.begin() as uow:
        found = service.open_by_code(uow, values["reference"], values["code"])
    if found is None:
        return _status(Form(ENTER, {"reference": values["reference"]}, [Fault("/reference", "access_code_wrong")])), 422
    reference = values["reference"].upper()
    _grant(found, reference)
    return redirect(url_for("register.overview", reference=reference))


@blueprint.post("/link")
@limiter.limit("5/minute")
@public
def renew() -> ResponseReturnValue:
    """Mail a new link to whoever knows reference and mail address; say the same whether or not it fits."""
    values = texts(submitted(RENEW))
    with hub().database.begin() as uow:
        link = service.renew_link(uow, hub().vault, values["reference"], values["contact_mail"], hub().clock)
        if link is not None:
            mails.send_link(uow, link)
    flash(_("如果申请编号与邮箱相符，链接已发送，请在 48 小时内打开。"))
    return redirect(url_for("register.status"))


@blueprint.get("/open/<token>")
@public
def link_form(token: str) -> ResponseReturnValue:
    """Ask to go on: looking at a mailed link must not use it up."""
    return render_template("registration/link.html", token=token)


@blueprint.post("/open/<token>")
@limiter.limit("20/minute")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Use a mailed link up, and open its application."""
    with hub().database.begin() as uow:
        found = service.open_by_link(uow, token, hub().clock)
    if found is None:
        return render_template("registration/link.html", token=None), 410
    reference = opened(found).found.row.reference
    _grant(found, reference)
    return redirect(url_for("register.overview", reference=reference))


@blueprint.get("/check")
@limiter.limit("120/minute")
@public
def check() -> ResponseReturnValue:
    """Tell what the codes being typed say, as part of a page. It names nobody: that a code is registered is enough."""
    facts = {name: request.args.get(name, "").strip().upper()[:18] for name in ("uscc", "customs_code")}
    roles = [role for role in request.args.getlist("roles") if role in words.ROLE_NAMES]
    with hub().database.reading() as connection:
        register = directory(connection)
        terms = registration_terms(connection, hub().settings.zone, today())
        taken = {name: _("是") if value and register.find(value) else "" for name, value in facts.items()}
    known = Known(same_uscc=taken["uscc"], same_customs_code=taken["customs_code"], place_prefix=terms.place_prefix)
    told = findings(facts, roles, [], (), known, today()) if facts["uscc"] else []
    return render_template("registration/check.html", findings=told, words=words)


@blueprint.get("/<reference>")
@public
def overview(reference: str) -> ResponseReturnValue:
    """Show where the application stands."""
    return _with(reference, editing.overview)


@blueprint.get("/<reference>/part/<name>")
@public
def section(reference: str, name: str) -> ResponseReturnValue:
    """Show a section."""
    return _with(reference, lambda place: editing.section(place, name))


@blueprint.post("/<reference>/part/<name>")
@public
def save(reference: str, name: str) -> ResponseReturnValue:
    """Save a section."""
    return _with(reference, lambda place: editing.save(place, name))


@blueprint.post("/<reference>/licences")
@public
def add_licence(reference: str) -> ResponseReturnValue:
    """Add a licence."""
    return _with(reference, editing.add_licence)


@blueprint.post("/<reference>/licences/<int:position>/remove")
@public
def drop_licence(reference: str, position: int) -> ResponseReturnValue:
    """Take a licence out."""
    return _with(reference, lambda place: editing.drop_licence(place, position))


@blueprint.post("/<reference>/files")
@public
def attach(reference: str) -> ResponseReturnValue:
    """Attach a file."""
    return _with(reference, editing.attach)


@blueprint.post("/<reference>/files/remove")
@public
def detach(reference: str) -> ResponseReturnValue:
    """Take a file out."""
    return _with(reference, editing.detach)


@blueprint.get("/<reference>/files/<uuid:file_id>")
@public
def file(reference: str, file_id: UUID) -> ResponseReturnValue:
    """Hand a file of the application out."""
    return _with(reference, lambda place: editing.scan(opened(place.application_id), str(file_id)))


@blueprint.get("/<reference>/review")
@public
def review(reference: str) -> ResponseReturnValue:
    """Show all answers."""
    return _with(reference, editing.review)


@blueprint.post("/<reference>/submit")
@public
def submit(reference: str) -> ResponseReturnValue:
    """Send the application."""
    return _with(reference, editing.submit)


@blueprint.post("/<reference>/withdraw")
@public
def withdraw(reference: str) -> ResponseReturnValue:
    """Take the application back."""
    return _with(reference, editing.withdraw)


def _with(reference: str, page: editing.Editing) -> ResponseReturnValue | Response:
    """Open a page of an application this browser has shown the code or link of; else ask for them."""
    granted = dict(session.get(_KEY, []))
    if reference not in granted:
        return redirect(url_for("register.status", reference=reference))
    return page(Place("register", UUID(granted[reference]), {"reference": reference}, "applicant"))


def _grant(application_id: UUID, reference: str) -> None:
    others = [pair for pair in session.get(_KEY, []) if pair[0] != reference]
    session[_KEY] = [*others, [reference, str(application_id)]][-_MOST_OPEN:]


def _begin(form: Form) -> str:
    with hub().database.reading() as connection:
        terms = registration_terms(connection, hub().settings.zone, today())
    return render_template("registration/begin.html", form=form, words=words, roles=list(Role), terms=terms)


def _status(form: Form) -> str:
    return render_template("registration/status.html", form=form, renew=Form(RENEW), mailed=bool(hub().settings.mail_url))
