"""Who is told of news of inspection: the firm of every order about it and of its result."""

from ccezone.inspection.service.news import OrderMoved
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork


def tell_order(uow: UnitOfWork, news: object) -> None:
    """Tell a firm that something of its is to be inspected, and what came of it."""
    if isinstance(news, OrderMoved):
        kind = "inspection_concluded" if news.result else "inspection_ordered"
        words: dict[str, object] = {"order": news.number}
        if news.result:
            words["result"] = {"list": "inspection_results", "code": news.result}
        notify(uow, Audience(enterprise_id=news.enterprise_id), Tidings(kind, news.at, "inspection", str(news.order_id), words))
