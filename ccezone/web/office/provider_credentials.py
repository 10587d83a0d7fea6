"""API credentials of a data provider, whose systems send statistical feeds: an officer of the zone issues, replaces and revokes
them, for a data provider has nobody who signs in here.
"""

from uuid import UUID

from flask import Blueprint, abort, flash, has_request_context, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts import queries, service
from ccezone.accounts.queries.partners import PartnerView, partner
from ccezone.accounts.rules import PROVIDER_CREDENTIAL, Permission
from ccezone.accounts.rules.partners import PartnerKind
from ccezone.kernel.errors import Refused
from ccezone.web.firm.credentials import FIELDS as FIRM_FIELDS
from ccezone.web.firm.credentials import OVERLAPS, end_of, pointed
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, officer_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts

blueprint = Blueprint("provider_credentials", __name__, url_prefix="/office/partners/<uuid:partner_id>/credentials")
FEATURE = Feature(blueprint)
FIELDS = (Field("name", _l("用途说明"), required=True, max_length=100, help=_l("例如：邮件数据交换系统。")), FIRM_FIELDS[2])
PERMISSION_NAMES = {Permission.SUPPLEMENTS_WRITE.value: _l("报送统计数据并查询本单位报送结果")}


@blueprint.url_defaults
def _of_the_same(_endpoint: str, values: dict[str, object]) -> None:
    """Addresses of these pages are of the provider whose page is open."""
    if has_request_context() and "partner_id" in (request.view_args or {}):
        values.setdefault("partner_id", (request.view_args or {})["partner_id"])


@blueprint.get("")
@officer_only
def listing(partner_id: UUID) -> ResponseReturnValue:
    """List the provider's credentials, and offer a new one."""
    return _show(partner_id, Form(FIELDS))


@blueprint.post("")
@officer_only
def issue(partner_id: UUID) -> ResponseReturnValue:
    """Issue a credential and show its token, this once."""
    found, values, by = _provider(partner_id), submitted(FIELDS), current_principal()
    try:
        if faults := faults_of_form(FIELDS, values):
            raise Refused(*faults)
        name, end = texts(values)["name"], end_of(values)
        with hub().database.begin() as uow:
            issued = service.issue_credential(
                uow, None, name, PROVIDER_CREDENTIAL, by, hub().clock, end, provider_id=found.id
            )  # fmt: skip
    except Refused as refused:
        return _show(partner_id, Form(FIELDS, values, pointed(refused)), 422)
    return _token(issued.token)


@blueprint.post("/<uuid:credential_id>/rotate")
@officer_only
def rotate(partner_id: UUID, credential_id: UUID) -> ResponseReturnValue:
    """Give a credential a new token and show it, this once."""
    found, hours = _provider(partner_id), request.form.get("overlap", "")
    if hours not in OVERLAPS:
        abort(400)
    with hub().database.begin() as uow:
        issued = service.rotate_credential(uow, found.id, credential_id, current_principal(), hub().clock, int(hours))
    return _token(issued.token)


@blueprint.post("/<uuid:credential_id>/revoke")
@officer_only
def revoke(partner_id: UUID, credential_id: UUID) -> ResponseReturnValue:
    """Revoke a credential."""
    found = _provider(partner_id)
    with hub().database.begin() as uow:
        service.revoke_credential(uow, found.id, credential_id, current_principal(), hub().clock)
    flash(_("凭证已吊销，几秒钟内失效。"))
    return redirect(url_for("provider_credentials.listing", partner_id=partner_id))


def _provider(partner_id: UUID) -> PartnerView:
    """Return the data provider; 404 for a partner of another kind, which issues its own."""
    with hub().database.reading() as connection:
        found = partner(connection, partner_id)
    return found if found is not None and found.kind == PartnerKind.DATA_PROVIDER else abort(404)


def _token(token: str) -> str:
    return render_template("firm/credential.html", token=token, place="provider_credentials")


def _show(partner_id: UUID, form: Form, status: int = 200) -> ResponseReturnValue:
    found = _provider(partner_id)
    with hub().database.reading() as connection:
        known = queries.credentials_of(connection, found.id)
    return render_template(
        "firm/credentials.html", form=form, credentials=known, labels=PERMISSION_NAMES, overlaps=OVERLAPS, now=hub().clock.now(),
        place="provider_credentials", of=found,
    ), status  # fmt: skip
