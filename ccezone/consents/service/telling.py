"""Who is told of consents: the firm of what a bank asks and decides; the bank's people of the firm's answer, and of what an
officer says of their own contracts while a consent opens the firm's money to them.
"""

from ccezone.consents.queries import ConsentFilter, consent, search_consents
from ccezone.consents.rules import ConsentState, DataKind
from ccezone.consents.service.news import ConsentMoved, DecisionMade
from ccezone.fx.queries.borrowing import borrowing
from ccezone.fx.service.news import BorrowingMoved
from ccezone.fx.service.telling import borrowing_words
from ccezone.kernel.clock import SHANGHAI
from ccezone.notices.service import Audience, Tidings, notify, notify_bankers
from ccezone.storage import UnitOfWork


def tell_consent(uow: UnitOfWork, news: object) -> None:
    """Tell the side that did not speak."""
    if not isinstance(news, ConsentMoved):
        return
    if news.state is ConsentState.ASKED:
        tidings = Tidings("consent_asked", news.at, "consent", str(news.consent_id), {"bank": news.bank})
        notify(uow, Audience(enterprise_id=news.enterprise_id), tidings)
        return
    found = consent(uow.connection, news.consent_id)
    if found is None:
        return
    tidings = Tidings(f"consent_{news.state}", news.at, "consent", str(news.consent_id), {"firm": found.firm})
    notify_bankers(uow, found.partner_id, tidings)


def tell_decision(uow: UnitOfWork, news: object) -> None:
    """Tell a firm what a bank decided."""
    if isinstance(news, DecisionMade):
        words = {"bank": news.bank, "outcome": {"list": "bank_outcomes", "code": news.outcome.value}, "reference": news.reference}
        tidings = Tidings("bank_decided", news.at, "consent", str(news.consent_id), words)
        notify(uow, Audience(enterprise_id=news.enterprise_id), tidings)


def tell_own_borrowing(uow: UnitOfWork, news: object) -> None:
    """Tell a bank what an officer registered or noted of its contract with a firm that lets it see its money."""
    if not isinstance(news, BorrowingMoved) or news.side != "office":
        return
    found, today = borrowing(uow.connection, news.borrowing_id), news.at.astimezone(SHANGHAI).date()
    if found is None or found.partner_id is None:
        return
    live = search_consents(uow.connection, ConsentFilter(today, found.enterprise_id, found.partner_id), "live")
    opening = next((each for each in live if each.opens([DataKind.MONEY], today)), None)
    if opening is not None:
        words = {**borrowing_words(found, news), "firm": found.firm}
        subject = f"{opening.id}/{found.id}"
        notify_bankers(uow, found.partner_id, Tidings("borrowing_noted", news.at, "own_borrowing", subject, words))
