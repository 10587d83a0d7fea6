"""A pre-refund put down as it stands, for tests of who sees it and of the API; how it comes to that is tried in test_leave."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from ccezone.kernel.ids import uuidv7
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from ccezone.tax_refunds.service.leave import Sale, record_sales
from tests.hub.harness import Hub
from tests.tax_refunds.claiming import Claiming

_INSERT = """
INSERT INTO leave_prerefund (id, merchant_id, claim_id, item_id, quantity, amount, settled, recovered, settled_cny, recovered_cny,
    state, version, done_on, window_from, window_until, made_at, updated_at)
VALUES (%(id)s, %(merchant)s, %(claim)s, %(item)s, 100, 104, 0, 0, 0, 0, 'open', 2, %(day)s, %(day)s, %(until)s, %(at)s, %(at)s)
"""


def unsold(uow: UnitOfWork, merchant: UUID, claim: UUID, item: UUID, now: datetime) -> UUID:
    """Put a pre-refund of a hundred pieces down, its window open; return it."""
    number, day = uuidv7(), now.date()
    values = {"id": number, "merchant": merchant, "claim": claim, "item": item, "at": now, "day": day}
    run(uow.connection, _INSERT, {**values, "until": day.replace(year=day.year + 1)})
    return number


def unsold_of(story: Claiming, exported: date, sold: str = "") -> UUID:
    """Put one down for a merchant, of goods exported on a day; perhaps some are recorded as sold on that day."""
    hub: Hub = story.hub
    item = story.export(day=exported)
    claim = story.open(item)
    with hub.database.begin() as uow:
        found = unsold(uow, story.merchant, claim, item, hub.clock.now())
        if sold:
            sale = Sale("S1", exported, Decimal(sold), Decimal(9), "502")
            record_sales(uow, story.merchant, found, [sale], "form", "test", hub.clock)
    return found
