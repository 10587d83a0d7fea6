"""Refunds to be repaid because goods came back: every clawback with its claim and its return, and the offer to repay."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.kernel.errors import NotFound, Refused
from ccezone.storage import Connection
from ccezone.tax_refunds.queries.clawbacks import TABS, clawback, count_clawbacks, search_clawbacks
from ccezone.tax_refunds.service.clawback import repay as offer
from ccezone.web.firm.applications.summaries import mine
from ccezone.web.firm.refunds import clawback_words as words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, firm_only, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("clawbacks", __name__, url_prefix="/tax-refunds/clawbacks")


def _due(connection: Connection, principal: Principal) -> int:
    return count_clawbacks(connection, principal.enterprise_id)["due"] if principal.enterprise_id else 0


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("退税补缴"),
            "clawbacks.listing",
            READERS | FIRM,
            order=47,
            note=_l("货物退运后应补缴的已退税款"),
        ),
    ),
    todo=(Todo(_l("退税款待补缴"), "clawbacks.listing", FIRM, _due, {"tab": "due"}, urgent=True),),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List clawbacks of a tab, the newest first."""
    tab = request.args.get("tab", "")
    if tab not in TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_clawbacks(connection, viewer(), tab, searched(), after_id(), PAGE + 1)
        counts = count_clawbacks(connection, viewer(), searched())
        parties = directory(connection).by_id
    shown = page(rows, lambda row: row.id)
    return render_template(
        "refunds/clawbacks.html", page=shown, tab=tab, text=searched(), counts=counts, parties=parties, words=words
    )


@blueprint.get("/<uuid:clawback_id>")
@firms_and_office
def detail(clawback_id: UUID) -> ResponseReturnValue:
    """Show one clawback, with its way from the return to the claim."""
    return _show(clawback_id)


@blueprint.post("/<uuid:clawback_id>/repay")
@firm_only
def repay(clawback_id: UUID) -> ResponseReturnValue:
    """Offer the bureau to repay."""
    try:
        with hub().database.begin() as uow:
            offer(uow, current_enterprise_id(), clawback_id, current_principal().actor, hub().clock)
            record(uow, current_principal(), "clawback.repay", f"clawback:{clawback_id}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _show(clawback_id, refused, 422)
    flash(_("补缴申请已送往税务机关，确认后显示为已补缴。"))
    return redirect(url_for("clawbacks.detail", clawback_id=clawback_id))


def _show(clawback_id: UUID, refused: Refused | None = None, status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        row = clawback(connection, viewer(), clawback_id) or abort(404)
        parties = directory(connection).by_id
    faults = refused.faults if refused else ()
    return render_template(
        "refunds/clawback.html", row=row, parties=parties, words=words, faults=faults, payable=mine() and row.state == "due"
    ), status
