"""The explorer of a firm's own released goods, and the rows behind its numbers; see ``web.exploring``."""

from decimal import Decimal

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.kernel.clock import SHANGHAI
from ccezone.statistics.queries.explorer import FIRM_ROWS, ROWS
from ccezone.statistics.queries.firm_goods import firm_goods_rows, firm_goods_sum
from ccezone.statistics.rules import EVERY, YUAN
from ccezone.web.exploring import Place, handed_out, shown
from ccezone.web.firm.declarations.words import FLOWS
from ccezone.web.hub import hub
from ccezone.web.office.monitor import words
from ccezone.web.office.monitor.asking import asked_goods
from ccezone.web.office.monitor.views import Cell
from ccezone.web.shell.access import current_enterprise_id, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, page

blueprint = Blueprint("own_explorer", __name__, url_prefix="/firm/explore")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA, _l("数据探索"), "own_explorer.show", frozenset({Role.FIRM}), order=56,
            note=_l("本企业放行商品：自选行、列、指标和日期，出表、出图、导出"),
        ),
    ),
)  # fmt: skip
_PLACE = Place(
    "own_explorer.show", "own_explorer.file", "own_explorer.goods", "figures.show", _l("本企业统计"),
    _l("本企业放行商品，按放行或结关日期（北京时间）统计，数秒内更新；所选内容都在网址中。点击数字查看对应清单。"), FIRM_ROWS,
)  # fmt: skip
_BY = {EVERY, "flow", *(by for row in FIRM_ROWS for by in (row, ROWS[row]) if by != "month")}
"""What a number of the page may count by: nothing that names another enterprise."""


@blueprint.get("")
@firm_only
def show() -> ResponseReturnValue:
    """Show the table one chose, and its picture."""
    return shown(_PLACE, current_enterprise_id())


@blueprint.get("/table.<any(csv, xlsx):suffix>")
@firm_only
def file(suffix: str) -> Response:
    """Hand the same table out, all rows of it."""
    return handed_out(_PLACE, suffix, current_enterprise_id())


@blueprint.get("/goods")
@firm_only
def goods() -> ResponseReturnValue:
    """Show the firm's released goods behind a number."""
    today = hub().clock.now().astimezone(SHANGHAI).date()
    asked, firm = asked_goods((today.replace(month=1, day=1), today)), current_enterprise_id()
    if asked.by not in _BY or asked.bucket is not None or asked.before is not None:
        abort(400)
    with hub().database.reading() as connection:
        try:
            rows = firm_goods_rows(connection, firm, asked, request.args.get("after", ""), PAGE + 1)
        except ValueError:
            abort(400)
        whole = firm_goods_sum(connection, firm, asked)
        name = words.namer(connection, asked.by, [asked.key]) if asked.by != EVERY else None
    values = dict(whole.values)
    told = Cell(whole.lists, "", values.pop(YUAN, Decimal(0)), values)
    return render_template(
        "explorer/goods.html", page=page(rows, lambda row: row.cursor), goods=asked, whole=told,
        shown=name(asked.key) if name else "", flows=FLOWS,
    )  # fmt: skip
