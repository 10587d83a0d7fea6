"""A firm's people: its administrators invite them, name what they may do, disable and reset them."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts import queries, service
from ccezone.accounts.queries import UserView
from ccezone.accounts.rules import STAFF, Permission, Role, UserStatus
from ccezone.kernel.errors import Refused
from ccezone.web.accounts.links import hand_over, mail_link
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts

blueprint = Blueprint("staff", __name__, url_prefix="/firm/staff")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT, _l("人员管理"), "staff.listing", frozenset({Role.FIRM}), order=54, note=_l("邀请同事，分配权限")
        ),
    ),
)
PERMISSION_NAMES: dict[str, LazyString] = {
    Permission.BILLS_READ: _l("查询三单与比对结果"),
    Permission.BILLS_WRITE: _l("报送三单"),
    Permission.DECLARATIONS_READ: _l("查询清单"),
    Permission.DECLARATIONS_WRITE: _l("提交清单"),
    Permission.PRODUCTS_READ: _l("查询商品资料"),
    Permission.PRODUCTS_WRITE: _l("维护商品资料"),
    Permission.PERSONAL_REVEAL: _l("读取未遮盖的个人信息"),
    Permission.CREDIT_WRITE: _l("报送信用评级（评级机构）"),
    Permission.CREDENTIALS_WRITE: _l("管理接口凭证"),
    Permission.WEBHOOKS_WRITE: _l("管理推送地址"),
    Permission.REGISTRATION_WRITE: _l("申请变更备案"),
    Permission.STAFF_WRITE: _l("管理人员与委托授权（管理员）"),
}
STATUS_NAMES: dict[str, LazyString] = {
    UserStatus.INVITED: _l("待激活"),
    UserStatus.ACTIVE: _l("正常"),
    UserStatus.DISABLED: _l("已停用"),
}
PERMISSIONS = Field("permissions", _l("权限"), "checkboxes", required=True, options=tuple(PERMISSION_NAMES.items()))
FIELDS = (
    Field("login", _l("登录名（电子邮箱）"), "email", required=True, max_length=200),
    Field("name", _l("姓名"), required=True, max_length=100),
    PERMISSIONS,
)


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the firm's people with what they may do."""
    with hub().database.reading() as connection:
        users = queries.search_users(connection, enterprise_id=current_enterprise_id(), limit=500)
    return render_template("staff/listing.html", users=users, permissions=PERMISSION_NAMES, every=STAFF, status_labels=STATUS_NAMES)


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty invitation."""
    return _show(Form(FIELDS), None)


@blueprint.post("/new")
@firm_only
def invite() -> ResponseReturnValue:
    """Invite somebody; the link is shown once, and mailed when mail is set up."""
    values = submitted(FIELDS)
    try:
        faults = faults_of_form(FIELDS, values)
        if faults:
            raise Refused(*faults)
        plain = texts(values)
        with hub().database.begin() as uow:
            link = service.invite_staff(uow, plain["login"], plain["name"], _chosen(values), current_principal(), hub().clock)
            mail_link(uow, link)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), None)
    return hand_over(link, _l("人员管理"), "staff.listing")


@blueprint.get("/<uuid:user_id>")
@firm_only
def edit(user_id: UUID) -> ResponseReturnValue:
    """Show what somebody may do, to change it."""
    known = _known(user_id)
    return _show(Form((PERMISSIONS,), {"permissions": sorted(known.held)}), known)


@blueprint.post("/<uuid:user_id>")
@firm_only
def change(user_id: UUID) -> ResponseReturnValue:
    """Change what somebody may do."""
    known, values = _known(user_id), submitted((PERMISSIONS,))
    try:
        with hub().database.begin() as uow:
            service.set_permissions(uow, known.id, _chosen(values), current_principal(), hub().clock)
    except Refused as refused:
        return _show(Form((PERMISSIONS,), values, refused.faults), known)
    flash(_("权限已保存，立即生效。"))
    return redirect(url_for("staff.listing"))


@blueprint.post("/<uuid:user_id>/enabled")
@firm_only
def set_enabled(user_id: UUID) -> ResponseReturnValue:
    """Disable somebody, ending all sessions, or enable again."""
    enabled = request.form.get("enabled", "")
    if enabled not in ("0", "1"):
        enabled = "0" if _known(user_id).status != UserStatus.DISABLED else "1"
    try:
        with hub().database.begin() as uow:
            service.enable_staff(uow, _known(user_id).id, enabled == "1", current_principal(), hub().clock)
    except Refused as refused:
        known = _known(user_id)
        return _show(Form((PERMISSIONS,), {"permissions": sorted(known.held)}, refused.faults), known)
    flash(_("账号已启用。") if enabled == "1" else _("账号已停用，其登录已全部失效。"))
    return redirect(url_for("staff.listing"))


@blueprint.post("/<uuid:user_id>/link")
@firm_only
def reset(user_id: UUID) -> ResponseReturnValue:
    """Make a link to set a (new) password, shown once."""
    with hub().database.begin() as uow:
        link = service.reset_staff(uow, user_id, current_principal(), hub().clock)
        mail_link(uow, link)
    return hand_over(link, _l("人员管理"), "staff.listing")


def _known(user_id: UUID) -> UserView:
    """Return somebody of one's own firm; 404 for anybody else."""
    with hub().database.reading() as connection:
        found = queries.user(connection, user_id)
    if found is None or found.enterprise_id != current_enterprise_id():
        abort(404)
    return found


def _chosen(values: Values) -> Sequence[str]:
    """Return the ticked permissions, each writing with the reading it needs."""
    ticked = set(values["permissions"])
    reads = {each.replace(":write", ":read") for each in ticked} & {each.value for each in STAFF}
    return sorted(ticked | reads)


def _show(form: Form, known: UserView | None) -> ResponseReturnValue:
    status = 422 if form.faults else 200
    return render_template("staff/person.html", form=form, user=known, status_labels=STATUS_NAMES), status
