"""The words that pages about refunds use."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.tax_refunds.rules.exemption import Condition

FIELDS: Mapping[str, LazyString] = {
    "exported_on": _l("出口日期"),
    "goods_name": _l("货物名称"),
    "unit": _l("计量单位"),
    "quantity": _l("数量"),
    "unit_price": _l("单价"),
    "amount": _l("金额"),
}
"""The six fields of Caishui 2018 No.103."""
STANDINGS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "gaps": _l("字段不全"),
    "complete": _l("六项齐全"),
    "claimed": _l("已申报退税"),
    "exempt": _l("已选择免税"),
    "open": _l("未退未免"),
}
CONDITIONS: Mapping[Condition, LazyString] = {
    Condition.ZONE_REGISTERED: _l("企业在综试区注册并备案"),
    Condition.ZONE_RECORDED: _l("在综试区平台登记出口日期、货物名称、计量单位、数量、单价、金额"),
    Condition.ZONE_CUSTOMS: _l("货物由综试区所在地海关办理电子商务出口申报"),
    Condition.NOT_REFUND_CANCELLED: _l("不属于财政部和税务总局明确取消出口退（免）税的货物"),
}
EVIDENCE: Mapping[str, LazyString] = {
    "firm": _l("企业"),
    "uscc": _l("统一社会信用代码"),
    "node": _l("所属节点"),
    "gaps": _l("缺少的字段"),
    "customs_code": _l("申报地海关"),
    "zone_customs": _l("综试区海关"),
    "document_no": _l("单证编号"),
    "hs_code": _l("商品编码"),
    "refund_pct": _l("出口日退税率（%）"),
    "document": _l("依据"),
    "status": _l("可信程度"),
}
CONDITIONS_ASKED = tuple(CONDITIONS.values())
ROUTES: Mapping[str, LazyString] = {
    "cbec_within_limit": _l("限值以内，按跨境电商零售进口征税"),
    "cbec_full_tax": _l("超过单次限值的单件商品，全额征税"),
    "not_eligible_split_or_general_trade": _l("不适用：超过单次限值，须拆单或按一般贸易"),
    "general_trade": _l("超过年度限值，按一般贸易"),
}
METHODS: Mapping[str, LazyString] = {"exempt-refund": _l("免退税（外贸企业）"), "exempt-credit-refund": _l("免抵退税（生产企业）")}
CLASSES: Mapping[str, LazyString] = {"1": _l("一类"), "2": _l("二类"), "3": _l("三类"), "4": _l("四类")}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "draft": (_l("待完善"), "neutral"),
    "checked": (_l("自检通过"), "info"),
    "submitted": (_l("已申报，待受理"), "info"),
    "accepted": (_l("已受理"), "info"),
    "not_accepted": (_l("不予受理"), "bad"),
    "reviewing": (_l("审核中"), "info"),
    "doubt": (_l("疑点待答复"), "warn"),
    "approved": (_l("审核通过"), "good"),
    "partly": (_l("部分通过"), "warn"),
    "refused": (_l("不予退税"), "bad"),
    "treasury": (_l("国库办理"), "info"),
    "paid": (_l("已到账"), "good"),
    "withdrawn": (_l("已撤回"), "neutral"),
    "recovered": (_l("已追回"), "bad"),
    "offset": (_l("已抵减"), "warn"),
}
STEPS: Mapping[str, LazyString] = {
    "open": _l("建立申报"),
    "check": _l("自检通过"),
    "edit": _l("退回修改"),
    "submit": _l("提交申报"),
    "answer": _l("答复疑点"),
    "ask_withdrawal": _l("申请撤回"),
    "discard": _l("作废"),
    "accept": _l("税务机关受理"),
    "not_accept": _l("税务机关不予受理"),
    "review": _l("开始审核"),
    "doubt": _l("税务机关发出疑点函"),
    "approve": _l("审核通过"),
    "approve_part": _l("部分通过"),
    "refuse": _l("不予退税"),
    "treasury": _l("开具收入退还书，国库办理"),
    "pay": _l("退税到账"),
    "withdraw": _l("税务机关同意撤回"),
    "keep": _l("税务机关不同意撤回"),
    "recover": _l("税务机关追回退税"),
    "offset": _l("税务机关抵减退税"),
    "reverse": _l("税务机关复审冲回"),
}
CLAIM_TABS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "draft": _l("待申报"),
    "bureau": _l("办理中"),
    "doubt": _l("疑点待答复"),
    "paid": _l("已到账"),
    "ended": _l("已终结"),
}
PARKED: Mapping[str, LazyString] = {
    "unknown_claim": _l("没有这份申报"),
    "step_not_allowed": _l("申报当前状态不允许这一步"),
    "amount_missing": _l("没有金额"),
    "amount_above_paid": _l("金额超过已退税款"),
    "amount_above_approved": _l("冲回金额超过核准金额"),
    "amount_above_claim": _l("核准金额超过申报金额"),
    "amount_differs": _l("到账金额与核准金额不一致"),
    "account_differs": _l("退税款没有汇入托管账户"),
}
DONE: Mapping[str, LazyString] = {
    "add": _l("已加入申报。"),
    "drop": _l("已移出申报。"),
    "mend": _l("已保存。"),
    "figures": _l("已保存。"),
    "add_invoice": _l("发票已登记。"),
    "drop_invoice": _l("发票已移出。"),
    "check": _l("已自检，结果见下。"),
    "submit": _l("已提交，正在送往税务机关。"),
    "answer": _l("答复已提交，正在送往税务机关。"),
    "withdraw": _l("已登记撤回。"),
}
