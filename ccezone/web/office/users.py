"""Users, kept by officers: invite, hand a link over, disable and enable."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts import queries, service
from ccezone.accounts.rules import Role, UserStatus
from ccezone.enterprises.queries import directory
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.accounts.links import hand_over, mail_link
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.rendering import ROLES

blueprint = Blueprint("users", __name__, url_prefix="/office/users")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("用户管理"),
            "users.listing",
            frozenset({Role.ZONE_OFFICER, Role.ADMIN}),
            order=70,
            note=_l("邀请用户、发放一次性链接、停用账号"),
        ),
    ),
)
GRANTED_BY_OFFICERS = (Role.FIRM, Role.ZONE_OFFICER, Role.AUDITOR)
STATUS_NAMES: dict[str, LazyString] = {
    UserStatus.INVITED: _l("待激活"),
    UserStatus.ACTIVE: _l("正常"),
    UserStatus.DISABLED: _l("已停用"),
}
FIELDS = (
    Field("login", _l("登录名（电子邮箱）"), "email", required=True, max_length=200),
    Field("name", _l("姓名"), required=True, max_length=100),
    Field(
        "role",
        _l("角色"),
        "select",
        required=True,
        options=tuple((role.value, ROLES[role]) for role in GRANTED_BY_OFFICERS),
    ),
    Field(
        "enterprise",
        _l("所属企业代码"),
        max_length=18,
        help=_l("企业用户必填：统一社会信用代码或海关注册编码。"),
    ),
)


@blueprint.get("")
@officer_only
def listing() -> ResponseReturnValue:
    """List users, newest first."""
    text = searched()
    with hub().database.reading() as connection:
        rows = queries.search_users(connection, text, after=after_id(), limit=PAGE + 1)
        names = {entry.id: entry.name for entry in directory(connection).by_id.values()}
    return render_template(
        "office/users.html",
        page=page(rows, lambda row: row.id),
        text=text,
        names=names,
        status_labels=STATUS_NAMES,
        now=hub().clock.now(),
    )


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty invitation, for an enterprise when one is named."""
    enterprise = request.args.get("enterprise", "")
    values = {"enterprise": enterprise, "role": Role.FIRM.value if enterprise else ""}
    return render_template("office/user_form.html", form=Form(FIELDS, values))


@blueprint.post("/new")
@officer_only
def invite() -> ResponseReturnValue:
    """Invite a user; the link is shown once, and mailed when mail is set up."""
    values = texts(submitted(FIELDS))
    try:
        faults = faults_of_form(FIELDS, values)
        if faults or values["role"] not in GRANTED_BY_OFFICERS:
            raise Refused(*faults or [Fault("/role", "unknown_role", {"value": values["role"]})])
        enterprise_id = _enterprise_id(values["enterprise"])
        invitation = service.Invitation(values["login"], values["name"], values["role"], enterprise_id)
        with hub().database.begin() as uow:
            link = service.invite(uow, invitation, current_principal(), hub().clock)
            mail_link(uow, link)
    except Refused as refused:
        return render_template("office/user_form.html", form=Form(FIELDS, values, _renamed(refused))), 422
    return hand_over(link, _l("用户管理"), "users.listing")


@blueprint.post("/<uuid:user_id>/link")
@officer_only
def link(user_id: UUID) -> ResponseReturnValue:
    """Make a new one-time link for a user and show it once."""
    with hub().database.begin() as uow:
        issued = service.issue_link(uow, user_id, current_principal(), hub().clock)
        mail_link(uow, issued)
    return hand_over(issued, _l("用户管理"), "users.listing")


@blueprint.post("/<uuid:user_id>/enabled")
@officer_only
def set_enabled(user_id: UUID) -> ResponseReturnValue:
    """Disable a user, ending all sessions, or enable again."""
    enabled = request.form.get("enabled", "")
    if enabled not in ("0", "1"):
        abort(400)
    with hub().database.begin() as uow:
        service.set_enabled(uow, user_id, enabled == "1", current_principal(), hub().clock)
    flash(_("账号已启用。") if enabled == "1" else _("账号已停用，其登录已全部失效。"))
    return redirect(url_for("users.listing"))


def _enterprise_id(code: str) -> UUID | None:
    if not code:
        return None
    with hub().database.reading() as connection:
        found = directory(connection).find(code.upper())
    if found is None:
        raise Refused(Fault("/enterprise", "enterprise_unknown", {"value": code}))
    return found.id


def _renamed(refused: Refused) -> list[Fault]:
    """Point faults of the enterprise's id at the field that holds its code."""
    return [
        Fault("/enterprise", fault.code, fault.params) if fault.pointer == "/enterprise_id" else fault for fault in refused.faults
    ]
