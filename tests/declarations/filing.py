"""Lists on their way, and what customs says about applications to cancel them."""

from uuid import UUID

from ccezone.declarations.rules.wishes import Wish
from ccezone.declarations.service import FormDesk, cancel_list, change_list
from tests.hub.bills import Bill, export_bills, import_bills
from tests.hub.harness import Hub, ListRow
from tests.hub.window import receipt

ANSWERS = {"E": "CEB606Message", "I": "CEB624Message"}


def desk(hub: Hub) -> FormDesk:
    """What forms are judged and stored with."""
    return FormDesk(hub.database, hub.vault, hub.clock, hub.deliveries, hub.terms)


def filed(hub: Hub, *codes: int, flow: str = "E", bills: list[Bill] | None = None) -> ListRow:
    """A list that was sent, and answered so far."""
    hub.matched(*(bills or (export_bills() if flow == "E" else import_bills())))
    hub.dispatch()
    hub.answer(hub.only_list(), *codes)
    return hub.only_list()


def cancel(hub: Hub, item: ListRow, reason: str = "买家取消订单", by: str | None = None) -> int:
    """Apply to cancel a list, in the name of one of the cast or of the office."""
    merchant = hub.party(by).id if by else None
    return cancel_list(hub.database, hub.vault, hub.deliveries, hub.clock, item.id, merchant, reason, "clerk")


def change(hub: Hub, item: ListRow, by: str | None = None, wish: Wish | None = None, **head: str) -> bool:
    """Change values of a list's head."""
    return change_list(desk(hub), item.id, hub.party(by).id if by else None, wish or Wish(head=head), "clerk")


def application(hub: Hub, number: int | None = None) -> tuple[UUID, str]:
    """The id and the state of an application to cancel, of the latest by default."""
    statement = "SELECT id, state FROM cancellation WHERE number = coalesce(%(number)s, number) ORDER BY number DESC LIMIT 1"
    found: tuple[UUID, str] = hub.rows(statement, number=number)[0]
    return found


def answer_application(hub: Hub, *codes: int, flow: str = "E", number: int | None = None) -> None:
    """Let customs answer an application to cancel, a minute apart."""
    guid, _ = application(hub, number)
    for code in codes:
        hub.clock.advance(minutes=1)
        hub.window.post(receipt(ANSWERS[flow], code, hub.clock.now(), guid=str(guid).upper()), ANSWERS[flow])
        hub.receive()


def lines_of(bill: Bill) -> list[dict[str, object]]:
    """The lines of an order."""
    lines = bill.values["lines"]
    assert isinstance(lines, list)
    return lines
