"""API credentials of a bank: for reporting background checks and reading under consents by
machine; issued, replaced and revoked by the bank itself."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts import queries, service
from ccezone.accounts.rules import BANK_CREDENTIAL, Permission, Role
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.firm.credentials import FIELDS as FIRM_FIELDS
from ccezone.web.firm.credentials import OVERLAPS, end_of, pointed
from ccezone.web.hub import hub
from ccezone.web.partner.bank import own_bank
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts

blueprint = Blueprint("bank_credentials", __name__, url_prefix="/bank/credentials")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.PARTNER,
            _l("接口凭证"),
            "bank_credentials.listing",
            frozenset({Role.BANK}),
            order=9,
            note=_l("为本行系统发放和吊销接口令牌"),
        ),
    ),
)
PERMISSION_NAMES = {
    Permission.BACKGROUND_WRITE.value: _l("报送背景调查结果"),
    Permission.CONSENTED_READ.value: _l("查询企业授权的数据"),
}
FIELDS = (
    FIRM_FIELDS[0],
    Field("permissions", _l("权限"), "checkboxes", required=True, options=tuple(PERMISSION_NAMES.items())),
    FIRM_FIELDS[2],
)


@blueprint.get("")
@roles_only(Role.BANK)
def listing() -> ResponseReturnValue:
    """List the bank's credentials, and offer a new one."""
    return _show(Form(FIELDS))


@blueprint.post("")
@roles_only(Role.BANK)
def issue() -> ResponseReturnValue:
    """Issue a credential and show its token, this once."""
    values = submitted(FIELDS)
    beyond = sorted({*values["permissions"]} - BANK_CREDENTIAL)
    faults = faults_of_form(FIELDS, values) + [Fault("/permissions", "unknown_permission", {"value": each}) for each in beyond]
    try:
        if faults:
            raise Refused(*faults)
        granted = [Permission(each) for each in values["permissions"]]
        name, by, bank = texts(values)["name"], current_principal(), own_bank()
        with hub().database.begin() as uow:
            issued = service.issue_credential(uow, None, name, granted, by, hub().clock, end_of(values), bank_id=bank)
    except Refused as refused:
        return _show(Form(FIELDS, values, pointed(refused)), 422)
    return render_template("firm/credential.html", token=issued.token, place="bank_credentials")


@blueprint.post("/<uuid:credential_id>/rotate")
@roles_only(Role.BANK)
def rotate(credential_id: UUID) -> ResponseReturnValue:
    """Give a credential a new token and show it, this once."""
    with hub().database.reading() as connection:
        if queries.credential(connection, own_bank(), credential_id) is None:
            abort(404)
    hours = request.form.get("overlap", "")
    if hours not in OVERLAPS:
        abort(400)
    with hub().database.begin() as uow:
        issued = service.rotate_credential(uow, own_bank(), credential_id, current_principal(), hub().clock, int(hours))
    return render_template("firm/credential.html", token=issued.token, place="bank_credentials")


@blueprint.post("/<uuid:credential_id>/revoke")
@roles_only(Role.BANK)
def revoke(credential_id: UUID) -> ResponseReturnValue:
    """Revoke a credential."""
    with hub().database.begin() as uow:
        service.revoke_credential(uow, own_bank(), credential_id, current_principal(), hub().clock)
    flash(_("凭证已吊销，几秒钟内失效。"))
    return redirect(url_for("bank_credentials.listing"))


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = queries.credentials_of(connection, own_bank())
    return render_template(
        "firm/credentials.html", form=form, credentials=found, labels=PERMISSION_NAMES, overlaps=OVERLAPS, now=hub().clock.now(),
        place="bank_credentials",
    ), status  # fmt: skip
