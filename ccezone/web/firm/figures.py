"""A firm's own figures: lists by day, mode, country and more; every number opens the lists it counts."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Permission, Role
from ccezone.kernel.clock import SHANGHAI
from ccezone.statistics.queries import BY, Span, figure_rows
from ccezone.statistics.queries import figures as figures_of
from ccezone.web.firm.declarations.words import FLOWS, TABS, duration
from ccezone.web.firm.figure_charts import charts_of
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, day_asked, page
from ccezone.web.shell.rendering import code_name

blueprint = Blueprint("figures", __name__, url_prefix="/firm/figures")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("本企业统计"),
            "figures.show",
            frozenset({Role.FIRM}),
            order=55,
            note=_l("清单数量、货值、通关时长，按日期、监管方式、国家等"),
        ),
    ),
)
NAMES: Mapping[str, LazyString] = {
    "day": _l("日"),
    "week": _l("周（起始日）"),
    "month": _l("月"),
    "flow": _l("进出口"),
    "mode": _l("监管方式"),
    "country": _l("国家（地区）"),
    "chapter": _l("商品章（HS 前两位）"),
    "stage": _l("状态"),
}
_USUAL = timedelta(days=29)
_LONGEST = timedelta(days=731)


@blueprint.get("")
@firm_only
def show() -> ResponseReturnValue:
    """Show the figures of some days, by one criterion."""
    span, by = _asked()
    with hub().database.reading() as connection:
        rows = figures_of(connection, span, by)

    def opened(key: str) -> str:
        return url_for("figures.rows", by=by, since=span.since, until=span.until, key=key)

    return render_template(
        "figures/show.html",
        span=span,
        by=by,
        names=NAMES,
        rows=rows,
        charts=charts_of(rows, span, by, _label, opened),
        most=max((row.lists for row in rows), default=0),
        total=sum(row.lists for row in rows),
        label=_label,
        duration=_duration,
    )


@blueprint.get("/rows")
@firm_only
def rows() -> ResponseReturnValue:
    """Show the lists behind a number."""
    span, by = _asked()
    key, only = request.args.get("key", "")[:20], request.args.get("only", "")
    after = request.args.get("after", "")
    if only not in ("", "released", "rejected") or (after and not (after.isascii() and after.isdecimal() and len(after) < 19)):
        abort(400)
    with hub().database.reading() as connection:
        found = figure_rows(connection, span, by, key, only, int(after) if after else None, PAGE + 1)
    return render_template(
        "figures/rows.html",
        span=span,
        by=by,
        names=NAMES,
        page=page(found, lambda row: row.id),
        shown=_label(by, key),
        label=_label,
        duration=_duration,
    )


def _asked() -> tuple[Span, str]:
    """Read criterion and days from the address: the last 30 days unless said otherwise; 403 without the right to see lists."""
    principal = current_principal()
    if not principal.may(Permission.DECLARATIONS_READ):
        abort(403)
    by = request.args.get("by") or "day"
    today = hub().clock.now().astimezone(SHANGHAI).date()
    until = day_asked("until") or today
    since = day_asked("since") or until - _USUAL
    if by not in BY or since > until or until - since > _LONGEST:
        abort(400)
    return Span(current_enterprise_id(), since, until), by


def _label(by: str, key: str) -> str:
    """Write a key of figures as people read it."""
    if by == "flow":
        return str(FLOWS.get(key, key))
    if by == "stage":
        return str(TABS.get(key, key))
    lists = {"mode": "supervision_modes", "country": "countries"}
    return code_name(key, lists[by]) if by in lists else key or "—"


def _duration(seconds: int | None) -> str:
    return "—" if seconds is None else duration(timedelta(seconds=seconds))
