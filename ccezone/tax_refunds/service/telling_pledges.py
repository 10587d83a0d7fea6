"""Who is told of pledges of refund accounts: the side that did not speak."""

from ccezone.accounts.queries import search_users
from ccezone.accounts.rules import Permission, UserStatus
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork
from ccezone.tax_refunds.queries.pledges import pledge
from ccezone.tax_refunds.service.pledges import PledgeMoved

_TO_FIRM = {"ask": "pledge_asked", "release": "pledge_released"}
_TO_BANK = {"agree": "pledge_agreed", "refuse": "pledge_refused"}


def tell_pledge(uow: UnitOfWork, news: object) -> None:
    """Tell the firm what its bank asks or released, the bank's people what the firm answers."""
    if not isinstance(news, PledgeMoved) or (found := pledge(uow.connection, news.pledge_id)) is None:
        return
    if kind := _TO_FIRM.get(news.step):
        told = Tidings(kind, news.at, "pledge", str(news.pledge_id), {"bank": found.bank})
        notify(uow, Audience(enterprise_id=found.merchant_id), told)
    elif kind := _TO_BANK.get(news.step):
        told = Tidings(kind, news.at, "pledge", str(news.pledge_id), {"firm": found.firm})
        for person in search_users(uow.connection, partner_id=found.partner_id, limit=200):
            if person.status == UserStatus.ACTIVE and Permission.BANK_DECIDE in person.held:
                notify(uow, Audience(user_id=person.id), told)
