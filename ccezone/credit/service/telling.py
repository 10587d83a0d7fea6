"""Who is told of news of credit: the firm of what becomes of it, the office of what a firm asks."""

from ccezone.accounts.rules import Role
from ccezone.credit.rules.listing import ListingState, Step
from ccezone.credit.service.news import ListingMoved, StandingChanged
from ccezone.enterprises.queries import directory
from ccezone.enterprises.queries.nodes import watching
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork

_OFFICE = (Role.ZONE_OFFICER, Role.ADMIN)
_ASKED = frozenset({Step.APPEAL.value, Step.REPAIR.value})
_KINDS = {ListingState.NOTICED: "credit_notice", ListingState.LISTED: "credit_listed"}


def tell_standing(uow: UnitOfWork, news: object) -> None:
    """Tell a firm that it is treated otherwise; a first grade is no change."""
    if isinstance(news, StandingChanged) and news.before:
        words = {name: {"list": "credit_standings", "code": code or "none"} for name, code in _sides(news)}
        tidings = Tidings("credit_standing_changed", news.at, "credit", str(news.enterprise_id), words)
        notify(uow, Audience(enterprise_id=news.enterprise_id), tidings)


def tell_listing(uow: UnitOfWork, news: object) -> None:
    """Tell the firm of every step of the office, and the office of every step of the firm."""
    if not isinstance(news, ListingMoved):
        return
    if news.step in _ASKED:
        firm = directory(uow.connection).by_id.get(news.enterprise_id) if news.enterprise_id else None
        office = Audience(roles=_OFFICE, nodes=watching(uow.connection, firm.node if firm else ""))
        notify(uow, office, Tidings("credit_request", news.at, "credit_listing", str(news.listing_id), {"name": news.name}))
    elif news.enterprise_id is not None:
        again = news.step == Step.REFUSE_REPAIR
        kind = "credit_listing_decided" if again else _KINDS.get(ListingState(news.state), "credit_listing_decided")
        words = {
            "list": {"list": "credit_lists", "code": news.kind},
            "state": {"list": "credit_listing_states", "code": news.state},
            "note": news.note,
            "until": news.until,
        }
        tidings = Tidings(kind, news.at, "credit_listing", str(news.listing_id), words)
        notify(uow, Audience(enterprise_id=news.enterprise_id), tidings)


def _sides(news: StandingChanged) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("before", news.before), ("standing", news.standing)
