"""The node of somebody of the office: the system administrator says how far each sees (一网多点, data follow the node)."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts import queries, service
from ccezone.accounts.rules import Role
from ccezone.enterprises.queries.nodes import NodeView, nodes
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, roles_only
from ccezone.web.shell.feature import Feature
from ccezone.web.shell.forms import Field, Form, Values, faults_of_form, submitted, texts
from ccezone.web.shell.i18n import language

blueprint = Blueprint("user_nodes", __name__, url_prefix="/office/users")
FEATURE = Feature(blueprint)


@blueprint.get("/<uuid:user_id>/node")
@roles_only(Role.ADMIN)
def form(user_id: UUID) -> ResponseReturnValue:
    """Show where somebody belongs, and where they belonged before."""
    with hub().database.reading() as connection:
        return _show(user_id, {"node": _known(connection, user_id).node})


@blueprint.post("/<uuid:user_id>/node")
@roles_only(Role.ADMIN)
def assign(user_id: UUID) -> ResponseReturnValue:
    """Assign somebody to a node; it holds from their next request on."""
    with hub().database.begin() as uow:
        found = nodes(uow.connection)
        fields = _fields(found)
        values = texts(submitted(fields))
        try:
            if faults := faults_of_form(fields, values):
                raise Refused(*faults)
            known = {node.code for node in found}
            service.assign_node(uow, user_id, values["node"], values["reason"], known, current_principal(), hub().clock)
        except Refused as refused:
            _known(uow.connection, user_id)
            return _show(user_id, values, refused.faults)
    flash(_("所属节点已保存，即时生效。"))
    return redirect(url_for("users.listing"))


def node_name(node: NodeView | None, code: str) -> str:
    """Name a node in the reader's language."""
    if not code:
        return str(_("全区"))
    return code if node is None else f"{node.name_en if language() == 'en' and node.name_en else node.name} {code}"


def _known(connection: Connection, user_id: UUID) -> queries.UserView:
    """Somebody of the office; firms' people are kept by their firms."""
    found = queries.user(connection, user_id)
    return abort(404) if found is None or found.role == Role.FIRM else found


def _fields(found: Sequence[NodeView]) -> tuple[Field, ...]:
    options = tuple((node.code, node_name(node, node.code)) for node in found)
    help_text = _l("只能看到本节点及下级节点所属企业的数据；不选为全区。")
    return (
        Field("node", _l("所属节点"), "select", options=options, help=help_text),
        Field("reason", _l("理由"), required=True, max_length=200, help=_l("任命或调动文件、岗位。")),
    )


def _show(user_id: UUID, values: Values, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        found, known = _known(connection, user_id), {node.code: node for node in nodes(connection)}
        history = [each for each in queries.audit_of(connection, f"user:{user_id}") if each.action == service.ASSIGNED]
        actors = {each.actor: UUID(each.actor.partition(":")[2]) for each in history}
        names = queries.names_of(connection, actors.values())
    shown = Form(_fields(list(known.values())), values, faults)
    people = {actor: names.get(number, "—") for actor, number in actors.items()}
    words = {code: node_name(known.get(code), code) for each in history for code in (each.detail["from"], each.detail["to"])}
    page = render_template("office/user_node.html", form=shown, user=found, history=history, people=people, words=words)
    return page, 422 if faults else 200
