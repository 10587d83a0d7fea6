"""Webhooks of an enterprise: where it is told of what, the delivery log, replay, a test (Standard Webhooks)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Permission, Principal, Role
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.notices.queries import webhooks as queries
from ccezone.notices.queries.webhooks import TEST_KIND, EndpointView, webhook_kinds
from ccezone.notices.service import webhooks as service
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, posted_version, submitted, texts
from ccezone.web.shell.i18n import language
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("webhooks", __name__, url_prefix="/firm/webhooks")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("事件推送"),
            "webhooks.listing",
            frozenset({Role.FIRM}),
            order=92,
            note=_l("状态变化时自动通知企业系统"),
        ),
    ),
)
URL = Field("url", _l("推送地址"), required=True, max_length=500, help=_l("以 https:// 开头的公网地址。"))
NOTE = Field("note", _l("用途说明"), max_length=100, help=_l("例如：ERP 系统。"))
STATES: Mapping[str, tuple[LazyString, str]] = {
    "waiting": (_l("待推送"), "info"),
    "delivered": (_l("已送达"), "good"),
    "failed": (_l("未送达"), "bad"),
}
DISABLED: Mapping[str, LazyString] = {
    "by_hand": _l("已停用"),
    "gone": _l("已停用：对方答复不再接收（410）"),
    "failing": _l("已停用：连续 5 天推送失败"),
}
ERRORS: Mapping[str, LazyString] = {
    "dns": _l("域名无法解析"),
    "address_refused": _l("域名指向非公网地址，拒绝连接"),
    "insecure": _l("不是 https 地址，拒绝连接"),
    "refused": _l("对方拒绝连接"),
    "unreachable": _l("无法连接"),
    "timeout": _l("超时"),
    "tls": _l("证书或加密握手失败"),
    "no_http": _l("对方答复不是 HTTP"),
}


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the endpoints, and offer a new one."""
    entitled()
    return _show_all(Form(fields()))


@blueprint.post("")
@firm_only
def create() -> ResponseReturnValue:
    """Add an endpoint and show its secret, this once."""
    values = submitted(fields())
    try:
        wish = _wish(values, enabled=True)
        with hub().database.begin() as uow:
            issued = service.create_endpoint(
                uow, hub().vault, current_enterprise_id(), wish, entitled(), hub().clock, private_allowed=_private_allowed()
            )
    except Refused as refused:
        return _show_all(Form(fields(), values, refused.faults), 422)
    return render_template("webhooks/secret.html", issued=issued, new=True)


@blueprint.get("/<uuid:endpoint_id>")
@firm_only
def detail(endpoint_id: UUID) -> ResponseReturnValue:
    """Show one endpoint with its delivery log."""
    found = _own(endpoint_id)
    kinds = found.kinds or tuple(_offered())
    return _show(found, Form(fields(), {"url": found.url, "note": found.note, "kinds": kinds}))


@blueprint.post("/<uuid:endpoint_id>")
@firm_only
def change(endpoint_id: UUID) -> ResponseReturnValue:
    """Change an endpoint; what somebody else changed meanwhile is not overwritten."""
    found, values = _own(endpoint_id), submitted(fields())
    try:
        _change(endpoint_id, _wish(values, enabled=found.enabled), posted_version())
    except Refused as refused:
        return _show(found, Form(fields(), values, refused.faults), 422)
    flash(_("推送地址已保存。"))
    return redirect(url_for("webhooks.detail", endpoint_id=endpoint_id))


@blueprint.post("/<uuid:endpoint_id>/enabled")
@firm_only
def switch(endpoint_id: UUID) -> ResponseReturnValue:
    """Switch an endpoint on or off."""
    found, wanted = _own(endpoint_id), request.form.get("enabled") == "1"
    _change(endpoint_id, service.EndpointWish(found.url, found.note, found.kinds, wanted), None)
    flash(_("推送地址已启用。") if wanted else _("推送地址已停用。"))
    return redirect(url_for("webhooks.detail", endpoint_id=endpoint_id))


@blueprint.post("/<uuid:endpoint_id>/secret")
@firm_only
def rotate(endpoint_id: UUID) -> ResponseReturnValue:
    """Change the secret and show the new one, this once."""
    with hub().database.begin() as uow:
        issued = service.rotate_secret(uow, hub().vault, current_enterprise_id(), endpoint_id, entitled(), hub().clock)
    return render_template("webhooks/secret.html", issued=issued, new=False)


@blueprint.post("/<uuid:endpoint_id>/remove")
@firm_only
def remove(endpoint_id: UUID) -> ResponseReturnValue:
    """Remove an endpoint and its log."""
    with hub().database.begin() as uow:
        service.remove_endpoint(uow, current_enterprise_id(), endpoint_id, entitled(), hub().clock)
    flash(_("推送地址已删除。"))
    return redirect(url_for("webhooks.listing"))


@blueprint.post("/<uuid:endpoint_id>/test")
@firm_only
def test(endpoint_id: UUID) -> ResponseReturnValue:
    """Send a test event, and show what becomes of it."""
    entitled()
    try:
        with hub().database.begin() as uow:
            event_id = service.send_test(uow, current_enterprise_id(), endpoint_id, hub().clock)
    except Refused as refused:
        return _refused(endpoint_id, refused)
    return redirect(url_for("webhooks.delivery", endpoint_id=endpoint_id, event_id=event_id))


@blueprint.post("/<uuid:endpoint_id>/replay")
@firm_only
def replay_failed(endpoint_id: UUID) -> ResponseReturnValue:
    """Deliver again what failed since a day."""
    try:
        since = _since(request.form.get("since", ""))
        with hub().database.begin() as uow:
            number = service.replay_failed(uow, current_enterprise_id(), endpoint_id, since, entitled(), hub().clock)
    except Refused as refused:
        return _refused(endpoint_id, refused)
    flash(_("%(number)s 个事件将重新推送。", number=f"{number:,}"))
    return redirect(url_for("webhooks.detail", endpoint_id=endpoint_id))


@blueprint.get("/<uuid:endpoint_id>/<uuid:event_id>")
@firm_only
def delivery(endpoint_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Show one delivery: the body as it is sent, and every attempt; to htmx the part that changes."""
    found = _own(endpoint_id)
    with hub().database.reading() as connection:
        known = queries.delivery(connection, endpoint_id, event_id) or abort(404)
        payload = queries.payload_of(connection, event_id)
        attempts = queries.attempts_of(connection, endpoint_id, event_id)
    part = "webhooks/attempts.html" if request.headers.get("HX-Request") else "webhooks/delivery.html"
    return render_template(
        part, endpoint=found, delivery=known, payload=payload, attempts=attempts, states=STATES, errors=ERRORS, label=label
    )


@blueprint.post("/<uuid:endpoint_id>/<uuid:event_id>/replay")
@firm_only
def replay(endpoint_id: UUID, event_id: UUID) -> ResponseReturnValue:
    """Deliver one event again."""
    try:
        with hub().database.begin() as uow:
            service.replay(uow, current_enterprise_id(), endpoint_id, event_id, entitled(), hub().clock)
    except Refused as refused:
        return _refused(endpoint_id, refused)
    flash(_("该事件将重新推送。"))
    return redirect(url_for("webhooks.delivery", endpoint_id=endpoint_id, event_id=event_id))


def fields() -> tuple[Field, ...]:
    """The fields of an endpoint; the kinds stand in the reader's language."""
    return (URL, NOTE, Field("kinds", _l("推送哪些事件"), "checkboxes", required=True, options=tuple(_offered().items())))


def label(kind: str) -> str:
    """Name a kind of event in the reader's language."""
    return queries.kind_label(kind, language())


def entitled() -> Principal:
    """Return who acts; 403 for whoever may not set webhooks up."""
    principal = current_principal()
    return principal if principal.may(Permission.WEBHOOKS_WRITE) else abort(403)


def _offered() -> dict[str, str]:
    return {code: label(code) for code in webhook_kinds() if code != TEST_KIND}


def _private_allowed() -> bool:
    return hub().settings.webhooks_private


def _own(endpoint_id: UUID) -> EndpointView:
    entitled()
    with hub().database.reading() as connection:
        return queries.endpoint(connection, current_enterprise_id(), endpoint_id) or abort(404)


def _wish(values: Values, *, enabled: bool) -> service.EndpointWish:
    """Read the form; every kind ticked means all, those to come too. Raises ``Refused``."""
    faults = faults_of_form(fields(), values)
    if faults:
        raise Refused(*faults)
    typed, kinds = texts(values), set(values["kinds"])
    return service.EndpointWish(typed["url"], typed["note"], [] if kinds == set(_offered()) else sorted(kinds), enabled)


def _change(endpoint_id: UUID, wish: service.EndpointWish, version: int | None) -> None:
    with hub().database.begin() as uow:
        service.change_endpoint(
            uow,
            current_enterprise_id(),
            endpoint_id,
            wish,
            entitled(),
            hub().clock,
            version=version,
            private_allowed=_private_allowed(),
        )


def _since(day: str) -> datetime:
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refused(Fault("/since", "bad_day", {"value": day[:20]})) from None


def _refused(endpoint_id: UUID, refused: Refused) -> ResponseReturnValue:
    found = _own(endpoint_id)
    return _show(found, Form(fields(), {"url": found.url, "note": found.note, "kinds": found.kinds}, refused.faults), 422)


def _show_all(form: Form, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found = queries.endpoints_of(connection, current_enterprise_id())
        counts = queries.counts_of(connection, [each.id for each in found])
    if not form.values:
        form = Form(form.fields, {"kinds": tuple(_offered())}, form.faults)
    page_of = render_template("webhooks/listing.html", form=form, endpoints=found, counts=counts, disabled=DISABLED, label=label)
    return page_of, status


def _show(found: EndpointView, form: Form, status: int = 200) -> ResponseReturnValue:
    state = request.args.get("state", "")
    if state and state not in STATES:
        abort(400)
    with hub().database.reading() as connection:
        rows = queries.deliveries_of(connection, found.id, state, "", after_id(), PAGE + 1)
        counts = queries.counts_of(connection, [found.id])[found.id]
    yesterday = hub().clock.now().astimezone(SHANGHAI) - timedelta(days=1)
    return (
        render_template(
            "webhooks/detail.html",
            endpoint=found,
            form=form,
            page=page(rows, lambda row: row.event_id),
            state=state,
            states=STATES,
            counts=counts,
            disabled=DISABLED,
            errors=ERRORS,
            label=label,
            since=f"{yesterday:%Y-%m-%d}",
            now=hub().clock.now(),
        ),
        status,
    )
