"""Released lists whose goods come back, and what customs says about returns."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.clearance.queries.receipts import released_at
from ccezone.declarations.queries.returns import ReturnRow, goods_return
from ccezone.declarations.rules.returns import ReturnWish
from ccezone.declarations.service.returns import ReturnDesk, file_return, note_arrival, open_return
from tests.declarations.filing import filed
from tests.hub.harness import Hub, ListRow
from tests.hub.window import receipt

ANSWERS = {"E": "CEB214Message", "I": "CEB626Message"}
BACK = {"waybill_no": "BACK0001", "country": "502"}


def desk(hub: Hub) -> ReturnDesk:
    """What returns are judged with."""
    return ReturnDesk(hub.vault, hub.deliveries, hub.clock, "GZ", released_at)


def released(hub: Hub, flow: str = "E") -> ListRow:
    """A list that customs released; an export is closed, too."""
    return filed(hub, *((2, 3, 120, 399, 400, 800, 899) if flow == "E" else (2, 120, 800)), flow=flow)


def owner(hub: Hub, item: ListRow) -> UUID:
    """The merchant of a list."""
    found: UUID = hub.rows("SELECT merchant_id FROM declaration_list WHERE id = %(id)s", id=item.id)[0][0]
    return found


def wish(qty: str = "1", *, line: int = 1, relief: bool = False, reason: str = "买家退货") -> ReturnWish:
    """So much of one line."""
    return ReturnWish({line: Decimal(qty)}, reason, relief, BACK)


def opened(hub: Hub, item: ListRow, asked: ReturnWish | None = None) -> int:
    """A draft."""
    asked = asked or wish()
    if item.id in {row[0] for row in hub.rows("SELECT id FROM declaration_list WHERE flow = 'I'")}:
        asked = replace(asked, head={})  # the way back is an export's
    with hub.database.begin() as uow:
        return open_return(uow, desk(hub), owner(hub, item), item.id, asked, "clerk")


def file(hub: Hub, item: ListRow, number: int) -> None:
    """File a return and send it."""
    with hub.database.begin() as uow:
        file_return(uow, desk(hub), owner(hub, item), number, "clerk")
    hub.dispatch()


def sent_back(hub: Hub, item: ListRow, asked: ReturnWish | None = None) -> int:
    """A return that customs has."""
    number = opened(hub, item, asked)
    file(hub, item, number)
    return number


def answer(hub: Hub, number: int, *codes: int) -> None:
    """Let customs answer the latest filing of a return, a minute apart."""
    guid = hub.rows("SELECT id FROM application_filing WHERE application_id = %(id)s ORDER BY number DESC LIMIT 1", id=number)[0][0]
    flow = hub.rows("SELECT flow FROM goods_return WHERE id = %(id)s", id=number)[0][0]
    for code in codes:
        hub.clock.advance(minutes=1)
        hub.window.post(receipt(ANSWERS[flow], code, hub.clock.now(), guid=str(guid).upper()), ANSWERS[flow])
        hub.receive()


def arrived(hub: Hub, item: ListRow, number: int, day: date) -> None:
    """Note the goods' arrival."""
    with hub.database.begin() as uow:
        note_arrival(uow, desk(hub), owner(hub, item), number, day, "clerk")


def view(hub: Hub, number: int) -> ReturnRow:
    """A return as the office sees it."""
    with hub.database.reading() as connection:
        found = goods_return(connection, None, number)
    assert found is not None
    return found
