"""What a rival exported and claims: rows whose pages must look like none to anybody else."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, record_general
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.service.ledger import keep_ledger


def refund_rows(database: Database, rival_id: UUID, secret: str, clock: FixedClock) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Let the rival export; return the pages that show it."""
    item = exported_item(database, rival_id, secret, clock)
    return {"goods_ledger.detail": [{"item_id": str(item)}]}


def exported_item(database: Database, merchant_id: UUID, name: str, clock: FixedClock) -> UUID:
    """Record a released general declaration of one item, take it into the ledger; return the item."""
    line = GeneralLine("6109100022", name, Decimal(2), "011", Decimal("93.60"))
    day = clock.now().date()
    entry = GeneralEntry("400320260000099901", "E", "9810", "4003", day, "502", Decimal("93.60"), [line], released_on=day)
    record_general(database, clock, merchant_id, entry, "test")
    keep_ledger(database, clock)
    with database.reading() as connection:
        found = fetch(connection, "SELECT id FROM goods_ledger_item WHERE goods_name = %(name)s", {"name": name})
    item: UUID = found[0][0]
    return item
