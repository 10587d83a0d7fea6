"""How the monitor names what it counts by, the spans it looks at, steps of the funnel and stretches of time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.enterprises.queries.nodes import nodes
from ccezone.statistics.queries import firm_names
from ccezone.statistics.rules import EDGES
from ccezone.storage import Connection
from ccezone.web.firm.declarations.words import FLOWS
from ccezone.web.shell.i18n import language
from ccezone.web.shell.rendering import code_name

BY: Mapping[str, LazyString] = {
    "mode": _l("监管方式"),
    "flow": _l("进出口"),
    "country": _l("国家（地区）"),
    "chapter": _l("商品章（HS 前两位）"),
    "node": _l("节点"),
    "park": _l("园区（前置服务窗口）"),
    "enterprise": _l("商户企业"),
}
SPANS: Mapping[str, LazyString] = {"today": _l("今日"), "week": _l("近 7 日"), "month": _l("本月"), "year": _l("本年")}
STEPS: Mapping[str, LazyString] = {
    "arrived": _l("收到订单"),
    "matched": _l("单据比对通过"),
    "filed": _l("清单申报"),
    "released": _l("放行"),
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STARTS: Mapping[str, Callable[[date], date]] = {
    "today": lambda day: day,
    "week": lambda day: day - timedelta(days=6),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The days looked at, both included."""

    name: str
    since: date
    until: date


def span(name: str, today: date) -> Span:
    """Return the span of a name, up to today. Raises ``KeyError``."""
    return Span(name, _STARTS[name](today), today)


def limit(seconds: int | None) -> str:
    """Write a limit of time to clear."""
    if seconds is None:
        return "—"
    if seconds >= _DAY:
        return str(_("%(n)s 天", n=seconds // _DAY))
    if seconds >= _HOUR:
        return str(_("%(n)s 小时", n=seconds // _HOUR))
    return str(_("%(n)s 分钟", n=seconds // _MINUTE) if seconds >= _MINUTE else _("%(n)s 秒", n=seconds))


def bucket(number: int) -> str:
    """Write the stretch of time a bucket holds."""
    if number == 0:
        return str(_("不足 %(upper)s", upper=limit(EDGES[0])))
    if number == len(EDGES):
        return str(_("%(lower)s 以上", lower=limit(EDGES[-1])))
    return str(_("%(lower)s 至 %(upper)s", lower=limit(EDGES[number - 1]), upper=limit(EDGES[number])))


def namer(connection: Connection, by: str, keys: Sequence[str]) -> Callable[[str], str]:
    """Return what writes the keys of a criterion."""
    if by.endswith("_flow"):
        name = namer(connection, by.removesuffix("_flow"), [key[:-1] for key in keys])
        return lambda key: f"{name(key[:-1])} · {FLOWS.get(key[-1:], key[-1:])}"
    if by == "enterprise":
        known, at = firm_names(connection, keys), 0 if language() == "zh" else 1
        return lambda key: known[key][at] if key in known else key
    if by in ("node", "park"):
        places = {node.code: (node.name if language() == "zh" else node.name_en or node.name) for node in nodes(connection)}
        return lambda key: places.get(key, key) or str(_("未注明"))
    if by == "flow":
        return lambda key: str(FLOWS.get(key, key))
    if by == "mode":
        return lambda key: f"{code_name(key[:4], 'supervision_modes')} · {FLOWS.get(key[4:], key[4:])}"
    if by in ("country", "destination"):
        return lambda key: code_name(key, "countries") if key else str(_("未注明"))
    if by == "hour":
        return lambda key: f"{key}:00"
    return lambda key: key or str(_("未注明"))
