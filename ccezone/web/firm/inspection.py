"""A firm's own inspections: what is to be inspected, when and where, what each agency found, the result."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import OrderView, count_of_firm, order, orders_of_firm
from ccezone.inspection.queries.draws import plan, token_of
from ccezone.storage import Connection
from ccezone.web.firm.papers import printed
from ccezone.web.hub import hub
from ccezone.web.office.inspection import words
from ccezone.web.office.inspection.order import subject_address
from ccezone.web.office.inspection.papers import handed_out
from ccezone.web.shell.access import FIRM, current_enterprise_id, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.paging import PAGE, after_id, page

blueprint = Blueprint("own_inspections", __name__, url_prefix="/firm/inspection")
_OFFICE_ONLY = frozenset({"noted", "joined"})


def _open(connection: Connection, principal: Principal) -> int:
    return count_of_firm(connection, principal.enterprise_id)[0] if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT, _l("查验"), "own_inspections.listing", FIRM, order=21, note=_l("查验内容、时间地点、各部门意见和结果")
        ),
    ),
    todo=(Todo(_l("待配合的查验"), "own_inspections.listing", FIRM, _open),),
)


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List the firm's orders, the newest first."""
    over, firm = request.args.get("standing") == "over", current_enterprise_id()
    with hub().database.reading() as connection:
        rows = orders_of_firm(connection, firm, only_open=not over, after=after_id(), limit=PAGE + 1)
        counts = count_of_firm(connection, firm)
    return render_template(
        "inspection/own_orders.html",
        page=page(rows, lambda row: row.id),
        over=over,
        counts=counts,
        words=words,
        today=words.today(),
    )


@blueprint.get("/<uuid:order_id>")
@firm_only
def detail(order_id: UUID) -> ResponseReturnValue:
    """Show one order about the firm; where it was drawn, under which public name."""
    found = _own(order_id)
    steps = [step for step in found.steps if step.action not in _OFFICE_ONLY]
    kind, _colon, plan_id = found.row.origin.partition(":")
    with hub().database.reading() as connection:
        party = directory(connection).by_id.get(found.row.enterprise_id)
        drawn = plan(connection, UUID(plan_id)) if kind == "draw" else None
        token = token_of(connection, drawn.id, found.row.enterprise_id, order_id) if drawn else None
    return render_template(
        "inspection/own_order.html", found=found, row=found.row, party=party, steps=steps, drawn=drawn, token=token, words=words,
        today=words.today(), about=subject_address(found.row),
    )  # fmt: skip


@blueprint.post("/<uuid:order_id>/paper")
@firm_only
def paper(order_id: UUID) -> ResponseReturnValue:
    """Print an order."""
    return printed("inspection", str(_own(order_id).row.id))


@blueprint.get("/<uuid:order_id>/files/<uuid:file_id>")
@firm_only
def file(order_id: UUID, file_id: UUID) -> Response:
    """Hand out a document an agency signed its check in with."""
    shown = {check.file_id for check in _own(order_id).checks}
    return handed_out(file_id) if file_id in shown else abort(404)


def _own(order_id: UUID) -> OrderView:
    with hub().database.reading() as connection:
        return order(connection, order_id, current_enterprise_id()) or abort(404)
