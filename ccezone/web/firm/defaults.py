"""Declaration defaults of an enterprise: what every list of a mode and direction has in common."""

from dataclasses import asdict, replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Role
from ccezone.declarations.service import recheck_lists
from ccezone.enterprises import queries, service
from ccezone.enterprises.rules import NEEDED, Flow, TradeMode
from ccezone.kernel.errors import Refused
from ccezone.web.firm.seen import demand_seen, version
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, faults_of_form, submitted, texts

blueprint = Blueprint("defaults", __name__, url_prefix="/firm/defaults")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("申报默认值"),
            "defaults.overview",
            frozenset({Role.FIRM}),
            order=40,
            note=_l("按监管方式预设关区、代理与运输信息"),
        ),
    ),
)
MODES: dict[tuple[str, str], LazyString] = {
    (TradeMode.DIRECT, Flow.EXPORT): _l("9610 直购出口"),
    (TradeMode.DIRECT, Flow.IMPORT): _l("9610 直购进口"),
    (TradeMode.BONDED, Flow.IMPORT): _l("1210 网购保税进口"),
    (TradeMode.BONDED, Flow.EXPORT): _l("1210 特殊区域出口"),
    (TradeMode.BETWEEN_FIRMS, Flow.EXPORT): _l("9710 B2B 直接出口"),
    (TradeMode.WAREHOUSE, Flow.EXPORT): _l("9810 出口海外仓"),
}

_COMMON = (
    Field("customs_code", _l("申报地海关"), codes="customs_districts", max_length=4),
    Field("port_code", _l("口岸海关"), codes="customs_districts", max_length=4),
    Field("agent_code", _l("申报企业代码"), max_length=18),
    Field("agent_name", _l("申报企业名称"), max_length=100),
    Field("transport_mode", _l("运输方式"), codes="transport_modes"),
    Field("transport_name", _l("运输工具名称（编号）"), max_length=100),
    Field("voyage_no", _l("航班航次号"), max_length=32),
    Field("bill_no", _l("提运单号"), max_length=37),
    Field("wrap_type", _l("包装种类"), codes="package_types"),
    Field("loct_no", _l("监管场所代码"), max_length=10),
    Field("license_no", _l("许可证号"), max_length=19),
    Field("bonded_enterprise_code", _l("区内企业代码"), max_length=18),
    Field("bonded_enterprise_name", _l("区内企业名称"), max_length=100),
    Field("ems_no", _l("账册编号"), max_length=30),
    Field("country", _l("启运国／运抵国（地区）"), codes="countries"),
    Field("note", _l("备注"), max_length=1000),
)
_EXPORT = (
    Field("declaration_path", _l("申报业务类型"), codes="statistics_flag"),
    Field("owner_code", _l("生产销售单位代码"), max_length=18, help=_l("生产销售单位未注册时填 NO。")),
    Field("owner_name", _l("生产销售单位名称"), max_length=100),
    Field("pod", _l("指运港代码"), max_length=4),
    Field("total_package_no", _l("总包号"), max_length=37),
    Field("freight_flag", _l("运费标志"), codes="fee_flag"),
    Field("insurance_flag", _l("保费标志"), codes="fee_flag"),
)
_IMPORT = (
    Field("assure_code", _l("担保企业编号"), max_length=30),
    Field("trade_country", _l("贸易国"), codes="countries"),
)


@blueprint.get("")
@firm_only
def overview() -> ResponseReturnValue:
    """Show which modes have defaults."""
    enterprise_id = current_enterprise_id()
    with hub().database.reading() as connection:
        found = queries.defaults_of(connection, [enterprise_id])
    kept = {(trade_mode, flow): view for (_owner, trade_mode, flow), view in found.items()}
    return render_template("firm/defaults_overview.html", modes=MODES, kept=kept)


@blueprint.get("/<trade_mode>/<flow>")
@firm_only
def edit(trade_mode: str, flow: str) -> ResponseReturnValue:
    """Show the defaults of one mode; a new one starts from what another mode already says."""
    fields, enterprise_id = _fields(trade_mode, flow), current_enterprise_id()
    with hub().database.reading() as connection:
        found = queries.defaults_of(connection, [enterprise_id])
    known = found.get((enterprise_id, trade_mode, flow))
    view = known or next(iter(found.values()), None)
    return _show(Form(fields, asdict(view) if view else {}), trade_mode, flow, known)


@blueprint.post("/<trade_mode>/<flow>")
@firm_only
def save(trade_mode: str, flow: str) -> ResponseReturnValue:
    """Save the defaults of one mode."""
    fields = _fields(trade_mode, flow)
    values = texts(submitted(fields))
    faults, key = faults_of_form(fields, values), (current_enterprise_id(), trade_mode, flow)
    with hub().database.reading() as connection:
        stands = queries.defaults_of(connection, [key[0]]).get(key)
    try:
        if faults:
            raise Refused(*faults)
        chosen = {name: value for name, value in values.items() if value or name not in _CHOSEN_ANYWAY}
        entry = service.DefaultsEntry(trade_mode=trade_mode, flow=flow, **chosen)
        with hub().database.begin() as uow:
            service.hold_defaults(uow, *key)
            stands = queries.defaults_of(uow.connection, [key[0]]).get(key)
            demand_seen(stands)
            service.save_defaults(uow, current_enterprise_id(), entry, hub().clock)
            recheck_lists(uow, current_enterprise_id(), hub().clock)
    except Refused as refused:
        return _show(Form(fields, values, refused.faults), trade_mode, flow, stands, 422)
    flash(_("%(mode)s 的申报默认值已保存。", mode=MODES[(trade_mode, flow)]))
    return redirect(url_for("defaults.overview"))


def field_label(name: str) -> LazyString | str:
    """Return what a default is called on its form."""
    return next((known.label for known in (*_COMMON, *_EXPORT, *_IMPORT) if known.name == name), name)


_CHOSEN_ANYWAY = frozenset({"declaration_path", "freight_flag", "insurance_flag"})


def _fields(trade_mode: str, flow: str) -> tuple[Field, ...]:
    """Return the fields of a mode, those its lists cannot do without marked as required."""
    needed = NEEDED.get((trade_mode, flow))
    if needed is None:
        abort(404)
    fields = _COMMON + (_EXPORT if flow == Flow.EXPORT else _IMPORT)
    return tuple(replace(known, required=known.name in needed) for known in fields)


def _show(form: Form, trade_mode: str, flow: str, known: queries.DefaultsView | None, status: int = 200) -> ResponseReturnValue:
    unseen = any(fault.code == "changed_meanwhile" for fault in form.faults)
    body = render_template(
        "firm/defaults.html",
        form=form,
        mode=MODES[(trade_mode, flow)],
        trade_mode=trade_mode,
        flow=flow,
        version=version(known),
        stored=asdict(known) if known and unseen else None,
    )
    return body, status
