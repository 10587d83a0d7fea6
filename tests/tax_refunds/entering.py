"""Goods that entered the special area, for tests: a recorded declaration under 1210, its lot, deliveries, a list they leave on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.bootstrap import LEDGERS
from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.rules.wishes import Wish
from ccezone.declarations.service import Form, GeneralEntry, file_form, record_general
from ccezone.demo.zone import export_defaults
from ccezone.enterprises.service import save_defaults
from ccezone.kernel.balances import Balance
from ccezone.kernel.clock import Clock
from ccezone.storage import Database
from ccezone.tax_refunds.queries.ledger import LedgerFilter, search_ledger
from ccezone.tax_refunds.rules.area import period_of
from ccezone.tax_refunds.service.area import Delivery, gather, record_delivery
from ccezone.tax_refunds.service.ledger import keep_ledger
from schemas.messages.ceb.trades import party
from schemas.rest.documents import spelled
from tests.declarations.filing import desk, lines_of
from tests.hub.bills import export_bills
from tests.hub.harness import Hub
from tests.hub.link_json import link_json
from tests.tax_refunds.claiming import Claiming

NUMBER = "400320260000081201"


def entered(database: Database, merchant: UUID, name: str, day: date, clock: Clock, number: str = NUMBER) -> UUID:
    """Let a hundred pieces enter on a day; return their lot."""
    line = GeneralLine("6109100022", name, Decimal(100), "011", Decimal(1000))
    entry = GeneralEntry(number, "E", "1210", "4003", day, "142", Decimal(1000), [line], released_on=day)
    record_general(database, clock, merchant, entry, "test")
    keep_ledger(database, clock)
    with database.reading() as connection:
        return search_ledger(connection, merchant, LedgerFilter(text=number))[0].id


def deliver(story: Claiming, item: UUID, number: str, quantity: int, day: date, list_no: str = "") -> UUID:
    """Deliver some of a lot; return the delivery."""
    with story.hub.database.begin() as uow:
        told = Delivery(number, day, Decimal(quantity), f"W{number}", list_no)
        return record_delivery(uow, story.merchant, item, told, "test", story.hub.clock)


def area_balances_of(story: Claiming, day: date) -> list[Balance]:
    """What the nightly look says of lots on a day."""
    with story.hub.database.reading() as connection:
        return [each for ledger in LEDGERS for each in ledger(connection, day) if each.ledger == "special_area"]


def delivered_and_gathered(database: Database, merchant: UUID, name: str, clock: Clock) -> tuple[UUID, UUID, UUID]:
    """Let goods enter, deliver some, draft their consolidated declaration; return lot, delivery and draft."""
    day = clock.now().date()
    lot = entered(database, merchant, f"{name}入区", day, clock)
    with database.begin() as uow:
        delivery = record_delivery(uow, merchant, lot, Delivery("D1", day, Decimal(5), f"{name}运单"), "test", clock)
        return lot, delivery, gather(uow, merchant, period_of(day, 1), "test", clock)


def left_on_list(hub: Hub) -> str:
    """File a list of the furniture firm under 1210, by summary declaration, and let customs close it; return its number."""
    with hub.database.begin() as uow:
        book = {"bonded_enterprise_code": "4017960B01", "bonded_enterprise_name": "仓储", "ems_no": "T4017W000001"}
        entry = replace(export_defaults(party("furniture")), trade_mode="1210", **book)
        save_defaults(uow, hub.party("furniture").id, entry, hub.clock)
    sold, _, sent, linked = export_bills()
    named = {number: {"item_record_no": f"R{number}"} for number in range(1, len(lines_of(sold)) + 1)}
    bills = {"order": spelled(sold.message_type, sold.values), "link": link_json(linked)}
    file_form(desk(hub), hub.party("furniture"), Form("E", Wish("1210", "B", lines=named), bills), "clerk")
    hub.post(sent)
    hub.merge()
    hub.dispatch()
    hub.answer(hub.only_list(), 120, 800, 899)
    made = hub.only_list()
    assert (made.trade_mode, made.state) == ("1210", "899")
    return made.list_no or ""
