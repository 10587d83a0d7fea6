"""Partner organisations: the system administrator adds banks, tax bureaus and agencies, invites their people, suspends them."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.queries import search_users
from ccezone.accounts.queries.partners import count_partners, partner, search_partners
from ccezone.accounts.queries.roles import role_requests
from ccezone.accounts.rules import Role
from ccezone.accounts.rules.powers import RequestState
from ccezone.accounts.service import PartnerEntry, add_partner, invite_to_partner, set_partner_active
from ccezone.kernel.errors import Refused
from ccezone.web.accounts.links import hand_over, mail_link
from ccezone.web.hub import hub
from ccezone.web.office.users import STATUS_NAMES
from ccezone.web.partner import words
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from schemas.codes import code_list

blueprint = Blueprint("partners", __name__, url_prefix="/office/partners")
SEERS = frozenset({Role.ZONE_OFFICER, Role.AUDITOR, Role.ADMIN, Role.SECURITY_ADMIN})
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("合作机构"),
            "partners.listing",
            SEERS,
            order=71,
            note=_l("银行、税务机关、查验部门及其人员，数据报送单位"),
        ),
    ),
)
INVITATION = (
    Field("login", _l("登录名（电子邮箱）"), "email", required=True, max_length=200),
    Field("name", _l("姓名"), required=True, max_length=100),
    Field("reason", _l("理由"), required=True, max_length=500, help=_l("合作协议、机构来函等；由安全管理员据此授权。")),
)


def _fields() -> tuple[Field, ...]:
    agencies = code_list("inspection_agencies")
    spoken = language()
    known = "; ".join(f"{code} {agencies.label(code, spoken)}" for code in agencies.codes)
    return (
        Field("kind", _l("机构类型"), "select", required=True, options=tuple(words.PARTNERS.items())),
        Field(
            "code", _l("机构代码"), required=True, max_length=30, help=_l("同类机构内唯一。查验部门须为：%(known)s", known=known)
        ),
        Field("name", _l("名称"), required=True, max_length=100),
        Field("name_en", _l("英文名称"), max_length=200),
    )


@blueprint.get("")
@roles_only(*SEERS)
def listing() -> ResponseReturnValue:
    """List partner organisations by kind, the newest first."""
    kind = request.args.get("kind", "")
    if kind and kind not in words.PARTNERS:
        abort(404)
    with hub().database.reading() as connection:
        rows = search_partners(connection, kind, searched(), after_id(), PAGE + 1)
        counts = count_partners(connection)
    return render_template(
        "partner/partners.html", page=page(rows, lambda row: row.id), kind=kind, counts=counts, words=words, text=searched()
    )


@blueprint.get("/new")
@roles_only(Role.ADMIN)
def blank() -> ResponseReturnValue:
    """Show an empty partner organisation."""
    return render_template("partner/partner_form.html", form=Form(_fields()))


@blueprint.post("/new")
@roles_only(Role.ADMIN)
def add() -> ResponseReturnValue:
    """Add a partner organisation."""
    fields = _fields()
    values = texts(submitted(fields))
    try:
        if faults := faults_of_form(fields, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            number = add_partner(uow, PartnerEntry(**values), current_principal(), hub().clock)
    except Refused as refused:
        return render_template("partner/partner_form.html", form=Form(fields, values, refused.faults)), 422
    flash(_("合作机构已登记，可以邀请其人员。"))
    return redirect(url_for("partners.detail", partner_id=number))


@blueprint.get("/<uuid:partner_id>")
@roles_only(*SEERS)
def detail(partner_id: UUID) -> ResponseReturnValue:
    """Show one organisation and its people."""
    return _show(partner_id, Form(INVITATION))


@blueprint.post("/<uuid:partner_id>/people")
@roles_only(Role.ADMIN)
def invite(partner_id: UUID) -> ResponseReturnValue:
    """Invite somebody of the organisation; the security administrator grants the role."""
    values = texts(submitted(INVITATION))
    try:
        if faults := faults_of_form(INVITATION, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            link = invite_to_partner(uow, partner_id, **values, by=current_principal(), clock=hub().clock)
            mail_link(uow, link)
    except Refused as refused:
        return _show(partner_id, Form(INVITATION, values, refused.faults), 422)
    return hand_over(link, _l("合作机构"), "partners.listing")


@blueprint.post("/<uuid:partner_id>/active")
@roles_only(Role.ADMIN)
def set_active(partner_id: UUID) -> ResponseReturnValue:
    """Suspend an organisation, or let it in again."""
    active = request.form.get("active", "")
    if active not in ("0", "1"):
        abort(400)
    with hub().database.begin() as uow:
        set_partner_active(uow, partner_id, active == "1", current_principal(), hub().clock)
    flash(_("合作机构已恢复。") if active == "1" else _("合作机构已暂停，其人员和接口立即停用。"))
    return redirect(url_for("partners.detail", partner_id=partner_id))


def _show(partner_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = partner(connection, partner_id) or abort(404)
        people = search_users(connection, partner_id=partner_id, limit=200)
        asked = {row.user_id: row for row in role_requests(connection, [RequestState.WAITING], limit=500)}
    return render_template(
        "partner/partner.html", partner=found, people=people, asked=asked, form=form, words=words, status_labels=STATUS_NAMES
    ), status
