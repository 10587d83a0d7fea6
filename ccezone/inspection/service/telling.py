"""Who is told of news of inspection: the firm of every order about it and of its result; of customs' own orders by their number."""

from ccezone.inspection.service.news import OrderMoved
from ccezone.notices.service import Audience, Tally, Tidings, count, notify
from ccezone.storage import UnitOfWork


def tell_order(uow: UnitOfWork, news: object) -> None:
    """Tell a firm that something of its is to be inspected, and what came of it.

    What customs' receipts open is counted and told together; what a release ends, the release itself tells.
    """
    if not isinstance(news, OrderMoved):
        return
    if news.automatic:
        opened = [] if news.result else [Tally(news.enterprise_id, "inspection_by_customs", 1, str(news.order_id))]
        count(uow, opened, news.at)
        return
    kind = "inspection_concluded" if news.result else "inspection_ordered"
    words: dict[str, object] = {"order": news.number}
    if news.result:
        words["result"] = {"list": "inspection_results", "code": news.result}
    notify(uow, Audience(enterprise_id=news.enterprise_id), Tidings(kind, news.at, "inspection", str(news.order_id), words))
