"""The register of nodes: hub, branches, front windows, overseas nodes; officers add and change them (一网多点)."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Role
from ccezone.enterprises import service
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import NodeView, node_by_id, nodes
from ccezone.enterprises.rules.nodes import NodeKind
from ccezone.kernel.errors import Fault, Refused
from ccezone.web.hub import hub
from ccezone.web.registering.fields import BadDay, day_or_none
from ccezone.web.registering.reading import today
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts

blueprint = Blueprint("nodes", __name__, url_prefix="/office/nodes")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("节点管理"),
            "nodes.listing",
            frozenset({Role.ZONE_OFFICER, Role.ADMIN, Role.AUDITOR}),
            order=65,
            note=_l("综合平台、分平台、前置服务窗口与境外分节点"),
        ),
    ),
)
KIND_NAMES: dict[str, LazyString] = {
    NodeKind.HUB: _l("综合平台"),
    NodeKind.BRANCH: _l("分平台"),
    NodeKind.WINDOW: _l("前置服务窗口"),
    NodeKind.OVERSEAS: _l("境外分节点"),
}


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List the nodes, each with the number of firms that belong to it."""
    with hub().database.reading() as connection:
        found = nodes(connection)
        firms = [firm.node for firm in directory(connection).by_id.values()]
    counts = {node.code: firms.count(node.code) for node in found}
    return render_template("office/nodes.html", nodes=found, counts=counts, kinds=KIND_NAMES, today=today())


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty node."""
    return _show({"open_from": today().isoformat()}, None)


@blueprint.post("/new")
@officer_only
def add() -> ResponseReturnValue:
    """Add a node."""
    return _save(None)


@blueprint.get("/<uuid:node_id>")
@officer_only
def edit(node_id: UUID) -> ResponseReturnValue:
    """Show a node to change it."""
    known = _known(node_id)
    return _show({name: str(value or "") for name, value in asdict(known).items()}, known)


@blueprint.post("/<uuid:node_id>")
@officer_only
def change(node_id: UUID) -> ResponseReturnValue:
    """Change a node; its code stays."""
    return _save(_known(node_id))


def _save(known: NodeView | None) -> ResponseReturnValue:
    fields = _fields(known)
    values = {**texts(submitted(fields)), **({"code": known.code} if known else {})}
    try:
        faults = faults_of_form(fields, values)
        if faults:
            raise Refused(*faults)
        entry = _entry(values)
        with hub().database.begin() as uow:
            if known is None:
                service.add_node(uow, entry, current_principal(), hub().clock)
            else:
                service.change_node(uow, known.id, entry, current_principal(), hub().clock)
    except Refused as refused:
        return _show(values, known, refused.faults)
    flash(_("节点已保存。"))
    return redirect(url_for("nodes.listing"))


def _entry(values: dict[str, str]) -> service.NodeEntry:
    try:
        begins, ends = day_or_none(values["open_from"], "/open_from"), day_or_none(values["open_to"], "/open_to")
    except BadDay as bad:
        raise Refused(bad.fault) from None
    if begins is None:
        raise Refused(Fault("/open_from", "required"))
    plain = {name: values[name] for name in ("kind", "name", "name_en", "address", "country", "document")}
    return service.NodeEntry(code=values["code"].upper(), parent=values["parent"] or None, open_from=begins, open_to=ends, **plain)


def _known(node_id: UUID) -> NodeView:
    with hub().database.reading() as connection:
        return node_by_id(connection, node_id) or abort(404)


def _fields(known: NodeView | None) -> Sequence[Field]:
    with hub().database.reading() as connection:
        others = tuple(
            (node.code, f"{node.code} {node.name}") for node in nodes(connection) if known is None or node.id != known.id
        )
    return (
        Field("code", _l("节点代码"), required=True, max_length=20, help=_l("2—20 位大写字母、数字和连字符；保存后不能修改。")),
        Field("kind", _l("节点类型"), "select", required=True, options=tuple(KIND_NAMES.items())),
        Field("name", _l("名称"), required=True, max_length=100),
        Field("name_en", _l("英文名称"), max_length=200),
        Field("parent", _l("上级节点"), "select", options=others, help=_l("综合平台没有上级。")),
        Field("address", _l("地址"), max_length=200),
        Field("country", _l("所在国（地区）"), codes="countries", help=_l("境外分节点必填。")),
        Field("document", _l("设立依据"), max_length=200),
        Field("open_from", _l("启用日期"), "date", required=True),
        Field("open_to", _l("停用日期"), "date", help=_l("最后一个服务日；未定时留空。")),
    )


def _show(values: Values, known: NodeView | None, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    form = Form(_fields(known), values, faults)
    return render_template("office/node_form.html", form=form, node=known), 422 if faults else 200
