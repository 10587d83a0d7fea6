"""A zone in which a merchant sold something and is paid for it; the mock bank answers in the test's own process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from flask.testing import FlaskClient

from ccezone.fx.ports import BankFile, BankInstruction, BankNotice, BankRefused, BankUnavailable
from ccezone.fx.rules.matching import LineKind
from ccezone.fx.rules.parts import Action
from ccezone.fx.rules.routing import Firm
from ccezone.fx.service.exchanging import send_instructions, take_notices
from ccezone.fx.service.held import Held, hold
from ccezone.fx.service.matching import Wish, match
from ccezone.fx.service.orders import OrderName
from ccezone.fx.service.receipts import Money, add_account, report
from ccezone.fx.service.settling import declare, instruct
from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import default_book
from integrations.bank.client import body_of, notice_of
from integrations.mockservers.bank.app import create_app
from integrations.mockservers.bank.store import BankStore
from tests.hub.bills import link, order, payment, waybill
from tests.hub.harness import Hub

BOOK = default_book("GZ")
ACCOUNT = "36001234567890"
WHO = "user:x"
A, B = Firm("A"), Firm("B")


class BankAtHand:
    """The port to the mock's application without a network."""

    def __init__(self, browser: FlaskClient) -> None:
        self._browser = browser

    def send(self, instruction: BankInstruction) -> None:
        answer = self._browser.post("/instructions", json=dict(body_of(instruction)))
        if answer.status_code >= 500:
            raise BankUnavailable(answer.status)
        if answer.status_code >= 400:
            raise BankRefused(answer.text)

    def notices(self, after: int, limit: int) -> Sequence[BankNotice]:
        answer = self._browser.get("/notices", query_string={"after": after, "limit": limit})
        if answer.status_code >= 500:
            raise BankUnavailable(answer.status)
        return [notice_of(each) for each in answer.get_json()["notices"]]

    def files(self, after: int, limit: int) -> Sequence[BankFile]:
        answer = self._browser.get("/statements", query_string={"after": after, "limit": limit})
        return [BankFile(each["number"], each["content"].encode()) for each in answer.get_json()["statements"]]


@dataclass
class Zone:
    """One merchant's money, step by step. Its trades are numbers 1, 5, 9 …"""

    hub: Hub
    folder: Path
    firm: Firm = A
    references: int = field(default=0)

    def __post_init__(self) -> None:
        self.merchant, self.rival = self.hub.party("furniture").id, self.hub.party("textiles").id
        self.mock = create_app(BankStore(self.folder / "bank.sqlite"), self.hub.clock).test_client()
        self.bank = BankAtHand(self.mock)
        with self.hub.database.begin() as uow:
            add_account(uow, self.merchant, ACCOUNT, "演示银行", "502", WHO, self.hub.clock)

    def becomes_trader(self) -> None:
        """Make the merchant an individual trader."""
        self.hub.change(
            "UPDATE enterprise SET roles = array_append(roles, 'individual_trader') WHERE id = %(id)s", id=self.merchant
        )
        self.firm = Firm("", individual=True)

    def sell(self, number: int = 1, value: str = "100.00", **changes: object) -> str:
        """Sell something for an amount in US dollars, sent off; return the order's number."""
        changes = {"goods_value": Decimal(value), "freight": Decimal(0), **changes}
        sold, sent = order(number).but(**changes), waybill(number)
        self.hub.post(sold, payment(number, amount=Decimal(value)), sent, link(sold, sent))
        self.hub.merge()
        return sold["order_no"]

    def sell_many(self, many: int, value: str = "100.00") -> list[str]:
        """Sell that often, in four messages."""
        numbers = [1 + 4 * place for place in range(many)]
        orders = [order(each, goods_value=Decimal(value), freight=Decimal(0)) for each in numbers]
        sent = [waybill(each) for each in numbers]
        self.hub.post_together(*orders)
        self.hub.post_together(*(payment(each, amount=Decimal(value)) for each in numbers))
        self.hub.post_together(*sent)
        self.hub.post_together(*(link(*pair) for pair in zip(orders, sent, strict=True)))
        self.hub.merge()
        return [each["order_no"] for each in orders]

    def receive(self, amount: str = "100.00", days_ago: int = 0, **changes: str) -> UUID:
        """Let money come; return the receipt."""
        self.references += 1
        day = self.today - timedelta(days=days_ago)
        told = {"bank_reference": f"BR{self.references:06d}", "currency": "502", "kind": "platform", "account": ACCOUNT}
        told |= {"payer": "赣出海跨境电商平台有限公司", "settlement_reference": "", **changes}
        with self.hub.database.begin() as uow:
            money = Money(amount=Decimal(amount), value_date=day, **told)
            return report(uow, self.merchant, money, "form", WHO, self.hub.clock)

    @property
    def today(self) -> date:
        """The day in the zone."""
        return self.hub.clock.now().astimezone(SHANGHAI).date()

    def match(self, receipt: UUID, *orders: str, gross: str = "", **nettings: str) -> Decimal:
        """Match a receipt to orders."""
        amount = Decimal(gross) if gross else None
        kept = {LineKind(kind): Decimal(value) for kind, value in nettings.items()}
        with self.hub.database.begin() as uow:
            wishes = [Wish(OrderName(each), amount) for each in orders]
            return match(uow, self.merchant, receipt, None, wishes, kept, BOOK, WHO, self.hub.clock)

    def declare(self, receipt: UUID, registration_no: str = "") -> None:
        """Declare a receipt."""
        with self.hub.database.begin() as uow:
            declare(uow, self.merchant, receipt, None, "122030", registration_no, BOOK, WHO, self.hub.clock)

    def ask(self, receipt: UUID, action: Action, amount: str) -> UUID:
        """Ask the bank for something."""
        given = (action, Decimal(amount), BOOK, WHO, self.hub.clock)
        with self.hub.database.begin() as uow:
            return instruct(uow, self.merchant, self.firm, receipt, None, *given)

    def exchange(self, seconds: float = 60) -> None:
        """Let instructions and notices pass, and the time between."""
        send_instructions(self.hub.database, self.bank, self.hub.clock)
        self.hub.clock.advance(seconds=seconds)
        take_notices(self.hub.database, self.bank, self.hub.clock)

    def throw(self, **switches: object) -> None:
        """Throw switches of the mock."""
        assert self.mock.put("/switches", json=switches).status_code == 200

    def held(self, receipt: UUID) -> Held:
        """The receipt as it stands."""
        with self.hub.database.begin() as uow:
            return hold(uow.connection, None, receipt)

    def state(self, receipt: UUID) -> str:
        """Its state."""
        return str(self.held(receipt).state)

    def order(self, order_no: str) -> Mapping[str, Decimal]:
        """An order's money."""
        statement = "SELECT expected, received, netted FROM fx_order WHERE order_no = %(no)s"
        [row] = self.hub.rows(statement, no=order_no)
        return dict(zip(("expected", "received", "netted"), row, strict=True))
