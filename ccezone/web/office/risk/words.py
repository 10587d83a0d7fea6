"""What kinds of risk, thresholds, figures and steps are called, for the pages of alerts and rules."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.kernel.clock import SHANGHAI
from ccezone.risk.queries.alerts import StepView
from ccezone.risk.queries.rulebook import RuleView
from ccezone.risk.rules.kinds import KINDS
from ccezone.web.shell.rendering import amount, code_name

KIND_NAMES: Mapping[str, LazyString] = {
    "repeated_waybill": _l("运单号重复或近似"),
    "identity_reuse": _l("同一身份短期内大量下单"),
    "shared_contact": _l("多个身份共用收货电话"),
    "price_band": _l("申报单价偏离同类区间"),
    "splitting": _l("拆单规避单次交易限值"),
    "burst": _l("订单量短时激增"),
    "quota": _l("年度额度即将用尽"),
    "circular_payer": _l("集中代付或循环支付"),
    "impossible_times": _l("单据时间不合常理"),
    "weight": _l("申报重量与运单不符"),
}
KIND_NOTES: Mapping[str, LazyString] = {
    "repeated_waybill": _l("运单号仅符号、大小写或形近字不同，或不同承运人使用同一号码；或一个运单下有多个订单。"),
    "identity_reuse": _l("同一证件号码在时段内的进口订单数达到上限。身份只以摘要比对。"),
    "shared_contact": _l("同一收货电话在时段内对应多个证件号码。"),
    "price_band": _l("清单商品按法定第一单位折合人民币的单价，与同编码、同国家、同单位此前时段的中位数相比过低或过高。"),
    "splitting": _l("同一购买人在同一商家短时间内的多笔订单，每笔不超过单次交易限值，合计超过。"),
    "burst": _l("商家一小时的订单数远高于其此前有订单各小时的平均数。"),
    "quota": _l("同一购买人当年计入额度的清单合计接近或超过年度限值。"),
    "circular_payer": _l("付款人与购买人不一致，且一人为多名购买人付款，或若干人相互付款成环。"),
    "impossible_times": _l("运单远早于订单，付款远早于订单或晚于发货，或单据时间晚于收到时间。"),
    "weight": _l("运单毛重与其清单申报净重合计相比过轻或过重。"),
}
THRESHOLDS: Mapping[str, LazyString] = {
    "days": _l("时段"),
    "orders": _l("订单数不少于"),
    "identities": _l("证件号码数不少于"),
    "low": _l("低于（占比）"),
    "high": _l("高于（占比）"),
    "samples": _l("同类样本不少于"),
    "floor": _l("固定下限（0 为不用）"),
    "ceiling": _l("固定上限（0 为不用）"),
    "hours": _l("时段"),
    "share": _l("达到限值的比例"),
    "factor": _l("达到平均数的倍数"),
    "history": _l("可比小时数不少于"),
    "buyers": _l("被代付的购买人数不少于"),
    "ring": _l("成环人数不少于"),
    "parcel_ahead": _l("运单早于订单超过"),
    "payment_ahead": _l("付款早于订单超过"),
    "payment_behind": _l("进口付款晚于运单超过"),
    "future": _l("单据时间晚于收到时间超过"),
    "kilograms": _l("相差超过"),
}
UNITS: Mapping[str, LazyString] = {
    "day": _l("天"),
    "hour": _l("小时"),
    "order": _l("个订单"),
    "person": _l("人"),
    "line": _l("项商品"),
    "times": _l("倍"),
    "CNY": _l("元"),
}
MEASURES: Mapping[str, LazyString] = {
    "orders": _l("订单数"),
    "value": _l("合计金额（元）"),
    "identities": _l("证件号码数"),
    "limit": _l("限值（元）"),
    "lists": _l("清单数"),
    "buyers": _l("购买人数"),
    "ring": _l("成环人数"),
    "waybills": _l("运单数"),
    "price": _l("单价（元/法定单位）"),
    "median": _l("同类中位数（元）"),
    "samples": _l("同类样本数"),
    "share": _l("占比（%）"),
    "floor": _l("下限（元）"),
    "ceiling": _l("上限（元）"),
    "hours": _l("小时数"),
    "parcel_ahead": _l("运单早于订单（小时）"),
    "payment_ahead": _l("付款早于订单（小时）"),
    "payment_behind": _l("付款晚于运单（小时）"),
    "future": _l("晚于收到时间（小时）"),
    "net": _l("申报净重（千克）"),
    "gross": _l("运单毛重（千克）"),
}
SAID: Mapping[str, LazyString] = {
    "value": _l("金额（元）"),
    "price": _l("单价（元/法定单位）"),
    "hs_code": _l("商品编码"),
    "country": _l("国家（地区）"),
    "unit": _l("法定单位"),
    "carrier": _l("承运人"),
    "order": _l("订单时间"),
    "paid_first": _l("首次付款"),
    "paid_last": _l("末次付款"),
    "waybill": _l("运单时间"),
    "ahead": _l("晚于收到时间（小时）"),
    "net": _l("申报净重（千克）"),
    "gross": _l("运单毛重（千克）"),
}
BILLS: Mapping[str, LazyString] = {
    "order": _l("订单"),
    "payment": _l("支付单"),
    "waybill": _l("运单"),
    "list": _l("清单"),
}
LEVELS: Mapping[str, tuple[LazyString, str]] = {
    "red": (_l("红色"), "bad"),
    "orange": (_l("橙色"), "warn"),
    "yellow": (_l("黄色"), "info"),
    "blue": (_l("蓝色"), "neutral"),
}
TYPES: Mapping[str, LazyString] = {
    "market": _l("市场"),
    "trade": _l("贸易真实性"),
    "finance": _l("金融"),
    "technology": _l("技术"),
    "public_safety": _l("公共安全"),
    "credit": _l("信用"),
    "country": _l("国别"),
    "compliance": _l("合规"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "open": (_l("待承办"), "warn"),
    "handling": (_l("处置中"), "info"),
    "closed": (_l("已办结"), "good"),
}
RULE_STATES: Mapping[str, tuple[LazyString, str]] = {
    "draft": (_l("草案"), "info"),
    "live": (_l("已发布"), "good"),
    "dropped": (_l("已作废"), "neutral"),
}
AGENCIES: Mapping[str, LazyString] = {
    "customs": _l("海关"),
    "tax": _l("税务"),
    "foreign_exchange": _l("外汇"),
    "market_supervision": _l("市场监管"),
    "commerce": _l("商务"),
    "post": _l("邮政"),
    "public_security": _l("公安"),
    "finance": _l("金融监管"),
}
DISPOSITIONS: Mapping[str, LazyString] = {
    "confirmed": _l("属实，已采取措施"),
    "referred": _l("移交有关部门"),
    "corrected": _l("差错，企业已更正"),
    "unfounded": _l("不属实"),
}
ACTIONS: Mapping[str, LazyString] = {
    "raised": _l("规则发现并预警"),
    "grew": _l("出现新的证据"),
    "reopened": _l("出现新的证据，重新打开"),
    "taken": _l("承办"),
    "noted": _l("登记情况"),
    "asked": _l("请部门会办"),
    "answered": _l("部门反馈"),
    "closed": _l("办结"),
}
FLOWS: Mapping[str, LazyString] = {"E": _l("出口"), "I": _l("进口")}


def bound(kind: str, name: str, value: str) -> str:
    """Write a threshold with its unit."""
    unit = next(each.unit for each in KINDS[kind].thresholds if each.name == name)
    return f"{value} {UNITS.get(unit, unit)}"


def said(name: str, value: str) -> str:
    """Write a value of a trace: amounts with separators, times in Shanghai, codes with their names."""
    if name in ("value", "price", "net", "gross"):
        return amount(Decimal(value))
    lists = {"country": "countries", "unit": "units"}
    if name in lists:
        return code_name(value, lists[name])
    if name in ("order", "waybill", "paid_first", "paid_last"):
        return moment_said(value)
    return value


def moment_said(text: str) -> str:
    """Write a stored time in Shanghai, to the second."""
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def rule_name(rule: RuleView) -> str:
    """Name a rule: those that ship with us by their kind, in the reader's language."""
    return rule.name if rule.published_by or rule.state != "live" else str(KIND_NAMES[rule.kind])


def step_note(step: StepView) -> str:
    """Write what was said with a step; a disposition by its name."""
    if step.action == "taken":
        return ""
    code, _colon, text = step.note.partition(": ")
    return f"{DISPOSITIONS[code]} {text}" if step.action in ("closed", "answered") and code in DISPOSITIONS else step.note
