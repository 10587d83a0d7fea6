"""News of pre-refunds, and who is told: their firm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork
from ccezone.tax_refunds.queries.clawbacks import prerefund_reference

KINDS: Mapping[str, str] = {"refund": "leave_refunded", "soon": "leave_ending", "lapse": "leave_lapsed"}
"""What a firm is told of, and as which kind of message."""


@dataclass(frozen=True, slots=True)
class PrerefundMoved:
    """News: a pre-refund was done, its window ends soon (``soon``), or is over. ``amount`` in yuan: what is concerned."""

    id: UUID
    number: int
    merchant_id: UUID
    what: str
    amount: Decimal
    until: date
    at: datetime


def tell_prerefund(uow: UnitOfWork, news: object) -> None:
    """Tell a pre-refund's firm."""
    if isinstance(news, PrerefundMoved) and (kind := KINDS.get(news.what)):
        words = {"prerefund": prerefund_reference(news.number), "amount": f"{news.amount:,.2f}", "until": news.until.isoformat()}
        notify(uow, Audience(enterprise_id=news.merchant_id), Tidings(kind, news.at, "prerefund", str(news.id), words))
