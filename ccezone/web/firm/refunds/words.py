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
