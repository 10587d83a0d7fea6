"""Who is told of what the bank did, and of what is due: the firm whose money it is."""

from ccezone.fx.rules.parts import spelled
from ccezone.fx.service.news import Answered, DueTold
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork


def tell_answer(uow: UnitOfWork, news: object) -> None:
    """Tell a firm that the bank did what it asked, or did not."""
    if isinstance(news, Answered):
        kind = "fx_done" if news.outcome == "confirmed" else "fx_refused"
        money = {"amount": spelled(news.amount), "currency": {"list": "currencies", "code": news.currency}}
        words: dict[str, object] = {**money, "action": {"list": "fx_actions", "code": news.action}}
        notify(uow, Audience(enterprise_id=news.enterprise_id), Tidings(kind, news.at, "fx_receipt", str(news.receipt_id), words))


def tell_dues(uow: UnitOfWork, news: object) -> None:
    """Tell a firm that more is to be reported or declared."""
    if isinstance(news, DueTold):
        words: dict[str, object] = {"reports": str(news.reports), "declarations": str(news.declarations)}
        subject = str(news.enterprise_id)
        notify(uow, Audience(enterprise_id=news.enterprise_id), Tidings("fx_due", news.at, "fx_due", subject, words))
