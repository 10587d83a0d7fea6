"""Daily reconciliation for the office: days, the ledgers' balances, what differs and the case about it."""

from datetime import date

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.reconciliation.queries import balances, days, items, looks
from ccezone.web.hub import hub
from ccezone.web.office import reconciliation_words as words
from ccezone.web.shell.access import READERS, office_readers
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import page

blueprint = Blueprint("reconciliation", __name__, url_prefix="/office/reconciliation")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("每日对账"),
            "reconciliation.listing",
            READERS,
            order=28,
            note=_l("出口商品、退税等台账每日核对，不平的逐项列出"),
        ),
    ),
)
_PAGE = 31


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """List the days that were looked at, the newest first."""
    only_open = request.args.get("show") == "open"
    with hub().database.reading() as connection:
        rows = days(connection, _day(request.args.get("after", "")), _PAGE + 1, only_open=only_open)
    return render_template("reconciliation/days.html", page=page(rows, lambda row: row.day, _PAGE), only_open=only_open)


@blueprint.get("/<day>")
@office_readers
def detail(day: str) -> ResponseReturnValue:
    """Show a day: every ledger with its parts, every item that differs."""
    wanted = _day(day) or abort(404)
    with hub().database.reading() as connection:
        found = looks(connection, wanted)
        if not found:
            abort(404)
        ledgers, differing = balances(connection, found[0].id), items(connection, found[0].id)
    return render_template("reconciliation/day.html", day=wanted, looks=found, ledgers=ledgers, differing=differing, words=words)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        abort(404)
