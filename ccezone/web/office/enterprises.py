"""Registration of enterprises by the zone's officers: list, register, detail, change, suspend."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts import queries as accounts
from ccezone.accounts import service as account_service
from ccezone.accounts.rules import Principal
from ccezone.accounts.rules import Role as UserRole
from ccezone.enterprises import queries, service
from ccezone.enterprises.queries import EnterpriseView
from ccezone.enterprises.queries.applications import search_applications
from ccezone.enterprises.queries.licences import licences_ending, licences_of, profile_of
from ccezone.enterprises.queries.papers import REGISTRATION
from ccezone.enterprises.queries.terms import registration_terms
from ccezone.enterprises.rules import Status
from ccezone.enterprises.rules.applying import PERSONAL, ApplicationState, asked_of
from ccezone.kernel.errors import Refused
from ccezone.storage import Connection
from ccezone.storage.personal import PersonalVault
from ccezone.tax_refunds.queries.pilots import open_pilot
from ccezone.web.firm.refunds import voucher_words
from ccezone.web.hub import hub
from ccezone.web.office.credit.words import TONES
from ccezone.web.registering import words
from ccezone.web.registering.certificates import certificate_of
from ccezone.web.registering.fields import ROLES
from ccezone.web.registering.reading import node_names, today
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Reveal
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("enterprises", __name__, url_prefix="/office/enterprises")


def _personal(connection: Connection, vault: PersonalVault, principal: Principal, row_id: UUID, field: str) -> str | None:
    found = profile_of(connection, vault, row_id) if principal.enterprise_id is None else None
    return found.personal.get(field) if found else None


FEATURE = Feature(
    blueprint,
    reveals=(Reveal("enterprise", PERSONAL, _personal),),
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("企业备案"),
            "enterprises.listing",
            frozenset({UserRole.ZONE_OFFICER, UserRole.ADMIN, UserRole.AUDITOR}),
            order=60,
            note=_l("登记企业代码、海关注册编码与企业类型"),
        ),
        MenuEntry(
            Group.GOVERNMENT,
            _l("证照到期"),
            "enterprises.ending",
            frozenset({UserRole.ZONE_OFFICER, UserRole.ADMIN, UserRole.AUDITOR}),
            order=62,
            note=_l("已到期和即将到期的企业证照"),
        ),
    ),
)
FIELDS = (
    Field("uscc", _l("统一社会信用代码"), required=True, max_length=18, help=_l("18 位，含校验位。")),
    Field("name", _l("企业名称"), required=True, max_length=100),
    Field("name_en", _l("英文名称"), max_length=200),
    Field("customs_code", _l("海关注册编码"), max_length=10, help=_l("10 位；没有时留空。")),
    ROLES,
    Field("dxp_id", _l("报文传输编号（DXPID）"), max_length=30),
    Field("node", _l("所属节点"), "select"),
    Field("contact", _l("联系方式"), max_length=200, help=_l("业务联系电话或邮箱。")),
    Field("auto_submit", _l("三单匹配后自动申报清单"), "checkbox"),
)


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List enterprises, newest first."""
    text = searched()
    with hub().database.reading() as connection:
        rows = queries.search_enterprises(connection, text, after_id(), PAGE + 1)
    return render_template(
        "office/enterprises.html",
        page=page(rows, lambda row: row.id),
        text=text,
        words=words,
    )


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty registration."""
    return _show(Form(_fields()), None)


@blueprint.post("/new")
@officer_only
def register() -> ResponseReturnValue:
    """Register an enterprise."""
    values = submitted(_fields())
    try:
        entered = _registration(values)
        with hub().database.begin() as uow:
            enterprise_id = service.register(uow, entered, hub().clock)
            subject = f"enterprise:{enterprise_id}"
            account_service.record(uow, current_principal(), "enterprise.register", subject, hub().clock)
    except Refused as refused:
        return _show(Form(_fields(), values, refused.faults), None, 422)
    flash(_("企业已登记。"))
    return redirect(url_for("enterprises.detail", enterprise_id=enterprise_id))


@blueprint.get("/<uuid:enterprise_id>")
@office_readers
def detail(enterprise_id: UUID) -> ResponseReturnValue:
    """Show an enterprise, its users and what officers did to it."""
    found = _enterprise(enterprise_id)
    with hub().database.reading() as connection:
        users = accounts.search_users(connection, enterprise_id=enterprise_id)
        audit = accounts.audit_of(connection, f"enterprise:{enterprise_id}")
        profile = profile_of(connection, hub().vault, enterprise_id)
        licences = licences_of(connection, enterprise_id)
        pilot = open_pilot(connection, enterprise_id)
        certificate = queries.live_paper(connection, REGISTRATION, str(enterprise_id))
        every = [state.value for state in ApplicationState if state is not ApplicationState.DRAFT]
        applications = search_applications(connection, every, enterprise_id=enterprise_id)
    return render_template(
        "office/enterprise.html",
        enterprise=found,
        users=users,
        audit=audit,
        profile=profile,
        licences=licences,
        certificate=certificate,
        applications=applications,
        asked=asked_of(found.roles),
        nodes=node_names(),
        words=words,
        credit_tones=TONES,
        pilot=pilot,
        pilot_words=voucher_words,
        today=today(),
    )


@blueprint.get("/licences")
@office_readers
def ending() -> ResponseReturnValue:
    """List licences that have ended or end within the longest of the zone's reminders, the first to end first."""
    day, given = today(), request.args.get("after", "")
    with hub().database.reading() as connection:
        terms = registration_terms(connection, hub().settings.zone, day)
        until = day + timedelta(days=max(terms.remind_days, default=0))
        rows = licences_ending(connection, until, _cursor(given), PAGE + 1)
    return render_template(
        "office/licences.html",
        page=page(rows, lambda row: f"{row.expires_on}_{row.id}"),
        words=words,
        today=day,
        terms=terms,
    )


@blueprint.post("/<uuid:enterprise_id>/certify")
@officer_only
def certify(enterprise_id: UUID) -> ResponseReturnValue:
    """Issue a certificate of what is registered now; one that says something else is revoked."""
    _enterprise(enterprise_id)
    with hub().database.begin() as uow:
        service.certify(uow, enterprise_id, current_principal().actor, hub().clock)
        account_service.record(uow, current_principal(), "enterprise.certify", f"enterprise:{enterprise_id}", hub().clock)
    flash(_("备案证书已签发。"))
    return redirect(url_for("enterprises.detail", enterprise_id=enterprise_id))


@blueprint.get("/<uuid:enterprise_id>/certificates/<code>.pdf")
@office_readers
def certificate(enterprise_id: UUID, code: str) -> ResponseReturnValue:
    """Hand a certificate out."""
    return certificate_of(enterprise_id, code)


@blueprint.get("/<uuid:enterprise_id>/edit")
@officer_only
def edit(enterprise_id: UUID) -> ResponseReturnValue:
    """Show what is registered, to change it."""
    found = _enterprise(enterprise_id)
    return _show(Form(_fields(found.node), _typed(found)), found)


@blueprint.post("/<uuid:enterprise_id>/edit")
@officer_only
def amend(enterprise_id: UUID) -> ResponseReturnValue:
    """Change what is registered."""
    values = submitted(_fields())
    try:
        entered = _registration(values)
        with hub().database.begin() as uow:
            service.amend(uow, enterprise_id, entered, hub().clock)
            if queries.live_paper(uow.connection, REGISTRATION, str(enterprise_id)):
                service.certify(uow, enterprise_id, current_principal().actor, hub().clock)
            subject = f"enterprise:{enterprise_id}"
            account_service.record(uow, current_principal(), "enterprise.amend", subject, hub().clock)
    except Refused as refused:
        return _show(Form(_fields(texts(values)["node"]), values, refused.faults), _enterprise(enterprise_id), 422)
    flash(_("企业信息已保存。"))
    return redirect(url_for("enterprises.detail", enterprise_id=enterprise_id))


@blueprint.post("/<uuid:enterprise_id>/status")
@officer_only
def set_status(enterprise_id: UUID) -> ResponseReturnValue:
    """Suspend an enterprise, or take it up again."""
    try:
        status = Status(request.form.get("status", ""))
    except ValueError:
        abort(400)
    with hub().database.begin() as uow:
        service.set_status(uow, enterprise_id, status, hub().clock)
        subject = f"enterprise:{enterprise_id}"
        account_service.record(uow, current_principal(), f"enterprise.{status}", subject, hub().clock)
    flash(_("企业状态已改为“%(status)s”。", status=words.STATUS_NAMES[status]))
    return redirect(url_for("enterprises.detail", enterprise_id=enterprise_id))


def _registration(values: Values) -> service.Registration:
    faults = faults_of_form(_fields(), values)
    if faults:
        raise Refused(*faults)
    plain = texts(values)
    return service.Registration(
        uscc=plain["uscc"].upper(),
        name=plain["name"],
        roles=values["roles"],
        customs_code=plain["customs_code"].upper() or None,
        name_en=plain["name_en"],
        dxp_id=plain["dxp_id"] or None,
        node=plain["node"],
        contact=plain["contact"],
        auto_submit=bool(plain["auto_submit"]),
    )


def _enterprise(enterprise_id: UUID) -> EnterpriseView:
    with hub().database.reading() as connection:
        found = queries.enterprise(connection, enterprise_id)
    return found or abort(404)


def _typed(found: EnterpriseView) -> Values:
    plain = {name: str(value or "") for name, value in asdict(found).items()}
    return {**plain, "roles": sorted(found.roles), "auto_submit": "1" if found.auto_submit else ""}


def _show(form: Form, known: EnterpriseView | None, status: int = 200) -> ResponseReturnValue:
    return render_template("office/enterprise_form.html", form=form, enterprise=known), status


def _fields(current: str = "") -> tuple[Field, ...]:
    """Return the form's fields; nodes that are there can be chosen, and what an older registration says is kept."""
    names = {**({current: current} if current else {}), **node_names()}
    return tuple(replace(field, options=tuple(names.items())) if field.name == "node" else field for field in FIELDS)


def _cursor(given: str) -> tuple[date, UUID] | None:
    """Read the cursor of the licence list; 400 for what is none."""
    if not given:
        return None
    day, _sep, number = given.partition("_")
    try:
        return date.fromisoformat(day), UUID(number)
    except ValueError:
        abort(400)
