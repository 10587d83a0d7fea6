"""How pages name returns: kinds, series, states, tables, columns, steps."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KINDS: Mapping[str, LazyString] = {
    "weekly": _l("周报"),
    "monthly": _l("月报"),
    "quarterly": _l("季报"),
    "half_year": _l("半年报"),
    "yearly": _l("年报"),
}
SERIES: Mapping[str, LazyString] = {"preliminary": _l("初步数"), "final": _l("最终数")}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "compiled": (_l("待复核"), "warn"),
    "approved": (_l("已批准，签章中"), "info"),
    "signed": (_l("已签章，待发布"), "info"),
    "published": (_l("已发布"), "good"),
    "superseded": (_l("已被更正版取代"), "neutral"),
    "refused": (_l("已退回"), "bad"),
}
TABLES: Mapping[str, LazyString] = {
    "mode": _l("监管方式"),
    "country": _l("国家（地区）"),
    "section": _l("商品类"),
    "chapter": _l("商品章"),
    "node": _l("节点"),
    "park": _l("园区"),
    "enterprise": _l("企业"),
    "origin": _l("数据来源"),
}
COLUMNS: Mapping[str, LazyString] = {
    "export": _l("出口"),
    "export_year": _l("出口年初至今"),
    "import": _l("进口"),
    "import_year": _l("进口年初至今"),
}
STEPS: Mapping[str, LazyString] = {
    "compile": _l("编制并固定数字"),
    "render": _l("生成文件"),
    "approve": _l("复核批准"),
    "refuse": _l("退回"),
    "sign": _l("电子签章"),
    "publish": _l("发布"),
    "supersede": _l("被更正版取代"),
}
FILES: Mapping[str, LazyString] = {
    "zh.pdf": _l("中文 PDF"),
    "en.pdf": _l("英文 PDF"),
    "zh.xlsx": _l("中文工作簿"),
    "en.xlsx": _l("英文工作簿"),
}


def actor(name: str) -> str:
    """Name who took a step: a person, the platform, the command line."""
    return {"hub": str(_("平台")), "demo": str(_("演示")), "command": str(_("命令行"))}.get(name, name)
