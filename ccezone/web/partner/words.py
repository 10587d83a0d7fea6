"""The words that pages about partners, consents, looks and decisions use."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.accounts.rules.partners import PartnerKind
from ccezone.consents.rules import DataKind, Outcome, Purpose, Standing

KINDS: Mapping[str, LazyString] = {
    DataKind.ORDERS: _l("订单"),
    DataKind.PAYMENTS: _l("支付单"),
    DataKind.LOGISTICS: _l("物流（运单）"),
    DataKind.LISTS: _l("申报清单"),
    DataKind.CREDIT: _l("信用评价"),
    DataKind.CLAIMS: _l("出口退税申报"),
    DataKind.MONEY: _l("跨境收汇及使用"),
}
LOOKED: Mapping[str, LazyString] = {
    **KINDS,
    "claim": _l("退税申报"),
    "ledger": _l("出口商品台账"),
    "evidence": _l("退税证据包"),
    "inspection": _l("查验单"),
}
"""What a look was at."""
PURPOSES: Mapping[str, LazyString] = {
    Purpose.SETTLEMENT: _l("结算服务"),
    Purpose.LOAN: _l("融资授信"),
    Purpose.OTHER: _l("其他（须说明）"),
}
STANDINGS: Mapping[str, tuple[LazyString, str]] = {
    Standing.ASKED: (_l("待企业答复"), "warn"),
    Standing.FUTURE: (_l("未到生效日"), "info"),
    Standing.LIVE: (_l("有效"), "good"),
    Standing.EXPIRED: (_l("已到期"), "neutral"),
    Standing.REFUSED: (_l("已谢绝"), "bad"),
    Standing.WITHDRAWN: (_l("已撤回"), "bad"),
}
ACTIONS: Mapping[str, tuple[LazyString, str]] = {
    "asked": (_l("银行提出申请"), "info"),
    "granted": (_l("企业同意授权"), "good"),
    "refused": (_l("企业谢绝"), "bad"),
    "withdrawn": (_l("企业撤回授权"), "warn"),
}
OUTCOMES: Mapping[str, tuple[LazyString, str]] = {
    Outcome.APPROVED: (_l("通过"), "good"),
    Outcome.REFUSED: (_l("不通过"), "bad"),
    Outcome.MORE_DOCUMENTS: (_l("需补充材料"), "warn"),
}
PARTNERS: Mapping[str, LazyString] = {
    PartnerKind.BANK: _l("银行"),
    PartnerKind.TAX_BUREAU: _l("税务机关"),
    PartnerKind.AGENCY: _l("查验部门"),
    PartnerKind.DATA_PROVIDER: _l("数据报送单位"),
}
TABS: Mapping[str, LazyString] = {"live": _l("有效授权"), "asked": _l("待答复"), "over": _l("已结束")}


def kinds(codes: Sequence[str]) -> str:
    """Name kinds of data."""
    return str(_("、")).join(str(KINDS[code]) for code in DataKind if code in codes)
