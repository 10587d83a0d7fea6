"""The words that an order's story uses: strands, and what happened in each."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.tracing.queries import Strand
from ccezone.web.firm.fx import words as fx_words

STRANDS: Mapping[Strand, LazyString] = {
    Strand.CUSTOMS: _l("海关环节"),
    Strand.INSPECTION: _l("查验环节"),
    Strand.TAX: _l("税务环节"),
    Strand.FX: _l("外汇环节"),
    Strand.COMMERCE: _l("商务环节"),
    Strand.FINANCE: _l("金融环节"),
    Strand.ENTERPRISE: _l("企业环节"),
}
TONES: Mapping[Strand, str] = {
    Strand.CUSTOMS: "good",
    Strand.INSPECTION: "warn",
    Strand.TAX: "warn",
    Strand.FX: "good",
    Strand.COMMERCE: "info",
    Strand.FINANCE: "info",
    Strand.ENTERPRISE: "neutral",
}
EMPTY: Mapping[Strand, LazyString] = {
    Strand.CUSTOMS: _l("还没有送达海关"),
    Strand.INSPECTION: _l("没有查验"),
    Strand.TAX: _l("没有税单、台账或退税申报"),
    Strand.FX: _l("还没有收汇"),
    Strand.COMMERCE: _l("还没有单据"),
    Strand.FINANCE: _l("没有银行审核"),
    Strand.ENTERPRISE: _l("还没有生成清单"),
}
KINDS: Mapping[str, LazyString] = {
    "order": _l("收到订单"),
    "payment": _l("收到支付单"),
    "waybill": _l("收到运单"),
    "link": _l("收到运单关联"),
    "matched": _l("三单比对"),
    "ledger": _l("记入出口商品台账"),
    "area": _l("从特殊区域分送出区"),
    "decided": _l("银行审核决定"),
}
NODES: Mapping[str, LazyString] = {
    "collect": _l("单据齐备"),
    "prepare": _l("比对并生成清单"),
    "file": _l("提交申报"),
    "send": _l("送达单一窗口"),
    "clear": _l("海关放行"),
}
MONEY: Mapping[str, LazyString] = {
    **fx_words.STEPS,
    "matched": _l("收汇核对到本订单"),
    "unmatched": _l("撤销收汇核对"),
}
"""Steps of receipts as their own pages say them, and of the order's own money."""
