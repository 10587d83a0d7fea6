"""Authorities: a firm lets an agent act for it, an agent accepts and picks for whom it works (委托授权)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Principal, Role
from ccezone.accounts.service import record, work_under
from ccezone.enterprises import service
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.authorities import (
    AuthorityView,
    authorities_given,
    authorities_held,
    authorities_in_force,
)
from ccezone.enterprises.rules import Flow
from ccezone.enterprises.rules.authority import ACTIONS, AGENTS, MODES, AuthorityState
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.web.firm.staff import PERMISSION_NAMES
from ccezone.web.hub import hub
from ccezone.web.public.home import local_place
from ccezone.web.registering.fields import BadDay, day_or_none
from ccezone.web.registering.reading import today
from ccezone.web.registering.words import MODE_NAMES
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only, session_token
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts

blueprint = Blueprint("authorities", __name__, url_prefix="/firm/authorities")
FIRM = frozenset({Role.FIRM})


def _offered(connection: Connection, principal: Principal) -> int:
    if principal.enterprise_id is None or principal.acting:
        return 0
    held = authorities_held(connection, principal.enterprise_id)
    return sum(each.state(today()) is AuthorityState.PROPOSED for each in held)


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("委托授权"),
            "authorities.listing",
            FIRM,
            order=56,
            note=_l("授权报关企业或外综服企业代办，或接受委托"),
        ),
    ),
    todo=(Todo(_l("委托授权待您接受"), "authorities.listing", FIRM, _offered),),
)
FLOW_NAMES: dict[str, LazyString] = {Flow.EXPORT: _l("出口"), Flow.IMPORT: _l("进口")}
STATE_NAMES: dict[str, LazyString] = {
    AuthorityState.PROPOSED: _l("待接受"),
    AuthorityState.DECLINED: _l("已谢绝"),
    AuthorityState.FUTURE: _l("未生效"),
    AuthorityState.IN_FORCE: _l("有效"),
    AuthorityState.EXPIRED: _l("已到期"),
    AuthorityState.REVOKED: _l("已终止"),
}
STATE_TONES = {AuthorityState.IN_FORCE: "good", AuthorityState.PROPOSED: "info", AuthorityState.FUTURE: "info"}
FIELDS = (
    Field(
        "agent_code",
        _l("受托企业代码"),
        required=True,
        max_length=18,
        help=_l("报关企业或外综服企业的统一社会信用代码或海关注册编码。"),
    ),
    Field("modes", _l("业务模式"), "checkboxes", required=True, options=tuple((mode, MODE_NAMES[mode]) for mode in MODES)),
    Field("flows", _l("进出口"), "checkboxes", required=True, options=tuple(FLOW_NAMES.items())),
    Field(
        "actions", _l("可办事项"), "checkboxes", required=True, options=tuple((each, PERMISSION_NAMES[each]) for each in ACTIONS)
    ),
    Field("valid_from", _l("生效日期"), "date", required=True),
    Field("valid_to", _l("截止日期"), "date", help=_l("最后一天；留空则长期有效，可随时撤销。")),
    Field("note", _l("备注（委托协议编号等）"), max_length=200),
)


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List what the firm granted, and what it was entrusted with."""
    own = current_enterprise_id()
    with hub().database.reading() as connection:
        given, held = authorities_given(connection, own), authorities_held(connection, own)
        firm = directory(connection).by_id.get(own)
    agent = firm is not None and bool(firm.roles & AGENTS)
    return _render("listing", given=given, held=held, agent=agent)


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty authority."""
    return _show(Form(FIELDS, {"valid_from": today().isoformat(), "agent_code": request.args.get("agent", "")[:18]}))


@blueprint.post("/new")
@firm_only
def grant() -> ResponseReturnValue:
    """Grant an authority; it holds once the agent has accepted it."""
    values = submitted(FIELDS)
    try:
        faults = faults_of_form(FIELDS, values)
        if faults:
            raise Refused(*faults)
        begins, ends = _days(texts(values))
        plain = texts(values)
        wanted = service.Grant(
            plain["agent_code"], values["modes"], values["flows"], values["actions"], begins, ends, plain["note"]
        )
        with hub().database.begin() as uow:
            service.grant_authority(uow, current_enterprise_id(), wanted, current_principal(), hub().clock)
    except Refused as refused:
        return _show(Form(FIELDS, values, refused.faults))
    flash(_("授权已发出，受托企业接受后生效。"))
    return redirect(url_for("authorities.listing"))


@blueprint.post("/<uuid:authority_id>/answer")
@firm_only
def answer(authority_id: UUID) -> ResponseReturnValue:
    """Accept or decline an authority that was offered."""
    accept, by = request.form.get("accept") == "1", current_principal()
    with hub().database.begin() as uow:
        service.answer_authority(uow, authority_id, current_enterprise_id(), accept, by, hub().clock)
    flash(_("已接受委托。可在页面顶部切换企业办理。") if accept else _("已谢绝委托。"))
    return redirect(url_for("authorities.listing"))


@blueprint.post("/<uuid:authority_id>/revoke")
@firm_only
def revoke(authority_id: UUID) -> ResponseReturnValue:
    """End an authority, at once, from either side."""
    with hub().database.begin() as uow:
        service.revoke_authority(uow, authority_id, current_enterprise_id(), current_principal(), hub().clock)
    flash(_("授权已终止，立即生效。"))
    return redirect(url_for("authorities.listing"))


@blueprint.post("/act")
@firm_only
def act() -> ResponseReturnValue:
    """Choose for whom to work in this session: one's own firm, or one that authorised it."""
    principal, wanted = current_principal(), request.form.get("authority", "")
    home = principal.home_id or principal.enterprise_id
    chosen: AuthorityView | None = None
    with hub().database.begin() as uow:
        if wanted:
            held = authorities_in_force(uow.connection, home, today()) if home else ()
            chosen = next((each for each in held if str(each.id) == wanted), None)
            if chosen is None:
                raise Refused(Fault("", "authority_ended"))
        work_under(uow, session_token(), chosen.id if chosen else None)
        if chosen:
            detail = {"authority": str(chosen.id), "agent": str(home)}
            record(uow, principal, "acting.begin", f"enterprise:{chosen.owner_id}", hub().clock, detail)
    flash(_("现在代理：%(name)s", name=chosen.owner_name) if chosen else _("现在为本企业办理。"))
    return redirect(local_place("", "home.desk"))


def _days(typed: dict[str, str]) -> tuple[date, date | None]:
    try:
        begins, ends = day_or_none(typed["valid_from"], "/valid_from"), day_or_none(typed["valid_to"], "/valid_to")
    except BadDay as bad:
        raise Refused(bad.fault) from None
    if begins is None:
        raise Refused(Fault("/valid_from", "required"))
    return begins, ends


def _show(form: Form) -> ResponseReturnValue:
    return _render("grant", form=form), 422 if form.faults else 200


def _render(page: str, **values: Form | Sequence[AuthorityView] | bool) -> str:
    return render_template(
        f"authorities/{page}.html",
        states=STATE_NAMES,
        tones=STATE_TONES,
        flows=FLOW_NAMES,
        modes=MODE_NAMES,
        actions=PERMISSION_NAMES,
        today=today(),
        **values,
    )
