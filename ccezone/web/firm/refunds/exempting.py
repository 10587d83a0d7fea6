"""A firm takes exported goods as exempt without invoice, one by one or all at once; declares them by month; states its year."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Permission
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.parameters.queries import book
from ccezone.storage import UnitOfWork
from ccezone.tax_refunds.queries.exemption import exempt_items, exempt_months, income_statement
from ccezone.tax_refunds.queries.ledger import LedgerFilter, check_exemptions, search_ledger
from ccezone.tax_refunds.service import exemption
from ccezone.web.firm.papers import printed
from ccezone.web.firm.refunds import words
from ccezone.web.hub import hub
from ccezone.web.office.parameter_words import STATUSES
from ccezone.web.shell.access import FIRM, current_enterprise_id, current_principal, firm_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.paging import PAGE, after_id, page, searched

blueprint = Blueprint("exemption", __name__, url_prefix="/exemption")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("无票免税"),
            "exemption.listing",
            FIRM,
            order=45,
            note=_l("逐项选择免税、按月申报、核定征收年度计算表"),
        ),
    ),
)
_FIRST_YEAR = 2018


@blueprint.get("")
@firm_only
def listing() -> ResponseReturnValue:
    """List goods that are neither claimed nor exempt, each with what the check says."""
    return _listing()


@blueprint.post("/choose")
@firm_only
def choose() -> ResponseReturnValue:
    """Take the ticked goods as exempt, or all that certainly are."""
    firm, principal, clock = current_enterprise_id(), current_principal(), hub().clock
    try:
        with hub().database.begin() as uow:
            rates = book(uow.connection, hub().settings.zone)
            if request.form.get("all"):
                wanted = LedgerFilter(request.form.get("q", "").strip()[:100])
                number = exemption.choose_all_exempt(uow, firm, wanted, rates, principal.actor, clock)
            else:
                confirmed = bool(request.form.get("confirmed"))
                number = exemption.choose_exemption(uow, firm, _ticked(), rates, principal.actor, clock, confirmed=confirmed)
            record(uow, principal, "exemption.choose", f"enterprise:{firm}", clock, {"items": str(number)})
    except NotFound:
        raise
    except Refused as refused:
        return _listing(refused.faults, 422)
    flash(_("已将 %(n)s 项商品登记为免税。", n=number) if number else _("没有可以直接登记为免税的商品。"))
    return redirect(url_for("exemption.listing"))


@blueprint.post("/undo")
@firm_only
def undo() -> ResponseReturnValue:
    """Take the choice of the ticked goods back."""
    month = request.form.get("month", "")

    def verb(uow: UnitOfWork) -> str:
        number = exemption.undo_exemption(uow, current_enterprise_id(), _ticked(), current_principal().actor, hub().clock)
        return str(_("已撤销 %(n)s 项商品的免税登记。", n=number))

    return _do("undo", verb, month)


@blueprint.get("/months")
@firm_only
def months() -> ResponseReturnValue:
    """List the months of exempt goods."""
    return _months()


@blueprint.get("/months/<month>")
@firm_only
def one_month(month: str) -> ResponseReturnValue:
    """Show a month's exempt goods."""
    return _one_month(month)


@blueprint.post("/months/<month>/file")
@firm_only
def declare(month: str) -> ResponseReturnValue:
    """Note that a month's exempt goods were declared."""

    def verb(uow: UnitOfWork) -> str:
        number = exemption.file_exemptions(uow, current_enterprise_id(), month[:7], current_principal().actor, hub().clock)
        return str(_("已登记 %(n)s 项商品的免税申报。", n=number))

    return _do("file", verb, month)


@blueprint.get("/years/<int:year>")
@firm_only
def one_year(year: int) -> ResponseReturnValue:
    """Show the year's statement of assessed income tax."""
    known = _years()
    if year not in known:
        abort(404)
    with hub().database.reading() as connection:
        found = income_statement(connection, book(connection, hub().settings.zone), current_enterprise_id(), year)
    return render_template("refunds/income_tax.html", found=found, years=known, words=words, statuses=STATUSES)


@blueprint.post("/years/<int:year>/paper")
@firm_only
def paper(year: int) -> ResponseReturnValue:
    """Print the year's statement."""
    if year not in _years():
        abort(404)
    return printed("income_tax", f"{hub().settings.zone}.{current_enterprise_id()}.{year}")


def _listing(faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    firm = current_enterprise_id()
    with hub().database.reading() as connection:
        wanted = LedgerFilter(searched(), "open")
        rows = search_ledger(connection, firm, wanted, after_id(), PAGE + 1)
        today = hub().clock.now().astimezone(SHANGHAI).date()
        checked = {each.row.id: each for each in check_exemptions(connection, book(connection, hub().settings.zone), rows, today)}
    shown = page(rows, lambda row: row.id)
    return render_template(
        "refunds/exemption.html", page=shown, checked=checked, text=searched(), faults=faults, words=words, mine=_mine(),
        chosen=set(request.form.getlist("item")),
    ), status  # fmt: skip


def _months(faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = exempt_months(connection, current_enterprise_id())
    this = f"{hub().clock.now().astimezone(SHANGHAI):%Y-%m}"
    return render_template("refunds/exempt_months.html", rows=rows, this=this, years=_years(), faults=faults, mine=_mine()), status


def _one_month(month: str, faults: Sequence[Fault] = (), status: int = 200) -> ResponseReturnValue:
    with hub().database.reading() as connection:
        rows = exempt_items(connection, current_enterprise_id(), month[:7])
    if not rows and not faults:
        abort(404)
    return render_template("refunds/exempt_month.html", rows=rows, month=month, faults=faults, words=words, mine=_mine()), status


def _do(action: str, verb: Callable[[UnitOfWork], str], month: str) -> ResponseReturnValue:
    try:
        with hub().database.begin() as uow:
            told = verb(uow)
            record(uow, current_principal(), f"exemption.{action}", f"enterprise:{current_enterprise_id()}", hub().clock)
    except NotFound:
        raise
    except Refused as refused:
        return _one_month(month, refused.faults, 422) if action == "undo" else _months(refused.faults, 422)
    flash(told)
    return redirect(url_for("exemption.months"))


def _ticked() -> Sequence[UUID]:
    try:
        return [UUID(each) for each in request.form.getlist("item")]
    except ValueError:
        abort(400)


def _years() -> Sequence[int]:
    """The years for which there may be a statement, the present one first."""
    return range(hub().clock.now().astimezone(SHANGHAI).year, _FIRST_YEAR, -1)


def _mine() -> bool:
    return current_principal().may(Permission.DECLARATIONS_WRITE)
