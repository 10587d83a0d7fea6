"""What subjects, reasons, results, steps and stages of inspection are called, for every page that shows them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.inspection.queries import OrderRow, StepView
from ccezone.kernel.clock import SHANGHAI
from ccezone.web.hub import hub
from ccezone.web.shell.i18n import language
from schemas.codes import code_list
from schemas.codes.statuses import status_words

SUBJECTS: Mapping[str, LazyString] = {"list": _l("申报清单"), "batch": _l("货物批次"), "firm": _l("企业场所")}
DRAWN_FROM: Mapping[str, LazyString] = {"firm": _l("备案企业"), "list": _l("已放行的清单")}
REASONS: Mapping[str, LazyString] = {
    "drawn": _l("随机抽查"),
    "risk": _l("风险预警"),
    "case": _l("异常工单"),
    "receipt": _l("海关查验回执"),
    "hand": _l("办公室决定"),
}
TABS: Mapping[str, LazyString] = {
    "open": _l("办理中"),
    "overdue": _l("已超期"),
    "pass": _l("通过"),
    "fail": _l("发现异常"),
    "cancelled": _l("已取消"),
}
TONES: Mapping[str, str] = {"pass": "good", "fail": "bad", "cancelled": "neutral", "": "info"}
ACTIONS: Mapping[str, LazyString] = {
    "opened": _l("查验单已开具"),
    "joined": _l("并入本查验单"),
    "invited": _l("邀请部门参加"),
    "planned": _l("安排时间地点"),
    "signed": _l("部门提交意见"),
    "noted": _l("添加备注"),
    "customs": _l("海关回执"),
    "concluded": _l("作出结论"),
}
STATES: Mapping[str, tuple[LazyString, str]] = {
    "draft": (_l("草案"), "info"),
    "frozen": (_l("名单已公布，待抽取"), "warn"),
    "drawn": (_l("已抽取并公布"), "good"),
    "dropped": (_l("已作废"), "neutral"),
}
STAGES: Mapping[str, LazyString] = {"frozen": _l("抽取前公布"), "drawn": _l("抽取后公布")}


def agency(code: str) -> str:
    """Name an agency."""
    return code_list("inspection_agencies").label(code, language())


def agencies(codes: Iterable[str]) -> str:
    """Name several agencies."""
    return str(_("、")).join(agency(code) for code in codes)


def findings(codes: Iterable[str]) -> str:
    """Name kinds of findings."""
    names = code_list("inspection_findings")
    return str(_("、")).join(names.label(code, language()) for code in codes)


def grade(code: str) -> str:
    """Name a standing of credit."""
    return code_list("credit_standings").label(code, language())


def standing(row: OrderRow, today: date) -> tuple[str, str]:
    """Say how an order stands, with the tone of its badge."""
    if row.result:
        return str(TABS[row.result]), TONES[row.result]
    return (str(TABS["overdue"]), "bad") if row.overdue(today) else (str(TABS["open"]), "info")


def subject(row: OrderRow, parties: Mapping[object, object]) -> str:
    """Name what an order is about."""
    known = parties.get(row.enterprise_id)
    return str(getattr(known, "name", row.subject)) if row.subject_kind == "firm" else row.subject


def step_title(step: StepView) -> str:
    """Say what a step did, and of which agency."""
    said = str(ACTIONS[step.action])
    return f"{said} {agency(step.agency)}" if step.agency and step.action != "customs" else said


def step_text(step: StepView) -> str:
    """Say what a step brought: reason, opinion, result, place, a receipt."""
    match step.action:
        case "opened" | "joined":
            parts = [str(REASONS.get(str(step.detail.get("reason", "")), "")), step.note]
        case "signed" | "concluded":
            code = str(step.detail.get("opinion") or step.detail.get("result"))
            parts = [str(TABS[code]), findings(step.detail.get("findings", ())), step.note]
        case "planned":
            at = str(step.detail.get("at", ""))
            when = f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
            parts = [when, step.note, _("期限 %(day)s", day=step.detail.get("due", ""))]
        case "customs":
            code = str(step.detail["code"])
            parts = [f"{code} {status_words(code).label(language())}"]
        case _:
            parts = [step.note]
    return " ".join(part for part in parts if part)


def tone(step: StepView) -> str:
    """The tone of a step's dot."""
    code = str(step.detail.get("opinion") or step.detail.get("result") or "")
    return TONES[code] if code else "warn" if step.action == "customs" else "info"


def options(codes: Sequence[str], names: str) -> tuple[tuple[str, str], ...]:
    """Return codes of a list as the options of a field."""
    known = code_list(names)
    return tuple((code, known.label(code, language())) for code in codes)


def today() -> date:
    """The day in Shanghai."""
    return hub().clock.now().astimezone(SHANGHAI).date()
