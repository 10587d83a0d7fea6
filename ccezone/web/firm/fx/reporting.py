"""Telling of money: accounts, a receipt by form, a bank's statement or a payment institution's settlement by file."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.service import record
from ccezone.enterprises.queries import directory
from ccezone.fx.queries.receipts import accounts_of
from ccezone.fx.service.filing import SettlementLine, try_again
from ccezone.fx.service.limits import NEW, PARKED, take_line
from ccezone.fx.service.receipts import Money, add_account, report
from ccezone.fx.service.statements import Outcome, take_parked_of, take_statement
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import book
from ccezone.storage import UnitOfWork
from ccezone.web.firm.fx import words
from ccezone.web.firm.fx.receipts import blueprint, is_mine, today
from ccezone.web.firm.viewer import viewer
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_enterprise_id, current_principal, firm_only, firms_and_office
from ccezone.web.shell.forms import Field, Form, faults_of_form, required_number, submitted, texts
from ccezone.web.shell.moments import read_day
from schemas.codes import code_list
from schemas.statements import read_settlement, read_statement

_CURRENCIES = tuple((code.code, f"{code.code} {code.label_zh} {code.label_en}") for code in code_list("currencies").items())
_ACCOUNT = (
    Field("number", _l("账号"), required=True, max_length=34),
    Field("bank", _l("开户银行"), required=True, max_length=100),
    Field("currency", _l("币制"), "select", required=True, options=_CURRENCIES),
)
_TAKEN = {"taken": _l("对账单已读入。"), "known": _l("这份对账单读入过，没有重复登记。"), "parked": _l("对账单已暂存：")}


@blueprint.get("/accounts")
@firms_and_office
def accounts() -> ResponseReturnValue:
    """List accounts, with a form for one more."""
    return _accounts(Form(_ACCOUNT))


@blueprint.post("/accounts")
@firm_only
def register_account() -> ResponseReturnValue:
    """Register an account; statements that waited for it are taken in."""
    values = texts(submitted(_ACCOUNT))
    try:
        if faults := faults_of_form(_ACCOUNT, values):
            raise Refused(*faults)
        with hub().database.begin() as uow:
            by, number = current_principal(), values["number"]
            add_account(uow, current_enterprise_id(), number, values["bank"], values["currency"], by.actor, hub().clock)
            take_parked_of(uow, number, by.actor, hub().clock)
            record(uow, by, "fx.account", f"fx_account:{number}", hub().clock)
    except Refused as refused:
        return _accounts(Form(_ACCOUNT, values, refused.faults)), 422
    flash(_("账户已登记。"))
    return redirect(url_for("fx.accounts"))


@blueprint.get("/new")
@firm_only
def blank() -> ResponseReturnValue:
    """Show an empty receipt."""
    return _new(Form(_fields(), {"value_date": today().isoformat(), "currency": "502"}))


@blueprint.post("/new")
@firm_only
def tell() -> ResponseReturnValue:
    """Take a receipt."""
    fields = _fields()
    values = texts(submitted(fields))
    try:
        if faults := faults_of_form(fields, values):
            raise Refused(*faults)
        amount, day = required_number(values["amount"]), read_day(values["value_date"], "/value_date")
        named = {name: values[name] for name in ("account", "bank_reference", "currency", "payer", "kind", "settlement_reference")}
        with hub().database.begin() as uow:
            by = current_principal()
            told = Money(amount=amount, value_date=day, **named)
            made = report(uow, current_enterprise_id(), told, "form", by.actor, hub().clock)
            record(uow, by, "fx.report", f"fx_receipt:{made}", hub().clock)
    except Refused as refused:
        return _new(Form(fields, values, refused.faults)), 422
    flash(_("收汇已登记。"))
    return redirect(url_for("fx.detail", receipt_id=made))


@blueprint.get("/upload")
@firm_only
def files() -> ResponseReturnValue:
    """Offer to hand in a statement or a settlement."""
    return render_template("fx/upload.html", faults=(), what="")


@blueprint.post("/upload/statement")
@firm_only
def upload_statement() -> ResponseReturnValue:
    """Take a bank's statement in."""

    def take(uow: UnitOfWork, content: bytes) -> str:
        statement = read_statement(content)
        firm, by = current_enterprise_id(), current_principal()
        found = take_statement(uow, statement, "upload", by.actor, hub().clock, firm)
        return told_of(found)

    return _taken("statement", take)


@blueprint.post("/upload/settlement")
@firm_only
def upload_settlement() -> ResponseReturnValue:
    """Take a payment institution's settlement in; receipts that waited for it are matched anew."""

    def take(uow: UnitOfWork, content: bytes) -> str:
        firm, by = current_enterprise_id(), current_principal()
        lines, faults, kept = read_settlement(content), list[Fault](), list[str]()
        rules = book(uow.connection, hub().settings.zone)
        for each in lines:
            line = SettlementLine(each.reference, each.order_no, each.gross, each.fee, each.currency)
            try:
                kept.append(take_line(uow, firm, line, rules, by.actor, hub().clock))
            except Refused as refused:
                faults += refused.faults
        if faults:
            raise Refused(*faults[:50])
        for reference in sorted({each.reference for each in lines}):
            try_again(uow, firm, reference, hub().clock)
        said = str(_("读入 %(n)s 行，其中 %(new)s 行是新的。", n=len(lines), new=kept.count(NEW)))
        return said + (_("%(n)s 行超过支付机构单笔限额，已暂存待核实。", n=kept.count(PARKED)) if PARKED in kept else "")

    return _taken("settlement", take)


def told_of(found: Outcome) -> str:
    """Say what became of a statement."""
    said = str(_TAKEN[found.standing])
    if found.standing == "parked":
        return said + str(words.REASONS.get(found.reason, found.reason))
    return said + (_("同时读入了暂存的 %(n)s 份。", n=found.released) if found.released else "")


def _taken(what: str, take: Callable[[UnitOfWork, bytes], str]) -> ResponseReturnValue:
    """Take a file in as one transaction, on record; whatever is wrong stands on the page."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused(Fault("/file", "required"))
        with hub().database.begin() as uow:
            said = take(uow, file.read())
            record(uow, current_principal(), f"fx.upload_{what}", "fx", hub().clock)
    except Refused as refused:
        return render_template("fx/upload.html", faults=refused.faults, what=what), 422
    flash(said)
    return redirect(url_for("fx.statements" if what == "statement" else "fx.listing"))


def _fields() -> tuple[Field, ...]:
    with hub().database.reading() as connection:
        known = accounts_of(connection, current_enterprise_id())
    return (
        Field("account", _l("入账账户"), "select", required=True, options=tuple((a.number, f"{a.number} {a.bank}") for a in known)),
        Field(
            "bank_reference", _l("银行业务编号"), required=True, max_length=40, help=_l("银行入账通知上的编号，同一账户内不重复。")
        ),
        Field("currency", _l("币制"), "select", required=True, options=_CURRENCIES),
        Field("amount", _l("金额"), "decimal", required=True),
        Field("value_date", _l("收汇日期"), "date", required=True),
        Field("kind", _l("款项来源"), "select", required=True, options=tuple(words.KINDS.items())),
        Field("payer", _l("付款方"), required=True, max_length=140),
        Field(
            "settlement_reference",
            _l("订单编号或结算编号"),
            max_length=500,
            help=_l("可写多个订单编号（空格分隔），或支付机构结算编号；系统据此自动匹配。"),
        ),
    )


def _new(form: Form) -> str:
    return render_template("fx/new.html", form=form)


def _accounts(form: Form) -> str:
    with hub().database.reading() as connection:
        rows = accounts_of(connection, viewer())
        parties = directory(connection).by_id
    return render_template("fx/accounts.html", rows=rows, parties=parties, form=form, mine=is_mine())
