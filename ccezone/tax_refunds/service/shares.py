"""How a paid refund falls on the items of its claim: by what each contributed to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.rules.clawback import item_part

_ITEMS = """
SELECT c.item_id, i.quantity, c.refund_pct, c.value_cny,
    (SELECT coalesce(sum(v.amount), 0) FROM refund_invoice v WHERE v.claim_id = c.claim_id AND v.item_id = c.item_id)
FROM refund_claim_item c JOIN goods_ledger_item i ON i.id = c.item_id WHERE c.claim_id = %(id)s ORDER BY c.item_id
"""


@dataclass(frozen=True, slots=True)
class Shares:
    """The items of a claim in order: how much was exported of each, and what weighs it."""

    places: Mapping[UUID, int]
    exported: Sequence[Decimal]
    bases: Sequence[Decimal]

    def part(self, paid: Decimal, item: UUID) -> Decimal:
        """Return the item's part of a refund, in yuan."""
        return item_part(paid, self.bases, self.places[item])

    def quantity(self, item: UUID) -> Decimal:
        """Return how much of the item was exported."""
        return self.exported[self.places[item]]


def shares_of(connection: Connection, claim_id: UUID, method: str) -> Shares:
    """Weigh a claim's items: by invoice and rate (免退), else by export value and rate."""
    rows = fetch(connection, _ITEMS, {"id": claim_id})
    by_invoice = Method(method) is Method.EXEMPT_REFUND
    bases = [(row[4] if by_invoice else row[3] or Decimal(0)) * (row[2] or Decimal(0)) for row in rows]
    return Shares({row[0]: place for place, row in enumerate(rows)}, [row[1] or Decimal(0) for row in rows], bases)
