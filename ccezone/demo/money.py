"""Money of the demo's cast, once its orders are there: statements of three formats, a settlement file, receipts in every state.

A class-A firm settles, a class-B firm waits on the pending-check account; one statement came a day too early and is parked.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from ccezone.credit.queries.fx_standing import fx_firm
from ccezone.enterprises.queries import directory
from ccezone.fx.queries.orders import SentOrder, sent_orders
from ccezone.fx.queries.receipts import ReceiptRow, accounts_of, search_receipts
from ccezone.fx.rules.parts import Action
from ccezone.fx.service.automatic import match_reported
from ccezone.fx.service.filing import SettlementLine, file_line
from ccezone.fx.service.receipts import Money, add_account, report
from ccezone.fx.service.settling import declare, instruct
from ccezone.fx.service.statements import take_statement
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.parameters.queries import book
from ccezone.storage import Database
from schemas.codes import rows
from schemas.statements import Entry, Statement, read_statement, write_statement

_DEMO = "demo"
_FORMATS = {"furniture": "mt940", "textiles": "csv", "electronics": "json"}
_DOLLAR = "502"
_SHARE = Decimal("0.02")
_CENT = Decimal("0.01")
_ODD = Decimal("486.20")
_FEWEST = 16
"""Orders a firm must have sent."""
_INSTITUTION = "江右国际支付服务有限公司"


def found_money(database: Database, zone: str, clock: Clock) -> int:
    """Let money come to exporters whose orders are there, once; return how many receipts there are now."""
    with database.reading() as connection:
        known = {row["key"]: directory(connection).find(row["uscc"]) for row in rows("example_parties")}
        firms = {key: found.id for key, found in known.items() if found is not None and key in _FORMATS}
        orders = {key: _in_dollars(sent_orders(connection, firm, 60)) for key, firm in firms.items()}
        if any(accounts_of(connection, firm) for firm in firms.values()):
            return 0
    for place, (key, firm) in enumerate(sorted(firms.items())):
        if len(orders[key]) >= _FEWEST:
            _pay(database, firm, f"3600{place + 1:02d}88001234", orders[key], _FORMATS[key], clock)
    match_reported(database, lambda connection: book(connection, zone), clock)
    return sum(_work_on(database, zone, firm, clock) for firm in firms.values())


def _pay(database: Database, firm: UUID, account: str, orders: Sequence[SentOrder], form: str, clock: Clock) -> None:
    """Three days of an account: a settlement of many orders, single payments, money nobody has named orders for."""
    today = clock.now().astimezone(SHANGHAI).date()
    many = orders[:-5]
    reference = f"PS{account[4:6]}-{today:%Y%m%d}"
    lines = [_settled(each, reference) for each in many]
    payout = sum((line.gross - line.fee for line in lines), Decimal(0))
    one, two, three = orders[-5:-2], orders[-2:-1], orders[-1]
    days = [
        [("payment_institution", _INSTITUTION, payout, reference)],
        [("platform", one[0].platform_name, _worth(one), " ".join(each.order_no for each in one))],
        [("buyer", "Nordic Living Trading AB", _worth(two) + 18, two[0].order_no), ("platform", "Demo Marketplace", _ODD, "")],
    ]
    with database.begin() as uow:
        add_account(uow, firm, account, "演示银行赣州分行", _DOLLAR, _DEMO, clock)
        for line in lines:
            file_line(uow, firm, line, _DEMO, clock)
        for said in _statements(account, days, today - timedelta(days=4)):
            take_statement(uow, read_statement(write_statement(said, form)), "feed", "bank", clock)
        told = Money(account, f"BK{account[4:6]}9001", _DOLLAR, three.expected, three.platform_name, today, "platform")
        report(uow, firm, told, "form", _DEMO, clock)


def _worth(orders: Sequence[SentOrder]) -> Decimal:
    return sum((each.expected for each in orders), Decimal(0))


def _in_dollars(orders: Sequence[SentOrder]) -> Sequence[SentOrder]:
    return [each for each in orders if each.currency == _DOLLAR]


def _settled(order: SentOrder, reference: str) -> SettlementLine:
    fee = (order.expected * _SHARE).quantize(_CENT)
    return SettlementLine(reference, order.order_no, order.expected, fee, order.currency)


def _statements(account: str, days: Sequence[Sequence[tuple[str, str, Decimal, str]]], first: date) -> Iterator[Statement]:
    """The days in turn, and one more that came before the day between."""
    balance = Decimal("1000.00")
    for place, came in enumerate([*days, [], []]):
        day = first + timedelta(days=place)
        entries = [
            Entry(f"BK{account[4:6]}{place}{number:03d}", amount.quantize(_CENT), day, payer, kind, reference)
            for number, (kind, payer, amount, reference) in enumerate(came)
        ]
        closing = balance + sum((each.amount for each in entries), Decimal(0))
        if place != len(days):
            yield Statement(account, _DOLLAR, place + 1, day, balance, closing, entries)
        balance = closing


def _work_on(database: Database, zone: str, firm: UUID, clock: Clock) -> int:
    """Declare what is matched, and ask the bank for what the firm's class allows; leave some for whoever looks."""
    with database.reading() as connection:
        found = search_receipts(connection, firm)
    matched = [row for row in reversed(found) if row.state == "matched"]
    for row in matched[:1]:
        _settle(database, zone, firm, row, clock)
    return len(found)


def _settle(database: Database, zone: str, firm: UUID, row: ReceiptRow, clock: Clock) -> None:
    with database.begin() as uow:
        rules = book(uow.connection, zone)
        declare(uow, firm, row.id, None, "122030", "", rules, _DEMO, clock)
        today = clock.now().astimezone(SHANGHAI).date()
        standing = fx_firm(uow.connection, firm, today, clock.now())
        action = Action.SETTLE if standing.fx_class == "A" else Action.PEND
        instruct(uow, firm, standing, row.id, None, action, row.open, rules, _DEMO, clock)
