"""One search box for any number of the trade, and the whole chain behind it: every node, whose strand it is, how long it took."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.clearance.queries.chain import Strand, chain, orders_of_number
from ccezone.declarations.queries import scope_of
from ccezone.matching import queries
from ccezone.web.firm.declarations import words as listed
from ccezone.web.firm.declarations.viewing import OFFICE
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, current_principal, firms_and_office
from ccezone.web.shell.acting import reaches
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import searched

blueprint = Blueprint("trace", __name__, url_prefix="/trace")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.DATA,
            _l("全链追踪"),
            "trace.find",
            FIRM | OFFICE,
            order=7,
            note=_l("输入任一编号，查看从下单到放行的全过程与用时"),
        ),
    ),
)
STRANDS: Mapping[str, LazyString] = {
    Strand.COMMERCE: _l("商务环节"),
    Strand.ENTERPRISE: _l("企业环节"),
    Strand.CUSTOMS: _l("海关环节"),
    Strand.TAX: _l("税务环节"),
}
TONES = {Strand.COMMERCE: "info", Strand.ENTERPRISE: "neutral", Strand.CUSTOMS: "good", Strand.TAX: "warn"}
KINDS: Mapping[str, LazyString] = {
    "order": _l("收到订单"),
    "payment": _l("收到支付单"),
    "waybill": _l("收到运单"),
    "link": _l("收到运单关联"),
    "matched": _l("三单比对"),
}
NODES: Mapping[str, LazyString] = {
    "collect": _l("单据齐备"),
    "prepare": _l("比对并生成清单"),
    "file": _l("提交申报"),
    "send": _l("送达单一窗口"),
    "clear": _l("海关放行"),
}


@blueprint.get("")
@firms_and_office
def find() -> ResponseReturnValue:
    """Show the chain of the only order a number belongs to, or the orders to choose from."""
    text, who = searched(), viewer()
    with hub().database.reading() as connection:
        found = orders_of_number(connection, text, who) if text else ()
    found = [each for each in found if reaches(current_principal(), each.flow)]
    if len(found) == 1:
        return redirect(url_for("trace.show", order_key=found[0].order_key, q=text))
    return render_template("trace/find.html", text=text, found=found, flows=listed.FLOWS)


@blueprint.get("/<int(signed=True):order_key>")
@firms_and_office
def show(order_key: int) -> ResponseReturnValue:
    """Show the chain of one order."""
    who, principal, now = viewer(), current_principal(), hub().clock.now()
    with hub().database.reading() as connection:
        known = queries.match(connection, order_key, who)
        if known is None or not reaches(principal, known.flow):
            return render_template("trace/find.html", text=searched(), found=(), flows=listed.FLOWS), 404
        found = chain(connection, known, scope_of(connection, who, principal.scope))
    told = [(each, listed.shown_steps([each.step])[0] if each.step else None) for each in found.steps]
    return render_template(
        "trace/show.html",
        chain=found,
        told=told,
        text=request.args.get("q", "") or known.order_no,
        now=now,
        strands=STRANDS,
        tones=TONES,
        kinds=KINDS,
        nodes=NODES,
        flows=listed.FLOWS,
        duration=listed.duration,
    )
