"""Who listens to which news: what an area does because another one said that something happened, and then who is told of it."""

from ccezone.announcing import Announcer
from ccezone.bills.service import BillsTakenIn, LateCorrection
from ccezone.cases.rules.queues import QUEUES, due
from ccezone.cases.service import CaseOpened, open_case, set_clock
from ccezone.declarations.service import prepare_lists
from ccezone.declarations.service.returns import ReturnChanged
from ccezone.kernel.clock import SHANGHAI
from ccezone.matching.service import OrdersMerged, note_touched
from ccezone.reporting.service.counting import ask_to_count
from ccezone.reporting.service.news import ReportMoved
from ccezone.storage import UnitOfWork
from ccezone.storage.personal import PersonalVault
from ccezone.storage.unit_of_work import Subscriptions
from ccezone.tax_refunds.service.clawback import open_clawbacks
from ccezone.terms import Terms


def subscriptions(vault: PersonalVault, terms: Terms) -> Subscriptions:
    """Who listens to which news, in the transaction that publishes it."""

    def queue_merge(uow: UnitOfWork, news: object) -> None:
        if isinstance(news, BillsTakenIn):
            note_touched(uow, news)

    def prepare(uow: UnitOfWork, news: object) -> None:
        if isinstance(news, OrdersMerged):
            day = news.at.astimezone(SHANGHAI).date()
            prepare_lists(uow, vault, terms.listing(uow.connection, day), news)

    def report_late_correction(uow: UnitOfWork, news: object) -> None:
        if isinstance(news, LateCorrection):
            detail = {"order_no": news.order_no, "bill": str(news.kind)}
            open_case(uow, "late_correction", "order", news.order_key, news.enterprise_id, news.at, detail)

    def give_clock(uow: UnitOfWork, news: object) -> None:
        if isinstance(news, CaseOpened) and (queue := QUEUES.get(news.kind)):
            hours = terms.book.current(uow.connection).integer(queue.due_key, news.at.astimezone(SHANGHAI).date())
            set_clock(uow, news.case_id, queue.priority, due(news.at, hours))

    def claw_back(uow: UnitOfWork, news: object) -> None:
        if isinstance(news, ReturnChanged):
            open_clawbacks(uow, news)

    done = {
        BillsTakenIn: [queue_merge],
        OrdersMerged: [prepare],
        LateCorrection: [report_late_correction],
        CaseOpened: [give_clock],
        ReturnChanged: [claw_back],
        ReportMoved: [ask_to_count],
    }
    return _both(done, Announcer(terms.watch).subscriptions())


def _both(first: Subscriptions, then: Subscriptions) -> Subscriptions:
    """What is done about news comes before telling of it."""
    return {news: [*first.get(news, ()), *then.get(news, ())] for news in {**first, **then}}
