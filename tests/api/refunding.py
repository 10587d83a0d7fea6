"""A claim for every example of the description: one that may be filed, one the bureau doubts, one that is empty."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from ccezone.tax_refunds.rules.area import period_of
from ccezone.tax_refunds.service.area import Delivery, gather, record_delivery
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming
from tests.tax_refunds.entering import entered
from tests.tax_refunds.unsold import unsold_of


def claims_for_examples(hub: Hub, merchant: UUID) -> dict[str, UUID]:
    """By the last part of the operation's address the claim its example is about; versions are those the examples name."""
    with TemporaryDirectory() as folder:
        story = Claiming(hub, Path(folder))
        story.merchant, story.exports = merchant, hub.count("general_declaration")
        items = [story.export() for _ in range(2)]
        ready = story.open(items[0])
        story.invoice(ready, items[0], f"{story.exports:020d}")
        doubted = story.open(items[1])
        story.invoice(doubted, items[1], f"{story.exports + 1000:020d}")
        story.check(doubted)
        story.submit(doubted)
        hub.change("UPDATE refund_claim SET state = 'doubt', version = 4 WHERE id = %(id)s", id=doubted)
        return {"submit": ready, "answer": doubted, "withdraw": story.open(), "{claim_id}": ready}


def lots_for_examples(hub: Hub, merchant: UUID) -> UUID:
    """A lot that entered the special area long enough ago for the example's delivery."""
    number = f"40032026{hub.count('general_declaration') + 1210:010d}"
    return entered(hub.database, merchant, "T恤", hub.clock.now().date() - timedelta(days=60), hub.clock, number)


def declaration_for_examples(hub: Hub, merchant: UUID) -> UUID:
    """A consolidated declaration in draft, of a month of its own."""
    months = hub.count("area_summary") + 2
    day = hub.clock.now().date() - timedelta(days=30 * months)
    number = f"40032026{hub.count('general_declaration') + 1210:010d}"
    lot = entered(hub.database, merchant, "T恤", day, hub.clock, number)
    with hub.database.begin() as uow:
        record_delivery(uow, merchant, lot, Delivery(f"CK-{number}", day, Decimal(5)), "test", hub.clock)
        return gather(uow, merchant, period_of(day, 1), "test", hub.clock)


def undeclared_for_examples(hub: Hub, merchant: UUID, day: date) -> None:
    """A delivery of a day, in no declaration yet."""
    lot = lots_for_examples(hub, merchant)
    with hub.database.begin() as uow:
        record_delivery(uow, merchant, lot, Delivery(f"CK-{lot}"[:30], day, Decimal(5)), "test", hub.clock)


def prerefunds_for_examples(hub: Hub, merchant: UUID) -> dict[str, UUID]:
    """The same for pre-refunds: one whose goods lie abroad, one of which twelve pieces are sold."""
    with TemporaryDirectory() as folder:
        story = Claiming(hub, Path(folder))
        story.merchant, story.exports = merchant, hub.count("general_declaration")
        day = hub.clock.now().date() - timedelta(days=30)
        lying = unsold_of(story, day)
        return {"sales": lying, "{prerefund_id}": lying, "reconcile": unsold_of(story, day, "12")}
