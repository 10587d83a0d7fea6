"""What exception cases are called on pages, what to do about each kind, and how their details are spelled."""

from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.bills.rules import BillKind
from ccezone.cases.queries import CaseView, StepView, Whose
from ccezone.cases.rules.queues import QUEUES, SETTLED, Priority, StepKind
from ccezone.kernel.clock import Clock
from ccezone.web.firm.bills import words as bills
from ccezone.web.firm.declarations.words import duration, words
from ccezone.web.office.reconciliation_words import DIFFERENCES, LEDGERS
from ccezone.web.shell.i18n import language
from schemas.codes import code_list

ADVICE: Mapping[str, LazyString] = {
    "contradictory_receipts": _l("同一清单收到两个互斥的终结状态。请与申报地海关核实真实状态，再通知企业。"),
    "message_refused": _l(
        "单一窗口按报文格式或传输身份拒收，自动重发不会成功。请查看拒收原因，更正企业的传输编号或证书后由企业重新报送。"
    ),
    "late_correction": _l("货物已放行，单据变更被拒。请核实变更理由，需要时由企业向海关办理修改或撤销。"),
    "merge_conflict": _l("三单内容不符已超过规定时间，清单无法申报。请询问企业由哪一方更正；更正后工单自动办结。"),
    "lists_rejected": _l("海关退单后企业一直没有更正重报。请按退单原因联系企业；全部更正后工单自动办结。"),
    "list_stuck": _l("清单停在同一状态已超过通常时限。请查看对外报文和回执，必要时联系单一窗口或海关；状态变化后工单自动办结。"),
    "receipt_parked": _l("收到海关回执，但平台上没有对应的单据。请核对编号，确认是否为其他平台或未备案传输编号的单据。"),
    "ledger_gap": _l("每日对账发现一项不平：应有的金额与台账不符。请核对该项的单证和台账；重新对账相符后工单自动办结。"),
    "feed_quiet": _l("该企业平时持续报送，现已长时间没有数据。请联系企业检查接口和网络；恢复报送后工单自动办结。"),
}
PRIORITIES: Mapping[int, LazyString] = {Priority.URGENT: _l("紧急"), Priority.NORMAL: _l("一般"), Priority.LOW: _l("较低")}
PRIORITY_TONES: Mapping[int, str] = {Priority.URGENT: "bad", Priority.NORMAL: "neutral", Priority.LOW: "info"}
WHOSE: Mapping[Whose, LazyString] = {
    "": _l("全部"),
    "mine": _l("我承办的"),
    "nobody": _l("无人承办"),
    "answered": _l("企业已答复"),
    "asked": _l("等待企业答复"),
    "overdue": _l("已超时"),
}
STEPS: Mapping[str, LazyString] = {
    StepKind.TAKEN: _l("承办"),
    StepKind.HANDED: _l("转交"),
    StepKind.PRIORITY: _l("调整优先级"),
    StepKind.NOTE: _l("内部备注"),
    StepKind.ASKED: _l("询问企业"),
    StepKind.ANSWERED: _l("企业答复"),
    StepKind.CLOSED: _l("办结"),
}
_DETAILS: Mapping[str, LazyString] = {
    "order_no": _l("订单编号"),
    "bill": _l("单据"),
    "message": _l("报文编号"),
    "code": _l("代码"),
    "text": _l("原文"),
    "state": _l("状态代码"),
    "since": _l("开始时间"),
    "rule": _l("比对规则"),
    "cop_no": _l("清单企业内部编号"),
    "number": _l("清单数量"),
    "list": _l("其中一份清单"),
    "message_type": _l("报文类型"),
    "guid": _l("单据标识"),
    "days": _l("此前 7 日中有报送的日数"),
    "deliveries": _l("此前 7 日的报送次数"),
    "ledger": _l("台账"),
    "difference": _l("差异"),
    "item": _l("项目编号"),
    "day": _l("对账日"),
    "unit": _l("币制或单位"),
    "expected": _l("应有"),
    "found": _l("台账所记"),
}


def kinds() -> Mapping[str, str]:
    """Name the queues in the reader's language, in their order."""
    names = code_list("case_kinds")
    return {kind: names.label(kind, language()) for kind in QUEUES}


def kind_name(kind: str) -> str:
    """Name one kind."""
    return code_list("case_kinds").label(kind, language())


def causes() -> list[tuple[str, str]]:
    """Return the causes that may be chosen, as (code, words)."""
    names = code_list("case_causes")
    return [(code, names.label(code, language())) for code in names.codes if code != SETTLED]


def outcome(found: CaseView) -> str:
    """Say how a case ended."""
    cause = code_list("case_causes").label(found.cause, language()) if found.cause else ""
    return str(_("：")).join(part for part in (cause, found.closing_cause or "") if part)


def details(found: CaseView) -> Mapping[str, str]:
    """Spell what is known of a case: label → value."""
    return {str(_DETAILS.get(name, name)): _said(name, value) for name, value in found.detail.items() if value != ""}


def _said(name: str, value: object) -> str:
    if name == "bill":
        return str(bills.KINDS[BillKind(str(value))])
    if name in ("ledger", "difference"):
        return str({**LEDGERS, **DIFFERENCES}.get(str(value), value))
    if name == "state":
        return f"{value} {words(str(value)).label}"
    return str(value)


def told(step: StepView) -> str:
    """Spell what a step changed."""
    if step.kind == StepKind.HANDED:
        return str(_("转交给 %(name)s", name=step.detail.get("to", "")))
    if step.kind == StepKind.PRIORITY:
        return str(PRIORITIES[step.detail["priority"]])
    if step.kind == StepKind.CLOSED and step.detail.get("cause"):
        return code_list("case_causes").label(step.detail["cause"], language())
    return ""


def who(step: StepView) -> str:
    """Name who did a step."""
    return step.actor_name or str(_("系统"))


def address_of(found: CaseView) -> str | None:
    """Return where the office sees a case's subject."""
    match found.subject_kind:
        case "reconciliation":
            return url_for("reconciliation.detail", day=str(found.detail["day"]))
        case "list":
            return url_for("declarations.detail", declaration_id=found.subject)
        case "message":
            return url_for("messages.detail", message_id=found.detail["message"])
        case "order" if found.kind == "merge_conflict":
            return url_for("matches.detail", order_key=found.subject)
        case "order":
            return url_for("bills.detail", kind="order", key=found.subject)
        case "rejections":
            return url_for("declarations.detail", declaration_id=int(found.detail["list"]))
        case "receipt":
            return url_for("receipts.parked", q=found.detail["guid"])
        case "sender" if found.enterprise_id:
            return url_for("enterprises.edit", enterprise_id=found.enterprise_id)
        case _:
            return None


def age(found: CaseView, clock: Clock) -> str:
    """Say how long a case has waited, or took."""
    return duration((found.closed_at or clock.now()) - found.opened_at)


def left(found: CaseView, clock: Clock) -> str:
    """Say how long until a case is due, or since when it is overdue."""
    if found.due_at is None:
        return "—"
    moment = found.closed_at or clock.now()
    if found.overdue(clock.now()):
        return str(_("超时 %(time)s", time=duration(moment - found.due_at)))
    return str(_("还剩 %(time)s", time=duration(found.due_at - moment)))
