"""How pages name sources, methods and standings of what counts beyond lists."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SOURCES: Mapping[str, LazyString] = {
    "general_declaration": _l("报关单"),
    "mail": _l("邮件渠道"),
    "express": _l("快件渠道"),
    "overseas_node": _l("海外仓及境外节点"),
    "enterprise_report": _l("企业直报"),
    "park_report": _l("园区直报"),
    "sample": _l("抽样"),
    "goods_return": _l("退货冲减"),
}
METHODS: Mapping[str, LazyString] = {"roll-up": _l("汇总"), "model": _l("模型推算"), "sample": _l("抽样推算")}
STANDINGS: Mapping[str, tuple[LazyString, str]] = {
    "counted": (_l("已计入"), "good"),
    "declared": (_l("与清单重复"), "neutral"),
    "fed": (_l("与先前报送重复"), "neutral"),
    "linked": (_l("由清单汇总形成"), "neutral"),
    "unrecognised": (_l("未认定为跨境电商"), "warn"),
    "undone": (_l("已撤销"), "bad"),
}
SIGNS: Mapping[str, LazyString | str] = {
    "mode": _l("监管方式"),
    "mark": _l("海关加标"),
    "order": _l("关联订单"),
    "register": _l("备案企业"),
    "officer": _l("人工认定"),
    "": "—",
}
FLOWS: Mapping[str, LazyString] = {"E": _l("出口"), "I": _l("进口")}
