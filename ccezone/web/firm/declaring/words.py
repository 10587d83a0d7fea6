"""What the pages of declaring call modes and sections, and what they explain: short, in own words, with the legal source."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.declarations.rules.conditions import Outcome
from ccezone.declarations.rules.modes import Condition
from ccezone.web.firm.parties import KINDS

MODES: Mapping[tuple[str, str], LazyString] = {
    ("9610", "E"): _l("9610 零售出口"),
    ("1210", "E"): _l("1210 特殊区域出口"),
    ("9610", "I"): _l("9610 直购进口"),
    ("1210", "I"): _l("1210 网购保税进口"),
    ("9710", "E"): _l("9710 B2B 直接出口"),
    ("9810", "E"): _l("9810 出口海外仓"),
}
MODE_NOTES: Mapping[tuple[str, str], LazyString] = {
    ("9610", "E"): _l("境内发货，卖给境外个人，按清单申报。"),
    ("1210", "E"): _l("货物在综合保税区等特殊区域内，卖给境外个人。"),
    ("9610", "I"): _l("境外直邮给境内个人，三单齐备后按清单申报。"),
    ("1210", "I"): _l("货物已在境内保税区，卖给境内个人。"),
    ("9710", "E"): _l("卖给境外企业，单票在限值内且不涉证、不涉检、不涉税的可按清单申报。"),
    ("9810", "E"): _l("先运到海外仓再售，单票在限值内且不涉证、不涉检、不涉税的可按清单申报。"),
}
SECTIONS: Mapping[str, LazyString] = {
    "parties": _l("参与企业"),
    "order": _l("订单"),
    "goods": _l("商品"),
    "payment": _l("收付款"),
    "logistics": _l("物流"),
    "customs": _l("海关申报"),
}
LABELS: Mapping[str, LazyString] = {
    "filing": _l("何时申报"),
    "state-no_export_duty": _l("不涉及出口关税"),
    "state-no_refund": _l("不申请出口退税"),
    "state-no_licence": _l("不涉及许可证件和法定检验"),
}
"""Of what is kept beside the questions of the messages."""
FILINGS: Mapping[str, LazyString] = {
    "usual": _l("按本企业设置"),
    "at_once": _l("单据一致后立即申报"),
    "hold": _l("备好后由我申报"),
}
STATEMENTS: Mapping[str, LazyString] = {"yes": _l("是"), "no": _l("否")}
CONDITIONS: Mapping[str, LazyString] = {
    Condition.NO_EXPORT_DUTY: _l("不涉出口关税"),
    Condition.NO_REFUND: _l("不需退税"),
    Condition.NO_LICENCE: _l("不涉许可证件和检验"),
    Condition.PARCEL_VALUE: _l("单票价值在限值内"),
}
OUTCOMES: Mapping[str, tuple[LazyString, str]] = {
    Outcome.PASSED: (_l("符合"), "good"),
    Outcome.FAILED: (_l("不符合"), "bad"),
    Outcome.UNKNOWN: (_l("尚不明确"), "warn"),
}
GROUNDS: Mapping[str, LazyString] = {
    "stated": _l("按企业声明。"),
    "path": _l("选择汇总统计即不申请退税。"),
    "licence_no": _l("已填写许可证号。"),
    "value": _l("按当月海关汇率折算。"),
    "provisional_rate": _l("当月海关汇率尚未公布，暂按最近一期折算。"),
    "no_rate": _l("没有该币制的海关汇率，无法折算。"),
    "none": _l("请在“海关申报”中声明。"),
}


@dataclass(frozen=True, slots=True)
class Help:
    """Why a section asks what it asks, and where that is laid down."""

    text: LazyString
    source: str


HELP: Mapping[str, Mapping[str, Help]] = {
    "parties": {
        "E": Help(_l("清单由电商企业或其委托的报关企业申报；各企业须已备案。"), "GACC Announcement 2018 No.194"),
        "I": Help(_l("清单由电商企业或其委托的报关企业申报，担保企业对代扣税款负责。"), "GACC Announcement 2018 No.194"),
    },
    "order": {
        "E": Help(_l("订单信息须与平台上的真实交易一致。"), "GACC Announcement 2018 No.194"),
        "I": Help(_l("订购人须与支付人为同一人，海关按订购人核算年度额度。"), "GACC Announcement 2018 No.194"),
    },
    "goods": {
        "E": Help(_l("商品编码、申报要素取自商品资料；本票不同的，在该项“申报要素”中填写。"), "CEB603, 202205"),
        "I": Help(_l("商品编码、申报要素取自商品资料；原产国按每批实际填写。"), "CEB621, 202205"),
    },
    "payment": {
        "E": Help(_l("收款单可以以后再报；自 2024-12-15 起出口清单申报不再校验收款单。"), "GACC Announcement 2024 No.167"),
        "I": Help(_l("支付单由支付企业传输。实付金额 = 货值 + 运杂费 + 代扣税款 − 抵扣。"), "CEB311, 202205"),
    },
    "logistics": {
        "E": Help(_l("运单由物流企业传输；在此说明本订单装在哪个运单里。重量、件数按运单，不同时才填写。"), "CEB603, 202205"),
        "I": Help(_l("运单由物流企业传输，收货人须与订单一致。"), "CEB621, 202205"),
    },
    "customs": {
        "E": Help(
            _l("A：清单核放、汇总统计，不涉税、不退税、不涉证；B：清单核放、汇总申报，可申请退税。"),
            "GACC Announcement 2018 No.194; CEB603 statisticsFlag",
        ),
        "I": Help(_l("申报地海关与口岸海关按货物实际监管地填写。"), "CEB621, 202205"),
    },
}

PARTIES: Mapping[str, LazyString] = KINDS
"""What parties of the book are called."""
