"""A whole hub in one process, driven step by step: real PostgreSQL, real codecs, a clock that stands still, a single window
in memory.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from ccezone.api.v1.bills import party as named_party
from ccezone.bills.rules import order_key
from ccezone.bills.service import BatchOutcome, take_in
from ccezone.clearance.ports import Receipt
from ccezone.clearance.service import pack_outbox, receive, retry_parked, send_waiting
from ccezone.clearance.service.receiving import take_receipts
from ccezone.enterprises.queries import EnterpriseView, directory, forget_directory
from ccezone.kernel.clock import FixedClock
from ccezone.matching.service import merge_touched
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault
from ccezone.subscribing import subscriptions
from ccezone.terms import Terms
from integrations.partners import CebDeliveries
from integrations.signatures import KeyRing
from integrations.single_window import CebReader, CebWriter
from schemas.messages.ceb.samples import sample
from schemas.messages.ceb.trades import party
from tests.hub.bills import Bill, message
from tests.hub.founding import NOW, copy_zone
from tests.hub.link_json import link_json
from tests.hub.window import FakeSingleWindow, list_receipt

SAMPLES = {"E": ("CEB303Message", "CEB403Message", "CEB505Message"), "I": ("CEB311Message", "CEB411Message", "CEB511Message")}
"""Order, payment and waybill of each flow."""


@dataclass(frozen=True)
class Match:
    """What the merge says about one order."""

    verdict: str
    waiting: list[str]
    differences: list[dict[str, Any]]
    fileable: bool
    reasons: list[str]
    payments: list[int]
    waybills: list[dict[str, Any]]

    @property
    def rules(self) -> list[str]:
        """The rules that found a difference."""
        return [difference["rule"] for difference in self.differences]


@dataclass(frozen=True)
class ListRow:
    """One declaration list as stored."""

    id: int
    order_no: str
    waybill_no: str
    trade_mode: str
    state: str
    submission: int
    missing: list[dict[str, Any]]
    tax: dict[str, Any] | None
    content: dict[str, Any]
    list_no: str | None

    @property
    def lacks(self) -> list[str]:
        """What is missing or broken, by name."""
        return [item["name"] for item in self.missing]


@dataclass
class Hub:
    """One zone, with everything a test may want to do to it."""

    database: Database
    keys: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    vault: PersonalVault = field(default_factory=lambda: PersonalVault(bytes(32)))
    terms: Terms = field(default_factory=lambda: Terms.of("GZ"))
    window: FakeSingleWindow = field(default_factory=FakeSingleWindow)

    def __post_init__(self) -> None:
        self.database.subscriptions = subscriptions(self.vault, self.terms)
        self.deliveries = CebDeliveries(self.clock, {})
        self.writer = CebWriter(KeyRing(self.keys))
        copy_zone(self.database)

    def party(self, key: str) -> EnterpriseView:
        """One of the cast, as registered."""
        with self.database.reading() as connection:
            found = directory(connection).find(party(key)["uscc"])
        assert found is not None
        return found

    def post(self, *bills: Bill) -> list[BatchOutcome]:
        """Deliver bills, each in a message of its own."""
        return [self.post_together(bill) for bill in bills]

    def post_together(self, *bills: Bill) -> BatchOutcome:
        """Deliver bills of one kind in one message."""
        first = bills[0]
        if first.message_type:
            return self.post_raw(message(*bills), first.sender)
        sender = self.party(first.sender)
        batch = self.deliveries.documents(first.kind, first.flow, [link_json(bill) for bill in bills], named_party(sender), "json")
        return take_in(self.database, self.vault, self.clock, sender, "test", batch)

    def post_raw(self, raw: bytes, sender: str) -> BatchOutcome:
        """Deliver a message as it is."""
        return take_in(self.database, self.vault, self.clock, self.party(sender), "test", self.deliveries.message(raw))

    def post_sample(self, message_type: str, documents: int = 1, first: int = 1) -> BatchOutcome:
        """Deliver a sample message in the name of whoever sends such messages."""
        batch = self.deliveries.message(sample(message_type, documents, first=first))
        with self.database.reading() as connection:
            sender = directory(connection).find(batch.transmitter)
        assert sender is not None
        return take_in(self.database, self.vault, self.clock, sender, "test", batch)

    def imports(self, trades: int = 1) -> list[int]:
        """Deliver the first sample trades of the bonded import, merge and file them; return their lists."""
        for message_type in SAMPLES["I"]:
            self.post_sample(message_type, trades)
        self.merge()
        return self.list_ids()

    def merge(self) -> None:
        """Match everything that was touched; fileable lists are prepared, and filed."""
        while merge_touched(self.database, self.clock, self.terms.merging):
            pass

    def match(self, order: Bill) -> Match:
        """The merge's opinion of one order."""
        codes = [self._uscc(str(order.values[name])) for name in ("merchant_code", "platform_code")]
        key = order_key(order.flow, codes[0], codes[1], order["order_no"])
        statement = """
            SELECT verdict, waiting, differences, fileable, reasons, payments, waybills FROM order_match
            WHERE order_key = %(key)s
        """
        (row,) = self.rows(statement, key=key)
        return Match(*row)

    def matched(self, *bills: Bill) -> Match:
        """Deliver bills, merge, and return the opinion of the first one's order."""
        self.post(*bills)
        self.merge()
        return self.match(bills[0])

    def _uscc(self, code: str) -> str:
        with self.database.reading() as connection:
            found = directory(connection).find(code)
        return found.uscc if found else code

    def lists(self) -> list[ListRow]:
        """All lists, the oldest first."""
        statement = """
            SELECT d.id, d.order_no, d.waybill_no, d.trade_mode, s.state, s.submission, s.missing, d.tax, d.content, s.list_no
            FROM declaration_list d JOIN declaration_state s ON s.id = d.id ORDER BY d.id
        """
        return [ListRow(*row) for row in self.rows(statement)]

    def list_ids(self) -> list[int]:
        """The ids of all lists, the oldest first."""
        return [each.id for each in self.lists()]

    def only_list(self) -> ListRow:
        """The one list there is."""
        (found,) = self.lists()
        return found

    def states(self) -> list[str]:
        """The states of all lists, in their order."""
        return [each.state for each in self.lists()]

    def pack(self) -> int:
        """Pack what waits in the outbox."""
        return pack_outbox(self.database, self.vault, self.writer, self.clock)

    def send(self) -> int:
        """Send the packed messages that are due."""
        return send_waiting(self.database, self.vault, self.window, self.clock)

    def dispatch(self) -> None:
        """Pack and send until nothing is left to do now."""
        while self.pack() or self.send():
            pass

    def receive(self) -> int:
        """Take the mailbox in."""
        return receive(self.database, self.window, CebReader(), self.clock, limit=100, wait=0)

    def retry_parked(self) -> int:
        """Try parked receipts again."""
        return retry_parked(self.database, self.clock)

    def park(self, guid: str, code: int = 120) -> None:
        """Let customs answer a document nobody knows."""
        with self.database.begin() as uow:
            take_receipts(uow, [Receipt("CEB622Message", guid, code, self.clock.now(), "")], self.clock.now())

    def answer(self, item: ListRow | int, *codes: int, submission: int | None = None, **values: object) -> None:
        """Let customs answer a submission (the latest) of a list with these codes, a minute apart, and take them in."""
        number = item if isinstance(item, int) else item.id
        (flow,) = self.rows("SELECT flow FROM declaration_list WHERE id = %(id)s", id=number)[0]
        for code in codes:
            self.clock.advance(minutes=1)
            said = {"list_no": f"40172026{flow}{number:09d}", **values}
            self.window.post(list_receipt(self.submission_of(number, submission), code, self.clock.now(), flow=flow, **said))
            self.receive()

    def submission_of(self, item: ListRow | int, number: int | None = None) -> UUID:
        """The id of a list's submission, of the latest one by default."""
        statement = """
            SELECT id FROM submission WHERE declaration_id = %(id)s AND number = coalesce(%(number)s, number)
            ORDER BY number DESC LIMIT 1
        """
        found: UUID = self.rows(statement, id=item if isinstance(item, int) else item.id, number=number)[0][0]
        return found

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Read rows."""
        with self.database.reading() as connection:
            return fetch(connection, statement, values)

    def count(self, table: str) -> int:
        """Count a table's rows."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  # a table's name, from a test

    def cases(self) -> list[str]:
        """The kinds of open exception cases."""
        return [row[0] for row in self.rows("SELECT kind FROM exception_case WHERE closed_at IS NULL ORDER BY opened_at, kind")]

    def change(self, statement: str, **values: object) -> None:
        """Change rows behind the hub's back, to play an accident."""
        with self.database.begin() as uow:
            run(uow.connection, statement, values)
            forget_directory(uow.connection)
