"""The data standard for people: every official message and element, generated from the definitions the codec runs on."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.web.shell.access import public
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from schemas.derive.data_standard import standard, standards

blueprint = Blueprint("standard", __name__, url_prefix="/standard")
FEATURE = Feature(
    blueprint,
    menu=(MenuEntry(Group.SPECIAL, _l("数据标准"), "standard.index", order=80, note=_l("海关跨境电商报文与全部数据项，可打印")),),
)
PARTS = {
    "head": _l("表头"),
    "list": _l("表体"),
    "transfer": _l("传输信息"),
    "subscribe": _l("订阅信息"),
    "extend": _l("扩展信息"),
}
DEMANDS = {"M": _l("必填"), "C": _l("条件必填"), "O": _l("选填")}


@blueprint.get("")
@public
def index() -> ResponseReturnValue:
    """List all messages."""
    return render_template("public/standards.html", standards=standards())


@blueprint.get("/<message_type>")
@public
def message(message_type: str) -> ResponseReturnValue:
    """Show one message with all its elements."""
    try:
        found = standard(message_type)
    except KeyError:
        abort(404)
    return render_template("public/standard.html", standard=found, parts=PARTS, demands=DEMANDS)
