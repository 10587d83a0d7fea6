"""The words that pages about summary declarations and goods returns use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.clearance.queries.applications import ApplicationStep
from ccezone.web.shell.i18n import language
from schemas.codes.statuses import reason_of, status_words

TABS: Mapping[str, LazyString] = {
    "": _l("全部"),
    "draft": _l("待申报"),
    "filed": _l("海关办理中"),
    "rejected": _l("被退单"),
    "granted": _l("海关已通过"),
    "dropped": _l("已作废"),
}
OWN: Mapping[str, tuple[LazyString, str]] = {
    "draft": (_l("待申报"), "neutral"),
    "queued": (_l("排队发送"), "info"),
    "sent": (_l("已发送，待回执"), "info"),
    "dropped": (_l("已作废"), "neutral"),
    "refused": (_l("单一窗口拒收报文"), "bad"),
}
EVENTS: Mapping[str, LazyString] = {
    "application_opened": _l("建立申请"),
    "application_changed": _l("修改申请"),
    "application_dropped": _l("作废申请"),
    "result_names_other_lists": _l("汇总结果中有不属于本申请的清单"),
    "goods_arrived": _l("货物运抵"),
}
KEY: Mapping[str, tuple[LazyString, str]] = {
    "merchant_code": (_l("收发货人"), ""),
    "transport_mode": (_l("运输方式"), "transport_modes"),
    "owner_code": (_l("生产销售单位"), ""),
    "country": (_l("运抵国（地区）"), "countries"),
    "port_code": (_l("出境关别"), "customs_districts"),
    "currency": (_l("币制"), "currencies"),
    "trade_mode": (_l("监管方式"), "supervision_modes"),
    "customs_code": (_l("申报地海关"), "customs_districts"),
    "agent_code": (_l("申报单位"), ""),
}
"""The grouping key in words, with the code list of each."""
REPAYMENT: Mapping[str, tuple[LazyString, str]] = {
    "none": (_l("未退税，无需补税"), "neutral"),
    "due": (_l("应先补缴已退税款"), "warn"),
    "settled": (_l("已补税"), "good"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A step in words."""

    title: str
    code: str
    plain: str
    tone: str
    at: datetime
    note: str


def state(name: str) -> tuple[str, str]:
    """Return a state's words and tone."""
    if name in OWN:
        label, tone = OWN[name]
        return str(label), tone
    known = status_words(name)
    return known.label(language()), known.tone


def story(steps: Sequence[ApplicationStep]) -> Sequence[Shown]:
    """Return a story in words, the newest first."""
    return [_shown(step) for step in reversed(steps)]


def _shown(step: ApplicationStep) -> Shown:
    by = str(_("人工")) if step.actor else ""
    if step.kind == "receipt":
        label, tone = state(str(step.code))
        published = reason_of(step.code or 0)
        plain = step.info if published is None else f"{published.text(language())} {step.info}"
        return Shown(label, str(step.code), plain, tone, step.at, str(_("非常规步骤")) if step.expected is False else "")
    if step.kind == "result":
        return Shown(str(_("海关告知汇总结果")), "", step.info, "good", step.at, "")
    if step.kind == "filed":
        return Shown(str(_("申报（第 %(n)s 次）", n=step.filing)), "", "", "info", step.at, by)
    if step.kind == "sent":
        return Shown(str(_("发送单一窗口")), "", "", "info", step.at, "")
    if step.kind == "refused":
        return Shown(str(OWN["refused"][0]), "", step.info, "bad", step.at, "")
    return Shown(str(EVENTS.get(step.name, step.name)), "", "", "neutral", step.at, by)
