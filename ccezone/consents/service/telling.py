"""Who is told of consents: the firm of what a bank asks and decides; the bank's people of the firm's answer."""

from ccezone.accounts.queries import search_users
from ccezone.accounts.rules import Permission, UserStatus
from ccezone.consents.queries import consent
from ccezone.consents.rules import ConsentState
from ccezone.consents.service.news import ConsentMoved, DecisionMade
from ccezone.notices.service import Audience, Tidings, notify
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
    for person in search_users(uow.connection, partner_id=found.partner_id, limit=200):
        if person.status == UserStatus.ACTIVE and Permission.BANK_DECIDE in person.held:
            notify(uow, Audience(user_id=person.id), tidings)


def tell_decision(uow: UnitOfWork, news: object) -> None:
    """Tell a firm what a bank decided."""
    if isinstance(news, DecisionMade):
        words = {"bank": news.bank, "outcome": {"list": "bank_outcomes", "code": news.outcome.value}, "reference": news.reference}
        tidings = Tidings("bank_decided", news.at, "consent", str(news.consent_id), words)
        notify(uow, Audience(enterprise_id=news.enterprise_id), tidings)
