"""The explorer of the zone's figures, for the office; see ``web.exploring``."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.web.exploring import Place, handed_out, shown
from ccezone.web.shell.access import office_readers
from ccezone.web.shell.feature import Feature, Group, MenuEntry

blueprint = Blueprint("explorer", __name__, url_prefix="/office/explore")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA, _l("数据探索"), "explorer.show", frozenset({Role.ZONE_OFFICER, Role.AUDITOR}), order=5,
            note=_l("自选行、列、指标和日期，出表、出图、导出"),
        ),
    ),
)  # fmt: skip
_PLACE = Place(
    "explorer.show", "explorer.file", "monitor.goods", "monitor.show", _l("业务量监控"),
    _l("放行商品，取自汇总数据；所选内容都在网址中，可直接转发。点击数字查看对应清单。"),
)  # fmt: skip


@blueprint.get("")
@office_readers
def show() -> ResponseReturnValue:
    """Show the table one chose, and its picture."""
    return shown(_PLACE, None)


@blueprint.get("/table.<any(csv, xlsx):suffix>")
@office_readers
def file(suffix: str) -> Response:
    """Hand the same table out, all rows of it."""
    return handed_out(_PLACE, suffix, None)
