"""Monthly customs exchange rates: what is known, what the month lacks, and entering a month with its document."""

import re
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ccezone.accounts.rules import Role
from ccezone.accounts.service import record
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import catalogue, rates_entered
from ccezone.parameters.rules import rate_key
from ccezone.parameters.service import MonthlyRates, set_exchange_rates
from ccezone.web.hub import hub
from ccezone.web.shell.access import current_principal, office_readers, officer_only
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form, submitted, texts
from ccezone.web.shell.i18n import language
from schemas.codes import code_list

blueprint = Blueprint("exchange_rates", __name__, url_prefix="/office/exchange-rates")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("海关汇率"),
            "exchange_rates.listing",
            frozenset({Role.ZONE_OFFICER, Role.ADMIN, Role.AUDITOR}),
            order=70,
            note=_l("按月维护，用于每票限值等折算"),
        ),
    ),
)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z")
_MONTHS_SHOWN = 12
_USUAL = ("502", "300", "303", "116", "110", "501", "601", "132", "133", "136", "122")


@blueprint.get("")
@office_readers
def listing() -> ResponseReturnValue:
    """Show the last twelve months, one column a month."""
    with hub().database.reading() as connection:
        found = rates_entered(connection, _months_ago(_today(), _MONTHS_SHOWN))
    months = sorted({rate.since for rate in found}, reverse=True)
    cells = {(rate.currency, rate.since): rate for rate in found}
    currencies = [known for known in _currencies() if any((known, month) in cells for month in months)]
    documents = {month: sorted({rate.document for rate in found if rate.since == month}) for month in months}
    lacking = _today().replace(day=1) not in months
    return render_template(
        "office/exchange_rates.html",
        months=months,
        cells=cells,
        currencies=currencies,
        documents=documents,
        lacking=lacking,
        month=_today(),
    )


@blueprint.get("/new")
@officer_only
def blank() -> ResponseReturnValue:
    """Show an empty month."""
    return _show(Form(_fields(), {"month": f"{_today():%Y-%m}"}))


@blueprint.post("/new")
@officer_only
def enter() -> ResponseReturnValue:
    """Keep a month's rates."""
    values = texts(submitted(_fields()))
    rates = {currency: values[currency] for currency in _currencies() if values[currency]}
    try:
        if not _MONTH.match(values["month"]):
            raise Refused(Fault("/month", "bad_month", {"value": values["month"]}))
        month = date.fromisoformat(values["month"] + "-01")
        with hub().database.begin() as uow:
            by = current_principal()
            entered = MonthlyRates(month, rates, values["document"])
            set_exchange_rates(uow, hub().clock, entered=entered, created_by=by.login)
            record(uow, by, "parameters.exchange_rates", f"month:{values['month']}", hub().clock, rates)
    except Refused as refused:
        return _show(Form(_fields(), values, refused.faults), 422)
    flash(_("%(month)s 的海关汇率已保存。", month=values["month"]))
    return redirect(url_for("exchange_rates.listing"))


def _fields() -> list[Field]:
    names = code_list("currencies")
    return [
        Field("month", _l("月份"), required=True, max_length=7, help=_l("如 2026-11。")),
        Field("document", _l("公布依据"), required=True, max_length=200, help=_l("公布汇率的公告或网页。")),
        *(
            Field(code, _l("1 %(currency)s 兑人民币", currency=f"{code} {names.label(code, language())}"), "decimal")
            for code in _currencies()
        ),
    ]


def _currencies() -> list[str]:
    """The currencies that rates are kept of: the usual ones first."""
    known = [code for code in code_list("currencies").codes if rate_key(code) in catalogue()]
    return sorted(known, key=lambda code: (_USUAL.index(code) if code in _USUAL else len(_USUAL), code))


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()


def _months_ago(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _show(form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template("office/exchange_rates_form.html", form=form), status
