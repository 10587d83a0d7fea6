"""The words that pages about parameters use: how sure a value is, what became of a proposal, units, labels."""

from collections.abc import Mapping
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.parameters.queries import Key, catalogue
from ccezone.parameters.queries.bounding import bounds, groups
from ccezone.parameters.queries.values import ProposalView
from ccezone.parameters.rules import NATIONAL, JsonValue, Kind
from ccezone.parameters.rules.proposing import DECIDED, UNVERIFIED, ProposalState
from ccezone.web.shell.feature import Approval
from ccezone.web.shell.i18n import language
from ccezone.web.shell.rendering import yes_no

STATUSES: Mapping[str, tuple[LazyString, str]] = {
    "confirmed-law": (_l("法规原文已核对"), "good"),
    "confirmed-page": (_l("公开页面已核对"), "good"),
    "confirmed-secondary": (_l("二手资料，待核对原文"), "info"),
    UNVERIFIED: (_l("未核实"), "warn"),
    "assumed": (_l("系统假定，待本区确认"), "warn"),
    DECIDED: (_l("本区决定"), "good"),
    "demo": (_l("演示"), "neutral"),
}
DOCUMENTS: Mapping[str, LazyString] = {DECIDED: _l("本区自定"), "not published": _l("未公布")}
STATES: Mapping[str, tuple[LazyString, str]] = {
    ProposalState.WAITING: (_l("待审批"), "info"),
    ProposalState.APPROVED: (_l("已批准"), "good"),
    ProposalState.REFUSED: (_l("未批准"), "bad"),
    ProposalState.WITHDRAWN: (_l("已撤回"), "neutral"),
}
INTENTS: Mapping[str, LazyString] = {"set": _l("设定新值"), "cancel": _l("撤回未生效的值")}
UNITS: Mapping[str, LazyString] = {
    "CNY": _l("元"),
    "USD": _l("美元"),
    "day": _l("天"),
    "working day": _l("个工作日"),
    "hour": _l("小时"),
    "month": _l("个月"),
    "year": _l("年"),
    "day of month": _l("日（每月）"),
    "digit": _l("位"),
    "points": _l("分"),
    "share": _l("（占比，0 至 1）"),
    "request": _l("次"),
    "order currency": _l("（订单币制）"),
}


def label_of(key: str) -> str:
    """Name a parameter in the reader's language."""
    known = catalogue().get(key)
    return key if known is None else known.label_zh if language() == "zh" else known.label_en


def group_label(group: str) -> str:
    """Name a group of parameters in the reader's language."""
    named = groups().get(group)
    return _("其他") if named is None else named[0 if language() == "zh" else 1]


def shown(value: JsonValue, key: Key) -> str:
    """Write a value with its unit, in the reader's language."""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, list):
        return _("、").join(value) or "—"
    unit = UNITS.get(key.unit, key.unit)
    return f"{value} {unit}".strip() if str(value) else "—"


def document(name: str) -> str:
    """Name a document; what ships without one says so in the reader's language."""
    known = DOCUMENTS.get(name)
    return str(known) if known is not None else name or "—"


def words() -> dict[str, object]:
    """What templates about parameters name things by."""
    return {
        "label_of": label_of,
        "shown": shown,
        "document": document,
        "statuses": STATUSES,
        "states": STATES,
        "intents": INTENTS,
        "national": NATIONAL,
    }


def typing_help(key: Key) -> LazyString | None:
    """Say how a value of a parameter is typed, and between what bounds."""
    found, unit = bounds(key), UNITS.get(key.unit, key.unit)
    if found.least is not None or found.most is not None:
        return _l("单位：%(unit)s；允许范围 %(least)s 至 %(most)s。", unit=unit or "—", least=found.least, most=found.most)
    if found.words:
        return _l("可选值：%(known)s；多个值以空格分隔。", known=" ".join(sorted(found.words)))
    return _l("多个值以空格分隔。") if key.kind is Kind.TEXTS else None


def listed(found: ProposalView, asked_by: str, reader: UUID | None) -> Approval:
    """A proposal as the work list shows it to somebody."""
    key, state = catalogue()[found.key], STATES[found.state]
    what = f"{INTENTS[found.intent]}{_('：')}{shown(found.value, key)}{_('，')}{_('%(day)s 起', day=found.effective_from)}"
    address = url_for("parameters.show", proposal_id=found.id)
    own = found.state == ProposalState.WAITING and found.proposed_by == reader
    return Approval(found.id, label_of(found.key), what, address, asked_by, found.proposed_at, str(state[0]), state[1], own=own)
