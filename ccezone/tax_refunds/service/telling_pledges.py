"""Who is told of pledges of refund accounts: the side that did not speak."""

from ccezone.notices.service import Audience, Tidings, notify, notify_bankers
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
        notify_bankers(uow, found.partner_id, Tidings(kind, news.at, "pledge", str(news.pledge_id), {"firm": found.firm}))
