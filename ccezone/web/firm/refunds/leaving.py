"""Pre-refunds of goods for warehouses abroad: every one with its deadline, its sales, its account, and what is to be repaid."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Principal
from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import Connection, UnitOfWork
from ccezone.tax_refunds.queries.leave import TABS, count_prerefunds, entries_of, prerefund, sales_of, search_prerefunds
from ccezone.tax_refunds.service.leave import (
    Sale,
    bring_back,
    close_prerefund,
    reconcile_sales,
    record_sales,
    record_sheet,
    remove_sale,
)
from ccezone.web.firm.applications.summaries import mine
from ccezone.web.firm.refunds import leave_words as words
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import FIRM, READERS, current_enterprise_id, current_principal, firm_only, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry, Todo
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.forms import Field, Form, faults_of_form, posted_version, required_number, submitted, texts
from ccezone.web.shell.i18n import language
from ccezone.web.shell.moments import read_day
from ccezone.web.shell.paging import PAGE, after_id, page, searched
from schemas.derive.workbook import SALES, template_of

blueprint = Blueprint("prerefunds", __name__, url_prefix="/tax-refunds/pre-refunds")
SALE = (
    Field("sale_no", _l("销售单号"), required=True, max_length=60, help=_l("企业自己的订单或出库编号，同一笔预退税内不重复。")),
    Field("sold_on", _l("销售日期"), "date", required=True),
    Field("quantity", _l("数量"), "decimal", required=True),
    Field("amount", _l("销售金额"), "decimal", required=True),
    Field("currency", _l("币制"), required=True, max_length=3, codes="currencies"),
    Field("warehouse", _l("海外仓"), max_length=60),
)
RECONCILING = (
    Field("quantity", _l("账载已售数量（未核算部分）"), "decimal", required=True, help=_l("与平台登记的销售一致才能核算。")),
    Field("note", _l("说明"), max_length=500),
)
BACK = (
    Field("quantity", _l("退回数量"), "decimal", required=True),
    Field("note", _l("退运单证或说明"), required=True, max_length=500),
)
CLOSING = (Field("note", _l("原因"), required=True, max_length=500),)
_EXAMPLE = {"sale_no": "US-20260501-001", "sold_on": "2026-05-01", "quantity": "12", "amount": "236.40", "currency": "502"}
_FORMS = {"sell": SALE, "reconcile": RECONCILING, "back": BACK, "close": CLOSING}


def _soon(connection: Connection, principal: Principal) -> int:
    return count_prerefunds(connection, principal.enterprise_id, today())["soon"] if principal.enterprise_id else 0


def _owed(connection: Connection, _principal: Principal) -> int:
    return count_prerefunds(connection, None, today())["owed"]


FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("离境即退税"),
            "prerefunds.listing",
            READERS | FIRM,
            order=46,
            note=_l("海外仓（9810）未售货物预退税、境外销售登记、核算"),
        ),
    ),
    todo=(
        Todo(_l("预退税核算即将到期"), "prerefunds.listing", FIRM, _soon, {"tab": "soon"}, urgent=True),
        Todo(_l("预退税逾期或未售待补缴"), "prerefunds.listing", READERS, _owed, {"tab": "owed"}),
    ),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List pre-refunds of a tab, the newest first, with what is left of their windows."""
    tab, day = request.args.get("tab", ""), today()
    if tab not in TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_prerefunds(connection, viewer(), day, tab, searched(), after_id(), PAGE + 1)
        counts = count_prerefunds(connection, viewer(), day, searched())
        parties = directory(connection).by_id
    return render_template(
        "refunds/prerefunds.html", page=page(rows, lambda row: row.id), tab=tab, text=searched(), counts=counts, parties=parties,
        words=words, today=day,
    )  # fmt: skip


@blueprint.get("/<uuid:prerefund_id>")
@firms_and_office
def detail(prerefund_id: UUID) -> ResponseReturnValue:
    """Show one pre-refund with its sales, what they differ by, and its steps."""
    return _show(prerefund_id)


@blueprint.get("/template")
@firm_only
def template() -> Response:
    """Hand the template of sales out."""
    return attachment(template_of(SALES, language(), _EXAMPLE), f"{SALES.label(language())}-{_('模板')}.xlsx", XLSX)


@blueprint.post("/<uuid:prerefund_id>/<any(sell, reconcile, back, close):what>")
@firm_only
def account(prerefund_id: UUID, what: str) -> ResponseReturnValue:
    """Record a sale, account for sales, note that goods came back, or give up what is left."""
    fields, version = _FORMS[what], posted_version()
    values = texts(submitted(fields))

    def verb(uow: UnitOfWork) -> None:
        if faults := faults_of_form(fields, values):
            raise Refused(*faults)
        _take(uow, what, prerefund_id, version, values)

    return _do(prerefund_id, what, verb, lambda refused: {what: Form(fields, values, refused.faults)})


@blueprint.post("/<uuid:prerefund_id>/sheet")
@firm_only
def upload(prerefund_id: UUID) -> ResponseReturnValue:
    """Record the sales of a table, all or none."""
    file, tables = request.files.get("file"), hub().sales

    def verb(uow: UnitOfWork) -> None:
        if file is None or not file.filename or tables is None:
            raise Refused(Fault("/file", "required"))
        table = tables.open(file.read())
        record_sheet(uow, current_enterprise_id(), prerefund_id, table, current_principal().actor, hub().clock)

    return _do(prerefund_id, "sell", verb, lambda _refused: {})


@blueprint.post("/<uuid:prerefund_id>/sales/<uuid:sale_id>")
@firm_only
def remove(prerefund_id: UUID, sale_id: UUID) -> ResponseReturnValue:
    """Take a sale back."""
    firm = current_enterprise_id()
    return _do(prerefund_id, "remove", lambda uow: remove_sale(uow, firm, prerefund_id, sale_id, hub().clock), lambda _r: {})


def today() -> date:
    """Return the day in the zone."""
    return hub().clock.now().astimezone(SHANGHAI).date()


def _take(uow: UnitOfWork, what: str, prerefund_id: UUID, version: int, values: Mapping[str, str]) -> None:
    firm, actor, clock = current_enterprise_id(), current_principal().actor, hub().clock
    own = (uow, firm, prerefund_id)
    if what == "sell":
        sold_on = read_day(values["sold_on"], "/sold_on")
        told = (required_number(values["quantity"]), required_number(values["amount"]))
        sale = Sale(values["sale_no"], sold_on, *told, values["currency"].split(" ")[0], values["warehouse"])
        record_sales(*own, [sale], "form", actor, clock)
    elif what == "reconcile":
        reconcile_sales(*own, version, required_number(values["quantity"]), values["note"], actor, clock)
    elif what == "back":
        bring_back(*own, version, required_number(values["quantity"]), values["note"], actor, clock)
    else:
        close_prerefund(*own, version, values["note"], actor, clock)


def _do(
    prerefund_id: UUID, what: str, verb: Callable[[UnitOfWork], object], forms: Callable[[Refused], Mapping[str, Form]]
) -> ResponseReturnValue:
    """Do one thing to a pre-refund, on record; whatever is wrong stands on its page."""
    try:
        with hub().database.begin() as uow:
            verb(uow)
            record(uow, current_principal(), f"prerefund.{what}", f"prerefund:{prerefund_id}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        given = forms(refused)
        return _show(prerefund_id, given, () if given else refused.faults, 422)
    flash(str(words.DONE[what]))
    return redirect(url_for("prerefunds.detail", prerefund_id=prerefund_id))


def _show(
    prerefund_id: UUID, forms: Mapping[str, Form] | None = None, faults: Sequence[Fault] = (), status: int = 200
) -> ResponseReturnValue:
    day = today()
    with hub().database.reading() as connection:
        row = prerefund(connection, viewer(), prerefund_id) or abort(404)
        sales, entries = sales_of(connection, prerefund_id), entries_of(connection, prerefund_id)
        parties = directory(connection).by_id
    blank = {
        "sell": Form(SALE, {"sold_on": day.isoformat(), "currency": "502"}),
        "reconcile": Form(RECONCILING, {"quantity": _plain(row.uncounted)}),
        "back": Form(BACK),
        "close": Form(CLOSING),
    }
    span = row.window
    may = mine() and row.state in ("declared", "open")
    return render_template(
        "refunds/prerefund.html", row=row, sales=sales, entries=entries, parties=parties, words=words, today=day, may=may,
        forms={**blank, **(forms or {})}, faults=faults, left=span.left(day) if span else None,
        ripe=may and span is not None and span.since <= day <= span.until,
    ), status  # fmt: skip


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else ""
