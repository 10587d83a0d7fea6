"""Receipts of money for the examples of the description, each ready for what its example does with it."""

from decimal import Decimal
from uuid import UUID

from ccezone.api.v1.fx_receipts import KNOWN_ACCOUNT
from ccezone.fx.rules.parts import Action
from ccezone.fx.service.matching import Wish, match
from ccezone.fx.service.orders import OrderName
from ccezone.fx.service.receipts import Money, report
from ccezone.fx.service.settling import instruct
from ccezone.kernel.clock import SHANGHAI
from tests.fx.money import BOOK, WHO, A
from tests.hub.harness import Hub


def receipt_for_example(hub: Hub, merchant: UUID, what: str, order_no: str) -> UUID:
    """A receipt of twenty dollars on the examples' account; for ``unmatch`` it pays two of the order."""
    today = hub.clock.now().astimezone(SHANGHAI).date()
    reference = f"EX{hub.count('fx_receipt'):06d}"
    money = Money(KNOWN_ACCOUNT, reference, "502", Decimal(20), "EXAMPLE MARKETPLACE LTD", today, "platform")
    with hub.database.begin() as uow:
        made = report(uow, merchant, money, "form", WHO, hub.clock)
        if what == "unmatch":
            match(uow, merchant, made, None, [Wish(OrderName(order_no), Decimal(2))], {}, BOOK, WHO, hub.clock)
    return made


def settlement_for_example(hub: Hub, merchant: UUID, order_no: str) -> UUID:
    """An instruction to the bank."""
    made = receipt_for_example(hub, merchant, "ask", order_no)
    with hub.database.begin() as uow:
        return instruct(uow, merchant, A, made, None, Action.PEND, Decimal(1), BOOK, WHO, hub.clock)
