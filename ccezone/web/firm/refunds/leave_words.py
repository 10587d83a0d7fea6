"""The words of pages about refunds upon leaving the country."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

TABS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "waiting": _l("待进入核算期"),
    "open": _l("核算期内"),
    "soon": _l("30天内到期"),
    "owed": _l("待补缴"),
    "ended": _l("已办结"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "declared": (_l("已申报，待退税到账"), "neutral"),
    "open": (_l("待核算"), "info"),
    "settled": (_l("已全部核销"), "good"),
    "split": (_l("部分核销、部分补缴"), "warn"),
    "recovered": (_l("全部补缴"), "bad"),
    "void": (_l("已取消"), "neutral"),
}
STEPS: Mapping[str, tuple[LazyString, str]] = {
    "refund": (_l("预退税到账"), "good"),
    "reconcile": (_l("按销售核销"), "good"),
    "back": (_l("货物退回境内"), "warn"),
    "close": (_l("不再销售，放弃核算"), "warn"),
    "lapse": (_l("逾期未核算"), "bad"),
    "void": (_l("申报终结，取消"), "neutral"),
}
SOURCES: Mapping[str, LazyString] = {"form": _l("页面登记"), "sheet": _l("表格上传"), "api": _l("接口")}
DONE: Mapping[str, LazyString] = {
    "sell": _l("销售已登记。"),
    "remove": _l("销售已撤回。"),
    "reconcile": _l("已核算，对应的预退税款已核销。"),
    "back": _l("已登记退回，应补税款列在退税补缴。"),
    "close": _l("已办结，应补税款列在退税补缴。"),
}
