"""Receipts of money for firms and the office: every receipt with its state, one with its orders, flows, gate and history."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission, Role
from ccezone.accounts.service import record
from ccezone.credit.queries.fx_standing import fx_firm
from ccezone.enterprises.queries import directory
from ccezone.fx.queries.gates import bop_codes, flows_of, gate_of, in_usd
from ccezone.fx.queries.orders import search_orders
from ccezone.fx.queries.receipts import (
    TABS,
    ReceiptView,
    count_receipts,
    overdue_declarations,
    receipt,
    search_receipts,
    sums,
)
from ccezone.fx.queries.sheet import receipts_sheet
from ccezone.fx.rules.matching import NETTINGS
from ccezone.fx.rules.routing import Gate
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault
from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.queries import book
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection
from ccezone.web.firm.fx import words
from ccezone.web.firm.fx.terms import money_terms
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.office.parameter_words import STATUSES
from ccezone.web.shell.access import current_principal, firms_and_office
from ccezone.web.shell.files import XLSX, attachment
from ccezone.web.shell.forms import Field, Form
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("fx", __name__, url_prefix="/fx")
_NETTED = tuple(Field(str(kind), words.LINES[kind], "decimal") for kind in NETTINGS)
MATCH = (
    Field(
        "orders",
        _l("订单编号"),
        "textarea",
        max_length=20_000,
        help=_l("每行一笔：订单编号，可空格后写匹配金额（扣费前）；不写则匹配全部待收金额。也可勾选上面的订单。"),
    ),
    *_NETTED,
)
DECLARATION_MORE = Field("registration_no", _l("外汇局登记编号"), max_length=40, help=_l("B、C类企业延期收汇超过期限时填写。"))
AMOUNT = Field("amount", _l("金额"), "decimal", required=True)
BACK = (
    AMOUNT,
    Field("source", _l("退汇资金来源"), "select", required=True, options=tuple(words.PARTS.items())),
    Field("original_route", _l("按原路退回"), "checkbox"),
    Field("registration_no", _l("外汇局登记编号"), max_length=40, help=_l("特殊退汇须登记的，填写登记编号。")),
    Field("reason", _l("原因"), "textarea", required=True, max_length=500),
)


@blueprint.get("")
@firms_and_office
def listing() -> ResponseReturnValue:
    """List receipts of a tab, the newest first, with the sums of each currency."""
    tab = request.args.get("tab", "")
    if tab and tab not in TABS:
        abort(400)
    with hub().database.reading() as connection:
        rows = search_receipts(connection, viewer(), tab, searched(), after_id(), PAGE + 1)
        counts, totals = count_receipts(connection, viewer()), sums(connection, viewer())
        late = _late(connection, book(connection, hub().settings.zone))
        parties = directory(connection).by_id
    return render_template(
        "fx/receipts.html", page=page(rows, lambda row: row.id), tab=tab, text=searched(), counts=counts, sums=totals, late=late,
        parties=parties, words=words, mine=is_mine(),
    )  # fmt: skip


@blueprint.get("/file")
@firms_and_office
def file() -> Response:
    """Hand the receipts out as a workbook, which is recorded."""
    tab = request.args.get("tab", "")
    with hub().database.reading() as connection:
        content = receipts_sheet(connection, viewer(), tab if tab in TABS else "", searched())
    with hub().database.begin() as uow:
        record(uow, current_principal(), "fx.download", "fx", hub().clock)
    return attachment(content, f"fx-receipts-{today():%Y%m%d}.xlsx", XLSX)


@blueprint.get("/receipts/<uuid:receipt_id>")
@firms_and_office
def detail(receipt_id: UUID) -> ResponseReturnValue:
    """Show one receipt."""
    return show(receipt_id)


def show(
    receipt_id: UUID, forms: Mapping[str, Form] | None = None, faults: Sequence[Fault] = (), status: int = 200
) -> ResponseReturnValue:
    """Show one receipt, with forms as they were filled in and what is wrong with them."""
    with hub().database.reading() as connection:
        view = receipt(connection, viewer(), receipt_id) or abort(404)
        rules = book(connection, hub().settings.zone)
        firm = fx_firm(connection, view.row.enterprise_id, today(), hub().clock.now())
        gate = gate_of(connection, firm, receipt_id, rules, today())
        flows = flows_of(connection, firm, receipt_id, rules, today())
        offered = _offered(connection, view, rules) if is_mine() else []
        parties = directory(connection).by_id
        limit = _limit_warning(view, rules)
    given = {"match": Form(MATCH), "declare": Form(declaration(rules)), "ask": _asking(gate), "back": Form(BACK), **(forms or {})}
    return render_template(
        "fx/receipt.html", view=view, row=view.row, firm=firm, gate=gate, flows=flows, offered=offered, parties=parties,
        words=words, forms=given, faults=faults, mine=is_mine(), statuses=STATUSES,
        warnings=[*([limit] if limit else []), *gate.warnings],
    ), status  # fmt: skip


def declaration(rules: ParameterBook) -> Sequence[Field]:
    """Return the fields of a declaration to the balance of payments."""
    codes = tuple((code, f"{code} {words.BOP.get(code, '')}") for code in bop_codes(rules, today()))
    return (Field("bop_code", _l("国际收支交易编码"), "select", required=True, options=codes), DECLARATION_MORE)


def today() -> date:
    """Return the day in the zone."""
    return hub().clock.now().astimezone(SHANGHAI).date()


def is_mine() -> bool:
    """Say whether somebody of the firm looks, who may work on its money."""
    principal = current_principal()
    return principal.role == Role.FIRM and principal.may(Permission.DECLARATIONS_WRITE)


def _asking(gate: Gate) -> Form:
    most = [f"{gate.most[action].normalize():f}" for action in gate.choices]
    return Form((AMOUNT,), {"amount": most[0] if most else ""})


def _offered(connection: Connection, view: ReceiptView, rules: ParameterBook) -> Sequence[object]:
    if view.row.unmatched <= 0:
        return []
    terms = money_terms(connection, rules, today())
    rows = search_orders(connection, view.row.enterprise_id, terms, "open", limit=PAGE)
    return [row for row in rows if row.currency == view.row.currency]


def _late(connection: Connection, rules: ParameterBook) -> set[UUID]:
    days = rules.integer("fx.declaration_working_days", today())
    return overdue_declarations(connection, viewer(), days, published_calendar(), today())


def _limit_warning(view: ReceiptView, rules: ParameterBook) -> Fault | None:
    """Warn of an order above what a payment institution may handle at once (Huifa 2015 No.7)."""
    if view.row.kind != "payment_institution":
        return None
    limit = rules.decimal("fx.payment_institution_single_limit", today())
    largest = max((each.expected for each in view.orders), default=Decimal(0))
    worth = in_usd(rules, largest, view.row.currency, view.row.value_date)
    return Fault("", "fx_institution_limit", {"usd": f"{worth:f}", "limit": f"{limit:f}"}) if worth and worth > limit else None
