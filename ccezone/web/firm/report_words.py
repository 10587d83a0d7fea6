"""How pages name statistical reports, and what stands in them line by line, for firms and the office alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.reporting.queries.definitions import asked, indicators
from ccezone.reporting.queries.reports import ReportView
from ccezone.reporting.rules.checking import Indicator
from ccezone.web.office.return_words import KINDS
from ccezone.web.shell.i18n import language
from ccezone.web.shell.rendering import code_name

__all__ = ["CHECKS", "KINDS", "LEVELS", "METHODS", "STANDINGS", "STATES", "STEPS", "Line", "key_name", "lines", "owner", "written"]
LEVELS: Mapping[str, LazyString] = {"firm": _l("企业直报"), "park": _l("园区汇总"), "zone": _l("全区报表")}
STANDINGS: Mapping[str, tuple[LazyString, str]] = {
    "running": (_l("报告期内"), "neutral"),
    "due": (_l("待报送"), "info"),
    "late": (_l("逾期未报"), "bad"),
    "received": (_l("已收到，待审核"), "info"),
    "sent_back": (_l("已退回，待更正"), "warn"),
    "accepted": (_l("已接受"), "good"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "draft": (_l("填报中"), "neutral"),
    "submitted": (_l("已报送，待审核"), "info"),
    "withdrawn": (_l("已撤回"), "neutral"),
    "sent_back": (_l("已退回"), "warn"),
    "accepted": (_l("已接受"), "good"),
    "superseded": (_l("已被更正版取代"), "neutral"),
}
CHECKS: Mapping[str, tuple[LazyString, str]] = {
    "balance": (_l("分项与合计不平衡"), "bad"),
    "jump": (_l("与上期相比异动"), "warn"),
    "missing": (_l("缺项"), "warn"),
    "contradiction": (_l("与平台数据不一致"), "warn"),
}
STEPS: Mapping[str, LazyString] = {
    "open": _l("开始填报"),
    "submit": _l("报送"),
    "withdraw": _l("撤回"),
    "send_back": _l("退回更正"),
    "accept": _l("接受"),
    "supersede": _l("被更正版取代"),
    "compile": _l("汇总编制"),
    "sign": _l("签署并报送综试区"),
}
METHODS: Mapping[str, tuple[LazyString, str]] = {
    "roll_up": (_l("企业报告"), "good"),
    "model": (_l("模型推算"), "warn"),
    "none": (_l("无数据"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: what is reported beside what the hub knows and what was accepted for the period before."""

    key: str
    label: str
    unit: str
    part: bool
    reported: str | None
    fact: str | None
    former: str | None


def key_name(key: str) -> str:
    """Name a figure in the reader's language: its indicator, and the country it is of."""
    name, _point, country = key.partition(".")
    known = indicators()[name]
    label = known.label_zh if language() == "zh" else known.label_en
    return f"{label}{_('：')}{code_name(country, 'countries')}" if country else label


def lines(report: ReportView, beside: Mapping[str, Any]) -> Sequence[Line]:
    """Return the lines of a report in its order; ``beside``: facts and former figures, as judged now or as frozen."""
    found = []
    for each in asked(report.kind):
        keys = [each.key]
        if each.by_country:
            known = {key for figures in (report.figures, beside["facts"]) for key in figures if key.startswith(f"{each.key}.")}
            keys = sorted(known)
        found += [_line(each, key, report, beside) for key in keys]
    return found


def owner(report: ReportView) -> str:
    """Name whose report it is."""
    return report.called(language())


def written(value: str | None) -> str:
    """Write a figure with separators; money keeps its two decimals, a count has none."""
    return "—" if value is None else f"{Decimal(value):,f}"


def _line(each: Indicator, key: str, report: ReportView, beside: Mapping[str, Any]) -> Line:
    unit = each.unit_zh if language() == "zh" else each.unit_en
    figures = (source.get(key) for source in (report.figures, beside["facts"], beside["former"]))
    return Line(key, key_name(key), unit, bool(each.part_of), *figures)
