"""Who is told of what the bureau did with a claim: its firm, where it must act or where money moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ccezone.notices.service import Audience, Tidings, notify
from ccezone.storage import UnitOfWork
from ccezone.tax_refunds.queries.claims import reference_of
from ccezone.tax_refunds.rules.claims import State, Step


@dataclass(frozen=True, slots=True)
class ClaimMoved:
    """News: the bureau took a step with a claim. ``amount`` is yuan, ``None`` where the step enters none."""

    claim_id: UUID
    number: int
    merchant_id: UUID
    step: Step
    state: State
    amount: Decimal | None
    at: datetime


KINDS: Mapping[Step, str] = {
    Step.NOT_ACCEPT: "refund_not_accepted",
    Step.DOUBT: "refund_doubt",
    Step.REFUSE: "refund_refused",
    Step.PAY: "refund_paid",
    Step.REVERSE: "refund_reversed",
    Step.RECOVER: "refund_recovered",
    Step.OFFSET: "refund_recovered",
}
"""What a firm is told of, and as which kind of message."""


def tell_refund(uow: UnitOfWork, news: object) -> None:
    """Tell a claim's firm."""
    if isinstance(news, ClaimMoved) and (kind := KINDS.get(news.step)):
        words = {"claim": reference_of(news.number), "amount": f"{news.amount:,.2f}" if news.amount is not None else ""}
        notify(uow, Audience(enterprise_id=news.merchant_id), Tidings(kind, news.at, "refund_claim", str(news.claim_id), words))
