"""The words for ledgers, their parts and what may differ. Whoever adds a ledger to the reconciliation adds its words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LEDGERS: Mapping[str, LazyString] = {
    "goods": _l("出口商品（放行＝已申报退税＋已免税＋未用）"),
    "refunds": _l("退税款（已到账＝企业留存＋已追回）"),
    "prerefunds": _l("离境即退税（预退税款＝已核销＋应补缴＋未核算）"),
    "special_area": _l("特殊区域出口（1210 入区＝已集报＋已送未报＋在区）"),
    "foreign_exchange": _l("跨境收汇（已收＝已结汇＋待核查＋办理中＋已退汇＋未用）"),
}
PARTS: Mapping[str, LazyString] = {
    "claimed": _l("已申报退税"),
    "exempt": _l("已免税"),
    "open": _l("未用"),
    "kept": _l("企业留存"),
    "recovered": _l("已追回或抵减"),
    "sold": _l("已按销售核销"),
    "to_repay": _l("应补缴"),
    "unsold": _l("尚未核算"),
    "summarised": _l("已集报"),
    "unsummarised": _l("已送未报"),
    "stock": _l("在区"),
    "held": _l("结汇办理中"),
    "pending": _l("待核查账户"),
    "settled": _l("已结汇"),
    "leaving": _l("退汇办理中"),
    "returned": _l("已退汇"),
}
DIFFERENCES: Mapping[str, LazyString] = {
    "item_missing": _l("已放行，台账没有登记"),
    "not_released": _l("台账有登记，单证已不是放行状态"),
    "amount_differs": _l("金额与放行单证不一致"),
    "approved_differs": _l("核准金额与办理步骤不一致"),
    "paid_differs": _l("到账金额与办理步骤不一致"),
    "recovered_differs": _l("追回金额与办理步骤不一致"),
    "prerefund_differs": _l("预退税额与办理步骤不一致"),
    "settled_differs": _l("核销金额与办理步骤不一致"),
    "clawback_differs": _l("应补缴金额与补缴记录不一致"),
    "lot_differs": _l("批次数量与入区报关单不一致"),
    "lot_overdrawn": _l("出区数量超过入区数量"),
    "fx_receipt_parts": _l("收汇各部分与办理记录不一致"),
    "fx_receipt_matched": _l("已核对金额与核对记录不一致"),
    "gap": _l("各部分相加不等于总额"),
}
