"""API credentials of an enterprise: issue a token, seen once, replace it with an overlap, revoke it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts import queries, service
from ccezone.accounts.rules import FIRM, Permission, Role
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts

blueprint = Blueprint("credentials", __name__, url_prefix="/firm/credentials")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("接口凭证"),
            "credentials.listing",
            frozenset({Role.FIRM}),
            order=90,
            note=_l("为企业系统发放和吊销接口令牌"),
        ),
    ),
)
PERMISSION_NAMES: dict[str, LazyString] = {
    Permission.BILLS_WRITE: _l("报送三单"),
    Permission.BILLS_READ: _l("查询三单与比对结果"),
    Permission.DECLARATIONS_WRITE: _l("提交清单"),
    Permission.DECLARATIONS_READ: _l("查询清单"),
    Permission.PRODUCTS_WRITE: _l("维护商品资料"),
    Permission.PRODUCTS_READ: _l("查询商品资料"),
    Permission.WEBHOOKS_WRITE: _l("设置事件推送"),
    Permission.CREDIT_WRITE: _l("报送信用评级（评级机构）"),
    Permission.CREDENTIALS_WRITE: _l("管理接口凭证"),
    Permission.PERSONAL_REVEAL: _l("读取未遮盖的个人信息"),
}
FIELDS = (
    Field("name", _l("用途说明"), required=True, max_length=100, help=_l("例如：ERP 系统。")),
    Field("permissions", _l("权限"), "checkboxes", required=True, options=tuple(PERMISSION_NAMES.items())),
    Field("expires_on", _l("到期日"), "date", help=_l("当日结束时到期；留空则长期有效。")),
)
OVERLAPS: dict[str, LazyString] = {
    "0": _l("立即停用旧令牌"),
    "24": _l("旧令牌再用 1 天"),
    "72": _l("旧令牌再用 3 天"),
    "168": _l("旧令牌再用 7 天"),
}


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the enterprise's credentials, and offer a new one."""
    return _show(Form(FIELDS))


@blueprint.post("")
@firm_only
def issue() -> ResponseReturnValue:
    """Issue a credential and show its token, this once."""
    values = submitted(FIELDS)
    faults = faults_of_form(FIELDS, values)
    faults += [Fault("/permissions", "unknown_permission", {"value": each}) for each in sorted({*values["permissions"]} - FIRM)]
    try:
        if faults:
            raise Refused(*faults)
        granted = [Permission(each) for each in values["permissions"]]
        with hub().database.begin() as uow:
            issued = service.issue_credential(
                uow, current_enterprise_id(), texts(values)["name"], granted, current_principal(), hub().clock, end_of(values)
            )
    except Refused as refused:
        return _show(Form(FIELDS, values, pointed(refused)), 422)
    return render_template("firm/credential.html", token=issued.token)


@blueprint.post("/<uuid:credential_id>/rotate")
@firm_only
def rotate(credential_id: UUID) -> ResponseReturnValue:
    """Give a credential a new token and show it, this once."""
    with hub().database.reading() as connection:
        if queries.credential(connection, current_enterprise_id(), credential_id) is None:
            abort(404)
    hours = request.form.get("overlap", "")
    if hours not in OVERLAPS:
        abort(400)
    with hub().database.begin() as uow:
        issued = service.rotate_credential(
            uow, current_enterprise_id(), credential_id, current_principal(), hub().clock, int(hours)
        )
    return render_template("firm/credential.html", token=issued.token)


@blueprint.post("/<uuid:credential_id>/revoke")
@firm_only
def revoke(credential_id: UUID) -> ResponseReturnValue:
    """Revoke a credential."""
    with hub().database.begin() as uow:
        service.revoke_credential(uow, current_enterprise_id(), credential_id, current_principal(), hub().clock)
    flash(_("凭证已吊销，几秒钟内失效。"))
    return redirect(url_for("credentials.listing"))


def pointed(refused: Refused) -> list[Fault]:
    """Point faults of the end at the field that holds it."""
    return [replace(fault, pointer=fault.pointer.replace("expires_at", "expires_on")) for fault in refused.faults]


def end_of(values: Values) -> datetime | None:
    """Return the end of the day a form names. Raises ``Refused`` when it names none."""
    typed = texts(values)["expires_on"]
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
        return datetime.combine(day, time(), SHANGHAI) + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Refused(Fault("/expires_on", "bad_value")) from None


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = queries.credentials_of(connection, current_enterprise_id())
    page = render_template(
        "firm/credentials.html",
        form=form,
        credentials=found,
        labels=PERMISSION_NAMES,
        overlaps=OVERLAPS,
        now=hub().clock.now(),
    )
    return page, status
