"""The words of pages about clawbacks."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

TABS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "due": _l("待补缴"),
    "asked": _l("税务机关办理中"),
    "pending": _l("待退税结果"),
    "settled": _l("已补缴"),
    "void": _l("已取消"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "pending": (_l("退税尚未到账，到账后补缴"), "neutral"),
    "due": (_l("待补缴"), "warn"),
    "asked": (_l("税务机关办理中"), "info"),
    "settled": (_l("已补缴"), "good"),
    "void": (_l("已取消"), "neutral"),
}
