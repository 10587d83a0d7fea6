"""Who is told of what the bank did, of what is due and of yuan borrowed: the firm whose money it is."""

from ccezone.fx.queries.borrowing import BorrowingView, borrowing
from ccezone.fx.rules.parts import spelled
from ccezone.fx.service.news import Answered, BorrowingMoved, DueTold
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


def tell_borrowing(uow: UnitOfWork, news: object) -> None:
    """Tell a firm that a borrowing of it was registered, or what was said of it."""
    if isinstance(news, BorrowingMoved) and (found := borrowing(uow.connection, news.borrowing_id)) is not None:
        words = {**borrowing_words(found, news), "bank": found.bank}
        tidings = Tidings("borrowing_told", news.at, "borrowing", str(found.id), words)
        notify(uow, Audience(enterprise_id=found.enterprise_id), tidings)


def borrowing_words(found: BorrowingView, news: BorrowingMoved) -> dict[str, object]:
    """Word what was said: the contract, what came of it, the yuan where there are any."""
    amount = news.amount if news.amount is not None else found.amount if news.step == "register" else None
    step = {"list": "fx_borrowing_steps", "code": news.step}
    return {"contract": found.contract_no, "step": step, "amount": f"{amount:,.2f}" if amount is not None else "—"}
