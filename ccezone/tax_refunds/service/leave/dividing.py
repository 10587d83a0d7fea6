"""Declaring goods for a warehouse abroad divided into sold and unsold ones, in a claim that is not filed yet (REF-004)."""

from decimal import Decimal
from uuid import UUID

from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.tax_refunds.queries.leave_terms import business_code
from ccezone.tax_refunds.rules.leave import divisible, sold_faults
from ccezone.tax_refunds.service.held import draft

_ITEM = """
SELECT i.trade_mode, i.exported_on, i.quantity FROM refund_claim_item c JOIN goods_ledger_item i ON i.id = c.item_id
WHERE c.claim_id = %(claim)s AND c.item_id = %(item)s
"""
_SOLD = "UPDATE refund_claim_item SET sold = %(sold)s WHERE claim_id = %(claim)s AND item_id = %(item)s"


def divide_item(
    uow: UnitOfWork, merchant: UUID, claim_id: UUID, item: UUID, sold: Decimal, book: ParameterBook, actor: str, clock: Clock
) -> None:
    """State how many of an item's goods are sold; the others are claimed as unsold. Raises ``NotFound``, ``Refused``: another
    supervision mode, exported before the rule began, more than was exported."""
    draft(uow, merchant, claim_id, actor, clock)
    found = fetch(uow.connection, _ITEM, {"claim": claim_id, "item": item})
    if not found:
        raise NotFound(Fault("", "not_found"))
    mode, exported_on, quantity = found[0]
    code = business_code(book, exported_on)
    faults = divisible(mode, exported_on, code) or sold_faults(quantity or Decimal(0), sold)
    if faults:
        raise Refused(*faults)
    run(uow.connection, _SOLD, {"claim": claim_id, "item": item, "sold": sold})
