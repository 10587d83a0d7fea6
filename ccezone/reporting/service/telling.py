"""Who is told of reports: the firm or park that owes one or sent one, and whoever judges it."""

from ccezone.accounts.rules import Role
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.reporting.rules.states import Level, State
from ccezone.reporting.service.news import ReportDue, ReportMoved
from ccezone.storage import UnitOfWork

_OFFICERS = (Role.ZONE_OFFICER,)
_ANSWERS = {State.ACCEPTED: "report_accepted", State.SENT_BACK: "report_sent_back"}


def tell_due(uow: UnitOfWork, news: object) -> None:
    """Remind whoever owes a report."""
    if not isinstance(news, ReportDue):
        return
    words = {"kind": {"list": "report_kinds", "code": news.kind}, "period": news.period, "date": str(news.due_on)}
    kind = "report_overdue" if news.days > 0 else "report_due"
    if news.enterprise_id:
        notify(uow, Audience(enterprise_id=news.enterprise_id), Tidings(kind, news.at, "reports", news.period, words))
    else:
        notify(uow, _office(news.node), Tidings(f"park_{kind}", news.at, "office_reports", news.period, words))


def tell_moved(uow: UnitOfWork, news: object) -> None:
    """Tell who judges a report that it came, and its author what was decided."""
    if not isinstance(news, ReportMoved):
        return
    words = {
        "kind": {"list": "report_kinds", "code": news.kind},
        "period": news.period,
        "name": news.name,
        "note": news.note or "—",
    }
    if news.state == State.SUBMITTED:
        whom = _office("" if news.level == Level.PARK else news.node)
        notify(uow, whom, Tidings("report_received", news.at, "office_report", str(news.report_id), words))
    elif kind := _ANSWERS.get(State(news.state)):
        if news.enterprise_id:
            notify(uow, Audience(enterprise_id=news.enterprise_id), Tidings(kind, news.at, "report", str(news.report_id), words))
        else:
            park = Tidings(f"park_{kind}", news.at, "office_report", str(news.report_id), words)
            notify(uow, Audience(roles=_OFFICERS, nodes=(news.node,)), park)


def _office(node: str) -> Audience:
    """Officers of a park, or of the zone as a whole."""
    return Audience(roles=_OFFICERS, nodes=(node,) if node else ())
