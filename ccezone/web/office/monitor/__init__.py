"""The zone's volumes as they come: tiles, hours, funnel, rankings, times to clear; on a desk, and large on a wall.

Every number opens the very rows it counts. Pages read totals that the background worker keeps; they never look lists through.
"""

from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.kernel.clock import SHANGHAI
from ccezone.statistics.queries import STEPS, Goods, Orders, Sum, added, counted, funnels, goods_rows, order_rows
from ccezone.statistics.queries.strands import strand_rows
from ccezone.statistics.queries.strands import strands as strands_of
from ccezone.statistics.rules import EVERY
from ccezone.storage import Connection
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.firm.declarations.words import FLOWS
from ccezone.web.hub import hub
from ccezone.web.office.monitor import charts, exporting, strands, words
from ccezone.web.office.monitor.asking import asked_days, asked_goods
from ccezone.web.office.monitor.views import View, cell, view
from ccezone.web.shell.access import OFFICERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("monitor", __name__, url_prefix="/office/monitor")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(Group.DATA, _l("业务量监控"), "monitor.show", OFFICE, order=4, note=_l("放行商品、申报漏斗、通关时长，可投大屏")),
    ),
)


@blueprint.get("")
@office_readers
def show() -> ResponseReturnValue:
    """Show the monitor of a span; to the page itself, which asks again, only what moves."""
    found = _view(request.args.get("span") or "month")
    with hub().database.reading() as connection:
        after = strands.stages(connection, found.span.since, found.span.until)
    values = {"view": found, "after": after, "spans": words.SPANS, "names": words.BY, "flows": FLOWS, "limit": words.limit}
    return render_template("monitor/show.html", drawn=charts.of(found), **values)


@blueprint.get("/wall")
@office_readers
def wall() -> ResponseReturnValue:
    """Show the same large, for a screen that nobody sits at."""
    found = _view(request.args.get("span") or "today")
    values = {"view": found, "spans": words.SPANS, "flows": FLOWS, "limit": words.limit}
    return render_template("monitor/wall.html", drawn=charts.of(found), **values)


@blueprint.get("/goods")
@office_readers
def goods() -> ResponseReturnValue:
    """Show the released goods behind a number."""
    asked = asked_goods()
    with hub().database.reading() as connection:
        try:
            rows = goods_rows(connection, asked, request.args.get("after", ""), PAGE + 1)
        except ValueError:
            abort(400)
        whole = _sum(connection, asked)
        name = words.namer(connection, asked.by, [asked.key]) if asked.by != EVERY else None
    return render_template(
        "monitor/goods.html",
        page=page(rows, lambda row: row.cursor),
        goods=asked,
        whole=cell(whole, asked),
        shown=name(asked.key) if name else "",
        bucket=None if asked.bucket is None else words.bucket(asked.bucket),
        flows=FLOWS,
        exports=current_principal().role in OFFICERS,
    )


@blueprint.get("/orders")
@office_readers
def orders() -> ResponseReturnValue:
    """Show the orders behind a number of the funnel."""
    since, until = asked_days()
    step, flow = request.args.get("step", "arrived"), request.args.get("flow", "")
    if step not in STEPS or flow not in ("", *FLOWS):
        abort(400)
    with hub().database.reading() as connection:
        try:
            rows = order_rows(connection, Orders(since, until, step, flow), request.args.get("after", ""), PAGE + 1)
        except ValueError:
            abort(400)
        whole = sum(each.counts[step] for each in funnels(connection, since, until) if flow in ("", each.flow))
    return render_template(
        "monitor/orders.html",
        page=page(rows, lambda row: row.cursor),
        since=since,
        until=until,
        step=words.STEPS[step],
        flow=FLOWS.get(flow),
        whole=whole,
        flows=FLOWS,
    )


@blueprint.get("/strands/<stage>")
@office_readers
def strand(stage: str) -> ResponseReturnValue:
    """Show the exported goods that came so far after their release."""
    since, until = asked_days()
    with hub().database.reading() as connection:
        found = {each.name: each for each in strands_of(connection, since, until)}
        if stage not in found:
            abort(404)
        rows = strand_rows(connection, stage, since, until, after_id(), PAGE + 1)
    shown = {"since": since, "until": until, "title": strands.NAMES[stage], "whole": found[stage]}
    return render_template("monitor/strand.html", page=page(rows, lambda row: row.item_id), **shown)


@blueprint.post("/goods")
@officer_only
def ask_export() -> ResponseReturnValue:
    """Ask for a workbook of the released goods a page shows."""
    return exporting.ask(asked_goods())


@blueprint.get("/exports/<uuid:job_id>")
@office_readers
def export(job_id: UUID) -> ResponseReturnValue:
    """Show how far an export is."""
    return exporting.progress(job_id)


@blueprint.post("/exports/<uuid:job_id>/stop")
@officer_only
def stop_export(job_id: UUID) -> ResponseReturnValue:
    """Stop an export."""
    return exporting.stop(job_id)


@blueprint.get("/exports/<uuid:job_id>/file")
@officer_only
def export_file(job_id: UUID) -> ResponseReturnValue:
    """Hand an export out."""
    return exporting.file(job_id)


def _view(name: str) -> View:
    by = request.args.get("by") or "mode"
    if name not in words.SPANS or by not in words.BY:
        abort(400)
    now = hub().clock.now()
    span = words.span(name, now.astimezone(SHANGHAI).date())
    with hub().database.reading() as connection:
        return view(connection, hub().settings.zone, now, span, by, everything=bool(request.args.get("all")))


def _sum(connection: Connection, asked: Goods) -> Sum:
    """What all rows come to, as totals tell: of a stretch of time to clear their number, not their worth."""
    by = "hour" if asked.before is not None else asked.by
    rows = counted(connection, asked.since, asked.until, by)
    if asked.before is not None:
        return added([row for row in rows if int(row.key) < asked.before])
    own = [row for row in rows if row.key == asked.key]
    return added(own) if asked.bucket is None else Sum(sum(row.cleared[asked.bucket] for row in own))
