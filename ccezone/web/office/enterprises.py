"""Registration of enterprises by the zone's officers: list, register, detail, change, suspend."""

from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts import queries as accounts
from ccezone.accounts import service as account_service
from ccezone.accounts.rules import Role as UserRole
from ccezone.enterprises import queries, service
from ccezone.enterprises.queries import EnterpriseView
from ccezone.enterprises.rules import Role, Status
from ccezone.kernel.errors import Refused
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("enterprises", __name__, url_prefix="/office/enterprises")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("企业备案"),
            "enterprises.listing",
            frozenset({UserRole.ZONE_OFFICER, UserRole.ADMIN, UserRole.AUDITOR}),
            order=60,
            note=_l("登记企业代码、海关注册编码与企业类型"),
        ),
    ),
)
ROLE_NAMES: dict[str, LazyString] = {
    Role.PLATFORM: _l("电商平台"),
    Role.MERCHANT: _l("电商企业"),
    Role.PAYMENT: _l("支付企业"),
    Role.CARRIER: _l("物流企业"),
    Role.EXPRESS: _l("受委托快件／邮政企业"),
    Role.AGENT: _l("报关企业"),
    Role.BONDED: _l("区内企业"),
    Role.SITE: _l("监管场所经营人"),
}
STATUS_NAMES: dict[str, LazyString] = {
    Status.APPLIED: _l("待审核"),
    Status.ACTIVE: _l("正常"),
    Status.SUSPENDED: _l("已暂停"),
}
FIELDS = (
    Field("uscc", _l("统一社会信用代码"), required=True, max_length=18, help=_l("18 位，含校验位。")),
    Field("name", _l("企业名称"), required=True, max_length=100),
    Field("name_en", _l("英文名称"), max_length=200),
    Field("customs_code", _l("海关注册编码"), max_length=10, help=_l("10 位；没有时留空。")),
    Field("roles", _l("企业类型"), "checkboxes", required=True, options=tuple(ROLE_NAMES.items())),
    Field("dxp_id", _l("报文传输编号（DXPID）"), max_length=30),
    Field("node", _l("所属园区或片区"), max_length=100),
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
        role_labels=ROLE_NAMES,
        status_labels=STATUS_NAMES,
    )


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty registration."""
    return _show(Form(FIELDS), None)


@blueprint.post("/new")
@officer_only
def register() -> ResponseReturnValue:
    """Register an enterprise."""
    values = submitted(FIELDS)
    try:
        entered = _registration(values)
        with hub().database.begin() as uow:
            enterprise_id = service.register(uow, entered, hub().clock)
            subject = f"enterprise:{enterprise_id}"
            account_service.record(uow, current_principal(), "enterprise.register", subject, hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), None, 422)
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
    return render_template(
        "office/enterprise.html",
        enterprise=found,
        users=users,
        audit=audit,
        role_labels=ROLE_NAMES,
        status_labels=STATUS_NAMES,
    )


@blueprint.get("/<uuid:enterprise_id>/edit")
@officer_only
def edit(enterprise_id: UUID) -> ResponseReturnValue:
    """Show what is registered, to change it."""
    found = _enterprise(enterprise_id)
    return _show(Form(FIELDS, _typed(found)), found)


@blueprint.post("/<uuid:enterprise_id>/edit")
@officer_only
def amend(enterprise_id: UUID) -> ResponseReturnValue:
    """Change what is registered."""
    values = submitted(FIELDS)
    try:
        entered = _registration(values)
        with hub().database.begin() as uow:
            service.amend(uow, enterprise_id, entered, hub().clock)
            subject = f"enterprise:{enterprise_id}"
            account_service.record(uow, current_principal(), "enterprise.amend", subject, hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults), _enterprise(enterprise_id), 422)
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
    flash(_("企业状态已改为“%(status)s”。", status=STATUS_NAMES[status]))
    return redirect(url_for("enterprises.detail", enterprise_id=enterprise_id))


def _registration(values: Values) -> service.Registration:
    faults = faults_of_form(FIELDS, values)
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
