"""The words that pages about foreign exchange use."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KINDS: Mapping[str, LazyString] = {
    "platform": _l("电商平台结算款"),
    "payment_institution": _l("支付机构结算款"),
    "buyer": _l("境外买家直接付款"),
    "warehouse": _l("海外仓销售款"),
}
TABS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "match": _l("待匹配"),
    "declare": _l("待申报"),
    "settle": _l("待办理"),
    "pending": _l("待核查"),
    "done": _l("已结汇"),
    "returned": _l("已退汇"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "reported": (_l("已登记"), "info"),
    "unmatched": (_l("未匹配订单"), "warn"),
    "part": (_l("部分匹配"), "warn"),
    "matched": (_l("已匹配，待申报"), "info"),
    "declared": (_l("已申报，待办理"), "info"),
    "pending": (_l("待核查账户"), "warn"),
    "settled": (_l("已结汇，订单未匹配完"), "warn"),
    "closed": (_l("已结汇办结"), "good"),
    "returned": (_l("已退汇"), "neutral"),
}
YUAN_STATES: Mapping[str, tuple[LazyString, str]] = {
    **STATES,
    "declared": (_l("已申报，待入账"), "info"),
    "settled": (_l("已入账，订单未匹配完"), "warn"),
    "closed": (_l("已入账办结"), "good"),
}
"""States of receipts in yuan, which are credited and not settled."""
ORIGINS: Mapping[str, LazyString] = {
    "form": _l("企业登记"),
    "statement": _l("银行对账单"),
    "feed": _l("银行推送"),
    "upload": _l("企业上传"),
    "api": _l("企业系统接口"),
    "demo": _l("演示"),
}
LINES: Mapping[str, LazyString] = {
    "money": _l("收汇"),
    "platform_fee": _l("平台服务费"),
    "storage": _l("仓储费"),
    "logistics": _l("物流费"),
    "tax": _l("境外税费"),
    "refund": _l("向买家退款"),
    "bank_fee": _l("银行手续费"),
}
ACTIONS: Mapping[str, LazyString] = {
    "settle": _l("结汇入账"),
    "credit": _l("入人民币账户"),
    "pend": _l("转入待核查账户"),
    "release": _l("核查后结汇"),
    "return": _l("退汇"),
}
PARTS: Mapping[str, LazyString] = {"open": _l("未办理"), "pending": _l("待核查账户"), "settled": _l("已结汇")}
OUTCOMES: Mapping[str, tuple[LazyString, str]] = {
    "": (_l("等待银行答复"), "info"),
    "confirmed": (_l("银行已办理"), "good"),
    "refused": (_l("银行未办理"), "bad"),
}
ROUTES: Mapping[str, LazyString] = {
    "optional": _l("可自行选择直接结汇或转入待核查账户"),
    "service_only": _l("资料齐全的A类外综服企业可以直接结汇，其余转入待核查账户"),
    "pending": _l("先转入待核查账户，核查后结汇"),
    "matched_only": _l("个体工商户凭已匹配的真实订单结汇，不占年度便利化额度"),
}
ASPECTS: Mapping[str, LazyString] = {
    "party": _l("主体"),
    "waybill": _l("运单"),
    "currency": _l("币制"),
    "amount": _l("金额"),
    "window": _l("时间"),
}
BOP: Mapping[str, LazyString] = {"121010": _l("一般贸易"), "122030": _l("未纳入海关统计的网络购物")}
STEPS: Mapping[str, LazyString] = {
    "report": _l("登记收汇"),
    "confirm": _l("银行对账单确认"),
    "match": _l("匹配订单"),
    "not_found": _l("自动匹配未成"),
    "unmatch": _l("撤销匹配"),
    "declare": _l("国际收支申报"),
    "ask_settle": _l("申请结汇"),
    "ask_credit": _l("申请入人民币账户"),
    "ask_pend": _l("申请转入待核查账户"),
    "ask_release": _l("申请核查后结汇"),
    "ask_return": _l("申请退汇"),
    "confirmed_settle": _l("银行已结汇"),
    "confirmed_credit": _l("银行已入人民币账户"),
    "confirmed_pend": _l("银行已转入待核查账户"),
    "confirmed_release": _l("银行已核查结汇"),
    "confirmed_return": _l("银行已退汇"),
    "refused_settle": _l("银行未办理结汇"),
    "refused_credit": _l("银行未入人民币账户"),
    "refused_pend": _l("银行未转入待核查账户"),
    "refused_release": _l("银行未办理核查结汇"),
    "refused_return": _l("银行未办理退汇"),
}
DONE: Mapping[str, LazyString] = {
    "match": _l("已匹配。"),
    "unmatch": _l("已撤销匹配。"),
    "declare": _l("已申报。"),
    "ask": _l("已提交银行办理。"),
    "return": _l("已提交银行退汇。"),
}
ORDER_TABS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "open": _l("待收汇"),
    "overdue": _l("逾期未收汇"),
    "paid": _l("已收齐"),
    "over": _l("多收"),
}
STATEMENT_TABS: Mapping[str, LazyString] = {"": _l("全部"), "taken": _l("已读入"), "parked": _l("暂存")}
REASONS: Mapping[str, LazyString] = {
    "": _l("—"),
    "gap": _l("前面缺少对账单，补齐后自动读入"),
    "changed": _l("同一序号已读入另一份内容"),
    "opening_differs": _l("期初余额与上一份期末余额不符"),
    "unknown_account": _l("账户未登记"),
    "other_currency": _l("币制与登记的账户不同"),
    "doubts": _l("有与企业登记不一致的明细"),
    "known": _l("已读入过"),
}
PARKED: Mapping[str, LazyString] = {
    "unknown_instruction": _l("没有这份办理申请"),
    "unknown_outcome": _l("无法识别的结果"),
    "answered_otherwise": _l("与先前的答复相反"),
    "rate_missing": _l("缺少结汇汇率或人民币金额"),
}
CLASSES: Mapping[str, LazyString] = {"A": _l("A 类"), "B": _l("B 类"), "C": _l("C 类"), "": _l("未取得分类")}
DUE_TABS: Mapping[str, LazyString] = {
    "advance": _l("预收货款"),
    "deferred": _l("延期收款"),
    "declare": _l("国际收支申报"),
    "reported": _l("已报告"),
}
DUES: Mapping[str, tuple[LazyString, str]] = {
    "soon": (_l("待报告"), "warn"),
    "late": (_l("逾期未报告"), "bad"),
    "within": (_l("期限内"), "neutral"),
}
DECIDE: Mapping[str, tuple[LazyString, str]] = {"accept": (_l("接受，按此行匹配"), "good"), "drop": (_l("不接受此行"), "bad")}
DECIDED: Mapping[str, tuple[LazyString, str]] = {"accepted": (_l("已接受"), "good"), "dropped": (_l("未接受"), "bad")}
