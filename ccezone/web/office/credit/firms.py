"""Who stands where, and why: enterprises by standing, and one enterprise's score with every input, recomputable for any day."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.credit.queries import count_standings, search_firms
from ccezone.credit.rules.measures import STANDINGS
from ccezone.credit.rules.visibility import FIELDS, Viewer
from ccezone.credit.service import Look, note_look, redraw
from ccezone.enterprises.queries import EnterpriseView, enterprise
from ccezone.storage import UnitOfWork
from ccezone.web.hub import hub
from ccezone.web.office.credit import reading, words
from ccezone.web.shell.access import READERS, current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("office_credit", __name__, url_prefix="/office/credit")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("企业信用"),
            "office_credit.listing",
            READERS,
            order=60,
            note=_l("信用等级、得分依据、证据与分类管理措施"),
        ),
    ),
)
_TABS = (*STANDINGS, "none")


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List enterprises by standing."""
    standing = request.args.get("standing", "")
    if standing and standing not in _TABS:
        abort(404)
    with hub().database.reading() as connection:
        rows = search_firms(connection, searched(), standing, after_id(), PAGE + 1)
        counts = count_standings(connection)
    tabs = [(_("全部"), url_for("office_credit.listing"), sum(counts.values()), not standing)]
    tabs += [
        (words.standing(each), url_for("office_credit.listing", standing=each), counts.get(each, 0), each == standing)
        for each in _TABS
    ]
    return render_template("credit/firms.html", page=page(rows, lambda row: row.id), tabs=tabs, text=searched(), words=words)


@blueprint.get("/<uuid:enterprise_id>")
@office_readers
def show(enterprise_id: UUID) -> ResponseReturnValue:
    """Show one enterprise's credit under one of the four queries; the look is kept."""
    view, day = reading.view_asked(), reading.day_asked()
    with hub().database.begin() as uow:
        firm = found(uow, enterprise_id)
        look = Look(Viewer.AGENCY, "office", current_principal(), request.remote_addr or "")
        note_look(uow, firm.uscc, look, FIELDS, hub().clock)
        shown = reading.facts(uow.connection, firm, view, day)
    return render_template("credit/record.html", **shown)


@blueprint.post("/<uuid:enterprise_id>/redraw")
@officer_only
def judge_now(enterprise_id: UUID) -> ResponseReturnValue:
    """Count an enterprise's conduct and judge it now, rather than at the next round."""
    with hub().database.begin() as uow:
        firm = found(uow, enterprise_id)
        redraw(uow, hub().settings.zone, firm.id, hub().clock)
        record(uow, current_principal(), "credit.redraw", f"enterprise:{firm.id}", hub().clock)
    flash(_("已按最新记录重新评价。"))
    return redirect(url_for("office_credit.show", enterprise_id=enterprise_id))


def found(uow: UnitOfWork, enterprise_id: UUID) -> EnterpriseView:
    """Return an enterprise; 404 when there is none."""
    return enterprise(uow.connection, enterprise_id) or abort(404)
