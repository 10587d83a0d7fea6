"""Users: officers keep firms' people; of the office's, one administrator adds and disables, another grants roles."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts import queries, service
from ccezone.accounts.queries.partners import partner, partners_by_id
from ccezone.accounts.queries.roles import RoleRequestView, count_role_requests, role_request, role_requests
from ccezone.accounts.rules import GRANTABLE, OUTSIDE, Principal, Role, UserStatus
from ccezone.accounts.rules.partners import ROLE_OF, PartnerKind
from ccezone.accounts.rules.powers import RequestState
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import nodes
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.web.accounts.links import hand_over, mail_link
from ccezone.web.hub import hub
from ccezone.web.office.user_nodes import node_name
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Approval, Approvals, Feature, Group, MenuEntry, Stage
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from ccezone.web.shell.rendering import ROLES

blueprint = Blueprint("users", __name__, url_prefix="/office/users")
KEEPERS = frozenset({Role.ZONE_OFFICER, Role.ADMIN, Role.SECURITY_ADMIN})
GRANTERS = frozenset({Role.SECURITY_ADMIN})
REQUEST_READERS = frozenset({Role.ADMIN, Role.SECURITY_ADMIN})
SEEN: Mapping[Role, Sequence[Role]] = {
    Role.ZONE_OFFICER: (Role.FIRM,),
    Role.ADMIN: (*GRANTABLE, *sorted(OUTSIDE), Role.UNASSIGNED),
    Role.SECURITY_ADMIN: (*GRANTABLE, *sorted(OUTSIDE), Role.UNASSIGNED),
}
"""Whom each keeper of users sees."""
STATUS_NAMES: dict[str, LazyString] = {
    UserStatus.INVITED: _l("待激活"),
    UserStatus.ACTIVE: _l("正常"),
    UserStatus.DISABLED: _l("已停用"),
}
REQUEST_STATES: Mapping[str, tuple[LazyString, str]] = {
    RequestState.WAITING: (_l("待授权"), "info"),
    RequestState.GRANTED: (_l("已授权"), "good"),
    RequestState.REFUSED: (_l("未授权"), "bad"),
    RequestState.WITHDRAWN: (_l("已撤回"), "neutral"),
}
_STAGES: Mapping[Stage, Sequence[str]] = {
    Stage.WAITING: [RequestState.WAITING],
    Stage.DECIDED: [RequestState.GRANTED, RequestState.REFUSED, RequestState.WITHDRAWN],
}
_LOGIN = Field("login", _l("登录名（电子邮箱）"), "email", required=True, max_length=200)
_NAME = Field("name", _l("姓名"), required=True, max_length=100)
FIRM_FIELDS = (
    _LOGIN,
    _NAME,
    Field("enterprise", _l("所属企业代码"), required=True, max_length=18, help=_l("统一社会信用代码或海关注册编码。")),
)
ROLE_FIELDS = (
    Field("role", _l("拟授角色"), "select", required=True, options=tuple((role.value, ROLES[role]) for role in GRANTABLE)),
    Field("reason", _l("理由"), required=True, max_length=500, help=_l("任命文件、岗位等；由安全管理员据此授权。")),
)
OFFICE_FIELDS = (_LOGIN, _NAME, *ROLE_FIELDS)


def _count(connection: Connection, _principal: Principal) -> Mapping[Stage, int]:
    counts = count_role_requests(connection)
    return {stage: sum(counts.get(state, 0) for state in states) for stage, states in _STAGES.items()}


def _rows(
    connection: Connection, principal: Principal, stage: Stage, text: str, after: UUID | None, limit: int
) -> Sequence[Approval]:
    oldest = stage is Stage.WAITING
    found = role_requests(connection, _STAGES.get(stage, []), text, after, limit, oldest_first=oldest)
    names = queries.names_of(connection, [each.asked_by for each in found])
    return [_listed(each, names.get(each.asked_by, "—"), principal) for each in found]


def _listed(row: RoleRequestView, asked_by: str, principal: Principal) -> Approval:
    state = REQUEST_STATES[row.state]
    what = f"{ROLES[Role(row.current)]} → {ROLES[Role(row.wanted)]}{_('，')}{row.reason}"
    address = url_for("users.request_page", request_id=row.id)
    own = row.state == RequestState.WAITING and principal.user_id in (row.asked_by, row.user_id)
    return Approval(row.id, f"{row.name} {row.login}", what, address, asked_by, row.asked_at, str(state[0]), state[1], own=own)


FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.GOVERNMENT, _l("用户管理"), "users.listing", KEEPERS, order=70, note=_l("新增和停用用户、授予角色")),),
    approvals=(Approvals("role", _l("人员角色"), REQUEST_READERS, GRANTERS, _count, _rows),),
)


@blueprint.get("")
@roles_only(*KEEPERS)
def listing() -> ResponseReturnValue:
    """List the users somebody keeps, newest first: firms' people for officers, the office's for administrators."""
    text, seen = searched(), SEEN[current_principal().role]
    with hub().database.reading() as connection:
        rows = queries.search_users(connection, text, after=after_id(), limit=PAGE + 1, roles=seen)
        names = {entry.id: entry.name for entry in directory(connection).by_id.values()}
        node_names = {node.code: node_name(node, node.code) for node in nodes(connection)}
        names |= {each.id: each.name for each in partners_by_id(connection).values()}
        asked = {row.user_id: row for row in role_requests(connection, [RequestState.WAITING], limit=500)}
    return render_template(
        "office/users.html",
        page=page(rows, lambda row: row.id),
        text=text,
        names=names,
        node_names=node_names,
        asked=asked,
        status_labels=STATUS_NAMES,
        now=hub().clock.now(),
    )


@blueprint.get("/new")
@roles_only(Role.ZONE_OFFICER, Role.ADMIN)
def blank() -> ResponseReturnValue:
    """Show an empty invitation: for an enterprise, or for the office."""
    return _show_new(Form(_fields(), {"enterprise": request.args.get("enterprise", "")}))


@blueprint.post("/new")
@roles_only(Role.ZONE_OFFICER, Role.ADMIN)
def invite() -> ResponseReturnValue:
    """Invite somebody; the link is shown once, and mailed when mail is set up."""
    values, by, clock = texts(submitted(_fields())), current_principal(), hub().clock
    try:
        if faults := faults_of_form(_fields(), values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            if by.role is Role.ADMIN:
                link = service.add_officer(uow, values["login"], values["name"], values["role"], values["reason"], by, clock)
            else:
                invitation = service.Invitation(values["login"], values["name"], Role.FIRM, _enterprise_id(values["enterprise"]))
                link = service.invite(uow, invitation, by, clock)
            mail_link(uow, link)
    except Refused as refused:
        return _show_new(Form(_fields(), values, _renamed(refused)), 422)
    return hand_over(link, _l("用户管理"), "users.listing")


@blueprint.post("/<uuid:user_id>/link")
@roles_only(Role.ZONE_OFFICER, Role.ADMIN)
def link(user_id: UUID) -> ResponseReturnValue:
    """Make a new one-time link for a user and show it once; somebody of the office needs their role granted again."""
    by = current_principal()
    with hub().database.begin() as uow:
        _kept(uow.connection, user_id)
        make = service.relink_officer if by.role is Role.ADMIN else service.issue_link
        issued = make(uow, user_id, by, hub().clock)
        mail_link(uow, issued)
    return hand_over(issued, _l("用户管理"), "users.listing")


@blueprint.post("/<uuid:user_id>/enabled")
@roles_only(Role.ZONE_OFFICER, Role.ADMIN)
def set_enabled(user_id: UUID) -> ResponseReturnValue:
    """Disable a user, ending all sessions, or enable again."""
    enabled, by = request.form.get("enabled", ""), current_principal()
    if enabled not in ("0", "1"):
        abort(400)
    with hub().database.begin() as uow:
        _kept(uow.connection, user_id)
        change = service.enable_officer if by.role is Role.ADMIN else service.set_enabled
        change(uow, user_id, enabled == "1", by, hub().clock)
    flash(_("账号已启用。") if enabled == "1" else _("账号已停用，其登录已全部失效。"))
    return redirect(url_for("users.listing"))


@blueprint.get("/<uuid:user_id>/role")
@roles_only(Role.ADMIN)
def role_form(user_id: UUID) -> ResponseReturnValue:
    """Ask which role somebody of the office is to have."""
    return _show_role(user_id, Form(_role_fields(user_id)))


@blueprint.post("/<uuid:user_id>/role")
@roles_only(Role.ADMIN)
def ask_role(user_id: UUID) -> ResponseReturnValue:
    """Ask for a role; the security administrator decides."""
    fields = _role_fields(user_id)
    values = texts(submitted(fields))
    try:
        if faults := faults_of_form(fields, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            service.ask_role(uow, user_id, values["role"], values["reason"], current_principal(), hub().clock)
    except Refused as refused:
        return _show_role(user_id, Form(fields, values, refused.faults), 422)
    flash(_("已提交，由安全管理员授权。"))
    return redirect(url_for("users.listing"))


@blueprint.post("/<uuid:user_id>/role/remove")
@roles_only(Role.SECURITY_ADMIN)
def remove_role(user_id: UUID) -> ResponseReturnValue:
    """Take somebody's role away at once."""
    with hub().database.begin() as uow:
        service.remove_role(uow, user_id, current_principal(), hub().clock)
    flash(_("角色已收回，其登录已全部失效。"))
    return redirect(url_for("users.listing"))


@blueprint.get("/requests/<uuid:request_id>")
@roles_only(*REQUEST_READERS)
def request_page(request_id: UUID) -> ResponseReturnValue:
    """Show a role that is asked for."""
    return _show_request(request_id)


@blueprint.post("/requests/<uuid:request_id>/<any(grant, refuse):deed>")
@roles_only(Role.SECURITY_ADMIN)
def decide(request_id: UUID, deed: str) -> ResponseReturnValue:
    """Grant a role, or refuse it with a reason."""
    note, by, clock = request.form.get("note", ""), current_principal(), hub().clock
    try:
        with hub().database.begin() as uow:
            if deed == "grant":
                service.grant_role(uow, request_id, by, clock)
            else:
                service.refuse_role(uow, request_id, note, by, clock)
    except Refused as refused:
        return _show_request(request_id, refused.faults, note)
    flash(_("已授权，该用户须重新登录。") if deed == "grant" else _("未予授权。"))
    return redirect(url_for("approvals.listing", kind="role"))


@blueprint.post("/requests/<uuid:request_id>/withdraw")
@roles_only(Role.ADMIN)
def withdraw(request_id: UUID) -> ResponseReturnValue:
    """Take back what was asked for."""
    with hub().database.begin() as uow:
        service.withdraw_role(uow, request_id, current_principal(), hub().clock)
    flash(_("申请已撤回。"))
    return redirect(url_for("users.request_page", request_id=request_id))


def _fields() -> tuple[Field, ...]:
    return OFFICE_FIELDS if current_principal().role is Role.ADMIN else FIRM_FIELDS


def _role_fields(user_id: UUID) -> tuple[Field, ...]:
    """Offer the roles of the office, or to a partner's people the one that is theirs."""
    with hub().database.reading() as connection:
        found = _kept(connection, user_id)
        organisation = partner(connection, found.partner_id) if found.partner_id else None
    if organisation is None:
        return ROLE_FIELDS
    role = ROLE_OF[PartnerKind(organisation.kind)]
    return (replace(ROLE_FIELDS[0], options=((role.value, ROLES[role]),)), ROLE_FIELDS[1])


def _kept(connection: Connection, user_id: UUID) -> queries.UserView:
    """Return a user whom the acting keeper sees; others look like none."""
    found = queries.user(connection, user_id)
    if found is None or Role(found.role) not in SEEN[current_principal().role]:
        abort(404)
    return found


def _show_new(form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("office/user_form.html", form=form), status


def _show_role(user_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = _kept(connection, user_id)
    return render_template("office/role_form.html", form=form, user=found), status


def _show_request(request_id: UUID, faults: Sequence[Fault] = (), note: str = "") -> ResponseReturnValue:
    with hub().database.reading() as connection:
        row = role_request(connection, request_id) or abort(404)
        names = queries.names_of(connection, [row.asked_by, row.decided_by])
    shown = {"row": row, "names": names, "states": REQUEST_STATES, "faults": faults, "note": note}
    return render_template("office/role_request.html", **shown), 422 if faults else 200


def _enterprise_id(code: str) -> UUID:
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
