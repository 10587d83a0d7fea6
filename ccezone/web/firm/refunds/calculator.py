"""Calculators: refund by both methods, exemption without invoice, assessed income tax, retail import tax; by today's parameters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules import Role
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused
from ccezone.parameters.queries import book
from ccezone.tax_refunds.queries.quoting import QUOTES, Answer, Terms
from ccezone.tax_refunds.queries.quoting.refund import DUTY_FREE, EXPORTS
from ccezone.web.firm.refunds import words
from ccezone.web.hub import hub
from ccezone.web.office.parameter_words import STATUSES
from ccezone.web.shell.access import READERS, firms_and_office
from ccezone.web.shell.feature import Feature, Group, MenuEntry
from ccezone.web.shell.forms import Field, Form
from ccezone.web.shell.rendering import money

blueprint = Blueprint("calculators", __name__, url_prefix="/tax-calculators")
FEATURE = Feature(
    blueprint,
    menu=(
        MenuEntry(
            Group.GOVERNMENT,
            _l("税款试算"),
            "calculators.begin",
            READERS | {Role.FIRM},
            order=48,
            note=_l("出口退税、无票免税、核定征收、零售进口税"),
        ),
    ),
)
_YES_NO = (("true", _l("是")), ("false", _l("否")))
_DAY = Field("regime", _l("适用日期"), "date", help=_l("留空按今天；按当日有效的规定试算"))
_RATED = _l("每行一组：金额|征税率|退税率，例如 1000000|13|9")


@dataclass(frozen=True, slots=True)
class Calculator:
    """One kind of example: its fields, the keys that differ from the fields' names, labels of its answers, its rule and source."""

    kind: str
    label: LazyString
    fields: Sequence[Field]
    answers: Mapping[str, LazyString]
    rule: LazyString
    source: str
    fixed: Mapping[str, str]


_MANUFACTURER = Calculator(
    "refund",
    _l("生产企业免抵退税"),
    (
        Field("exports", _l("出口货物离岸价及税率"), "textarea", required=True, max_length=4000, help=_RATED),
        Field("duty_free", _l("免税购进原材料"), "textarea", max_length=4000, help=_RATED),
        Field("domestic_sales_excl_vat", _l("内销额（不含税）"), "decimal"),
        Field("domestic_vat_rate_pct", _l("内销适用税率（%）"), "decimal"),
        Field("input_vat", _l("当期进项税额"), "decimal", required=True),
        Field("carried_credit", _l("上期留抵税额"), "decimal"),
    ),
    {
        "noncreditable": _l("不得免征和抵扣税额"),
        "tax_payable": _l("当期应纳税额（负数为留抵）"),
        "end_credit": _l("期末留抵税额"),
        "ecr_cap": _l("免抵退税额"),
        "refund": _l("应退税额"),
        "exempt_offset": _l("免抵税额"),
        "credit_carried_forward": _l("结转下期留抵税额"),
    },
    _l("不得免征和抵扣税额＝离岸价×（征税率－退税率）－免税材料抵减；应退税额取期末留抵与免抵退税额中较小者。各项四舍五入到分。"),
    "Caishui 2012 No.39",
    {"method": "exempt-credit-refund"},
)
_TRADING = Calculator(
    "refund",
    _l("外贸企业免退税"),
    (
        Field("purchase_amount_excl_vat", _l("购进金额（不含税，按增值税专用发票）"), "decimal", required=True),
        Field("vat", _l("征税率（%）"), "decimal", required=True),
        Field("refund", _l("退税率（%）"), "decimal", required=True),
    ),
    {"refund": _l("应退税额"), "cost_transfer": _l("转入成本的税额")},
    _l("应退税额＝购进金额×退税率；征退税率之差计入成本。退税率按报关单出口日期。各项四舍五入到分。"),
    "Caishui 2012 No.39",
    {"method": "exempt-refund"},
)
_EXEMPTION = Calculator(
    "exemption",
    _l("无票免税"),
    (
        Field("zone_registered", words.CONDITIONS_ASKED[0], "select", required=True, options=_YES_NO),
        Field("zone_recorded", words.CONDITIONS_ASKED[1], "select", required=True, options=_YES_NO),
        Field("zone_customs", words.CONDITIONS_ASKED[2], "select", required=True, options=_YES_NO),
        Field("refund_cancelled", _l("货物已被明确取消出口退（免）税"), "select", required=True, options=_YES_NO),
        _DAY,
    ),
    {"exempt": _l("可以免征增值税、消费税")},
    _l("各项条件须同时符合；免税货物不退税，进项税额不得抵扣。"),
    "Caishui 2018 No.103",
    {},
)
_ASSESSED = Calculator(
    "assessed-income-tax",
    _l("核定征收企业所得税"),
    (
        Field("total_income_cny", _l("收入总额（元）"), "decimal", required=True),
        Field("small_low_profit", _l("是否小型微利企业"), "select", required=True, options=_YES_NO),
        Field("taxable_income_rate_pct", _l("应税所得率（%）"), "decimal", help=_l("留空按当日有效的参数")),
        _DAY,
    ),
    {"taxable_income_cny": _l("应纳税所得额"), "income_tax_cny": _l("应纳所得税额")},
    _l("应纳税所得额＝收入总额×应税所得率；所得额不超过上限的小型微利企业减按比例计入并适用优惠税率。优惠的条件和截止日未核实。"),
    "STA Announcement 2019 No.36",
    {},
)
_IMPORT = Calculator(
    "import-tax",
    _l("零售进口税"),
    (
        Field("order_items", _l("订单商品件数"), "integer", required=True),
        Field("retail_price_cny", _l("零售价（元）"), "decimal", required=True),
        Field("freight_cny", _l("运费（元）"), "decimal"),
        Field("insurance_cny", _l("保费（元）"), "decimal"),
        Field("vat_rate_pct", _l("增值税税率（%）"), "decimal", required=True),
        Field("ct_advalorem_pct", _l("消费税税率（%）"), "decimal"),
        Field("tariff_rate_pct", _l("关税税率（%）"), "decimal", help=_l("超过单次限值时须填写")),
        Field("annual_used_before_cny", _l("本年已用额度（元）"), "decimal"),
        Field("effective_regime", _l("适用日期"), "date", help=_l("留空按今天；按当日有效的规定试算")),
    ),
    {
        "route": _l("适用办法"),
        "tariff_cny": _l("关税"),
        "consumption_tax_cny": _l("消费税"),
        "vat_cny": _l("增值税"),
        "total_tax_cny": _l("税款合计"),
        "composite_rate_pct": _l("综合税率（%）"),
        "annual_used_after_cny": _l("本年累计使用额度"),
    },
    _l("限值以内关税为零，增值税、消费税按应纳税额的百分之七十征收。"),
    "Caiguanshui 2016 No.18; Caiguanshui 2018 No.49",
    {},
)
CALCULATORS: Mapping[str, Calculator] = {
    "manufacturer": _MANUFACTURER,
    "trading": _TRADING,
    "exemption": _EXEMPTION,
    "assessed-income-tax": _ASSESSED,
    "import-tax": _IMPORT,
}
_FIGURE = re.compile(r"-?[0-9]+\.[0-9]+")
_KEYS = {"exports": EXPORTS, "duty_free": DUTY_FREE}
_FIELDS_OF_KEYS = {EXPORTS: "exports", DUTY_FREE: "duty_free", "method": ""}


@blueprint.get("")
@firms_and_office
def begin() -> ResponseReturnValue:
    """Show the first calculator."""
    return show("manufacturer")


@blueprint.get("/<name>")
@firms_and_office
def show(name: str) -> ResponseReturnValue:
    """Show a calculator, and what comes out when it is filled in; the address holds the values, so that it can be kept."""
    known = CALCULATORS.get(name) or abort(404)
    values = {field.name: request.args.get(field.name, "").strip()[:4000] for field in known.fields}
    answer: Answer | None = None
    faults: Sequence[Fault] = ()
    if any(values.values()):
        try:
            answer = _answer(known, values)
        except Refused as refused:
            faults = [Fault(_pointer(fault), fault.code, fault.params) for fault in refused.faults]
    return render_template(
        "refunds/calculator.html", name=name, known=known, calculators=CALCULATORS, form=Form(known.fields, values, faults),
        answer=answer, words=words, statuses=STATUSES, today=_today(), routes=words.ROUTES, shown=_shown(answer or {}),
    ), 422 if faults else 200  # fmt: skip


def _answer(known: Calculator, values: Mapping[str, str]) -> Answer:
    faults = [Fault(f"/{each.name}", "required") for each in known.fields if each.required and not values[each.name]]
    if faults:
        raise Refused(*faults)
    row: dict[str, object] = {_KEYS.get(key, key): ";".join(value.splitlines()) for key, value in values.items()}
    if known is _TRADING:
        row = {"purchase_amount_excl_vat": values["purchase_amount_excl_vat"], EXPORTS: f"|{values['vat']}|{values['refund']}"}
    with hub().database.reading() as connection:
        terms = Terms(book(connection, hub().settings.zone), _today())
    return QUOTES[known.kind]({**row, **known.fixed}, terms)


def _shown(answer: Answer) -> Mapping[str, str]:
    """Write figures with groups of thousands."""
    return {key: money(Decimal(value)) for key, value in answer.items() if isinstance(value, str) and _FIGURE.fullmatch(value)}


def _pointer(fault: Fault) -> str:
    key = fault.pointer.removeprefix("/")
    return f"/{_FIELDS_OF_KEYS.get(key, key)}"


def _today() -> date:
    return hub().clock.now().astimezone(SHANGHAI).date()
