"""How pages name a list's stages, steps and values: words of states, labels from the message definition, durations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.clearance.queries import TimelineStep
from ccezone.declarations.queries import ListDetail
from ccezone.declarations.rules.lifecycle import tab_of
from ccezone.web.shell.i18n import language
from schemas.codes import code_list
from schemas.codes.statuses import StatusWords, reason_of, status_words
from schemas.derive.labels import labels

TABS: Mapping[str, LazyString] = {
    "preparing": _l("准备中"),
    "filed": _l("申报中"),
    "review": _l("审核与查验"),
    "rejected": _l("退单"),
    "released": _l("已放行"),
    "closed": _l("已结关"),
    "ended": _l("其他终结"),
}
STAGES: Mapping[str, LazyString] = {
    "incomplete": _l("待补全"),
    "held": _l("暂停申报"),
    "ready": _l("待申报"),
    **{name: label for name, label in TABS.items() if name != "preparing"},
}
FLOWS: Mapping[str, LazyString] = {"E": _l("出口"), "I": _l("进口")}
ACTORS: Mapping[str, LazyString] = {
    "firm": _l("企业"),
    "eport": _l("电子口岸"),
    "customs": _l("海关"),
    "hub": _l("本平台"),
    "nobody": _l("无需操作"),
}
EVENTS: Mapping[str, LazyString] = {
    "bills_changed_after_filing": _l("申报后单据发生变更，清单未随之修改"),
    "changed_by_hand": _l("人工更改申报内容"),
    "filed_anew": _l("已由新清单重新申报"),
    "change_refused": _l("变更未被海关接受，清单恢复为变更前的内容"),
}
ROUTES: Mapping[str, LazyString] = {
    "cbec_within_limit": _l("限值内跨境零售进口税"),
    "cbec_full_tax": _l("不可分割的单件商品超过单次限值，全额征税"),
    "not_eligible_split_or_general_trade": _l("超过单次限值，须拆分或按一般贸易申报"),
    "general_trade": _l("超过年度限值，按一般贸易申报"),
}
CANCELLATION, CHANGE = "cancellation", 2
PERSONAL = ("buyer_id_number", "buyer_name", "buyer_telephone", "consignee_address")


@dataclass(frozen=True, slots=True)
class Shown:
    """One value with its label; ``text`` names a code. ``personal``: to be masked."""

    name: str
    label: str
    text: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step of the timeline in the reader's language."""

    step: TimelineStep
    title: str
    code: str
    meaning: str
    next: str
    actor: str
    tone: str
    waited: str
    reason: str = ""


def words(state: str) -> StatusWords:
    """Return the words of a state."""
    return status_words(state)


def tab_label(state: str) -> LazyString:
    """Return the name of the tab a state stands in."""
    return TABS[tab_of(state)]


def shown_head(detail: ListDetail) -> Sequence[Shown]:
    """Return the head's values in official order, the buyer's among them."""
    values = {**detail.head, **detail.personal}
    known = labels(detail.row.message_type).head
    return [
        Shown(name, label.text(language()), _named(values[name], label.code_list), name in PERSONAL)
        for name, label in known.items()
        if values.get(name)
    ]


def line_labels(message_type: str) -> Mapping[str, str]:
    """Return what the columns of a list's lines are called."""
    return {name: label.text(language()) for name, label in labels(message_type).line.items()}


def shown_steps(steps: Sequence[TimelineStep]) -> Sequence[ShownStep]:
    """Return the timeline in words."""
    return [_shown(step) for step in steps]


def duration(value: timedelta | None) -> str:
    """Write a stretch of time in its two largest units."""
    if value is None:
        return ""
    seconds = int(value.total_seconds())
    if seconds < 1:
        return str(_("不足 1 秒"))
    if seconds < 60:
        return str(_("%(n)s 秒", n=seconds))
    if seconds < 3600:
        return str(_("%(m)s 分 %(s)s 秒", m=seconds // 60, s=seconds % 60))
    if seconds < 86400:
        return str(_("%(h)s 小时 %(m)s 分", h=seconds // 3600, m=seconds % 3600 // 60))
    return str(_("%(d)s 天 %(h)s 小时", d=seconds // 86400, h=seconds % 86400 // 3600))


def waiting_since(steps: Sequence[TimelineStep], state: str, now: datetime) -> str:
    """Say how long a list that still moves has waited since its last step; empty when it has ended."""
    ended = tab_of(state) in ("released", "closed", "ended")
    return "" if ended or not steps else duration(max(now - steps[-1].at, timedelta(0)))


def _shown(step: TimelineStep) -> ShownStep:
    waited = duration(step.waited) if step.waited else ""
    if step.kind == "receipt":
        spoken, known = language(), status_words(step.state)
        actor = str(ACTORS[known.actor])
        meaning, then = known.meaning(spoken), known.next(spoken)
        published = reason_of(step.code or 0)
        reason = published.text(spoken) if published else ""
        label = known.label(spoken)
        title = str(_("撤销申请：%(state)s", state=label)) if step.document == CANCELLATION else label
        return ShownStep(step, title, step.state, meaning, then, actor, known.tone, waited, reason)
    title, tone = _own_step(step)
    return ShownStep(step, title, "", "", "", "", tone, waited)


def _own_step(step: TimelineStep) -> tuple[str, str]:
    if step.document == CANCELLATION:
        return _cancellation_step(step)
    if step.kind == "prepared":
        return str(_("清单生成")), "neutral"
    if step.kind == "filed":
        if step.app_type == CHANGE:
            return str(_("申报变更（第 %(n)s 次）", n=step.submission)), "info"
        by_hand = _("人工申报（第 %(n)s 次）", n=step.submission)
        return str(by_hand if step.actor else _("自动申报（第 %(n)s 次）", n=step.submission)), "info"
    if step.kind == "sent":
        return str(_("发送单一窗口")), "info"
    if step.kind == "refused":
        return str(_("单一窗口拒收报文")), "bad"
    if step.kind == "tax_bill":
        status = code_list("tax_status").label(str(step.code), language())
        return str(_("电子税单 %(number)s：%(status)s", number=step.name, status=status)), "info"
    return str(EVENTS.get(step.name, step.name)), "warn"


def _cancellation_step(step: TimelineStep) -> tuple[str, str]:
    if step.kind == "filed":
        return str(_("申请撤销（第 %(n)s 次）", n=step.submission)), "info"
    if step.kind == "sent":
        return str(_("撤销申请发送单一窗口")), "info"
    return str(_("单一窗口拒收撤销申请")), "bad"


def _named(value: str, list_name: str) -> str:
    if not list_name:
        return value
    name = code_list(list_name).label(value, language())
    return value if name == value else f"{value} {name}"
