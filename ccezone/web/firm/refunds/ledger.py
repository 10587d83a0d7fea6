"""The goods ledger: exported items with the six legal fields, what is missing, and the exemption check of each."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import book
from ccezone.tax_refunds.queries.ledger import LedgerFilter, check_exemption, count_ledger, ledger_item, search_ledger
from ccezone.tax_refunds.queries.sheet import ledger_sheet
from ccezone.web.firm.refunds import words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.office.parameter_words import STATUSES
from ccezone.web.shell.access import READERS, current_principal, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.paging import PAGE, after_id, day_asked, page, searched

blueprint = Blueprint("goods_ledger", __name__, url_prefix="/goods-ledger")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("出口商品台账"),
            "goods_ledger.listing",
            READERS | {Role.FIRM},
            order=44,
            note=_l("出口商品六项信息登记，无票免税逐项核对"),
        ),
    ),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List exported items by filter, the newest first."""
    wanted = _wanted()
    with hub().database.reading() as connection:
        rows = search_ledger(connection, viewer(), wanted, after_id(), PAGE + 1)
        counts = count_ledger(connection, viewer(), wanted)
        parties = directory(connection).by_id
    shown = page(rows, lambda row: row.id)
    return render_template("refunds/ledger.html", page=shown, wanted=wanted, counts=counts, parties=parties, words=words)


@blueprint.get("/file")
@firms_and_office
def file() -> Response:
    """Hand the items of a filter out as a workbook, which is recorded."""
    wanted = _wanted()
    with hub().database.reading() as connection:
        content = ledger_sheet(connection, viewer(), wanted)
    with hub().database.begin() as uow:
        record(uow, current_principal(), "goods_ledger.download", "goods_ledger", hub().clock)
    day = hub().clock.now().astimezone(SHANGHAI).date()
    return attachment(content, f"goods-ledger-{day:%Y%m%d}.xlsx", XLSX)


@blueprint.get("/<uuid:item_id>")
@firms_and_office
def detail(item_id: UUID) -> ResponseReturnValue:
    """Show one item and every condition of its exemption."""
    today = hub().clock.now().astimezone(SHANGHAI).date()
    with hub().database.reading() as connection:
        row = ledger_item(connection, viewer(), item_id) or abort(404)
        checked = check_exemption(connection, book(connection, hub().settings.zone), row, today)
        parties = directory(connection).by_id
    return render_template(
        "refunds/item.html", row=row, checked=checked, verdict=checked.verdict, parties=parties, words=words, statuses=STATUSES
    )


def _wanted() -> LedgerFilter:
    standing, mode = request.args.get("standing", ""), request.args.get("mode", "")[:4]
    if standing not in words.STANDINGS:
        abort(400)
    return LedgerFilter(searched(), standing, mode, day_asked("since"), day_asked("until"))
