"""A zone in which lists live: the demo's cast, sample trades taken in, merged, filed, packed, and answered by customs."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.service import BatchOutcome, take_in
from ccezone.bootstrap import Terms, subscriptions
from ccezone.clearance.ports import Receipt
from ccezone.clearance.service import pack_outbox
from ccezone.clearance.service.receiving import take_receipts
from ccezone.demo.zone import export_defaults, import_defaults, product
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.enterprises.service import Registration, register, save_defaults, save_products
from ccezone.import_tax.service import load_rates
from ccezone.kernel.clock import FixedClock
from ccezone.matching.service import merge_touched
from ccezone.parameters.service import load_defaults
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run
from ccezone.storage.personal import PersonalVault
from integrations.partners import CebDeliveries
from integrations.signatures import KeyRing
from integrations.single_window import CebWriter
from schemas.codes import rows
from schemas.messages.ceb.samples import sample
from schemas.messages.ceb.trades import party

EXPORT = ("CEB303Message", "CEB403Message", "CEB505Message")
IMPORT = ("CEB311Message", "CEB411Message", "CEB511Message")


@dataclass
class Zone:
    """One zone, driven step by step."""

    database: Database
    vault: PersonalVault
    clock: FixedClock
    keys: Path
    terms: Terms = field(default_factory=lambda: Terms.of("GZ"))

    def __post_init__(self) -> None:
        self.database.subscriptions = subscriptions(self.vault, self.terms)
        self._found()
        self.deliveries = CebDeliveries(self.clock, {})

    def _found(self) -> None:
        """Register the demo's cast with products and defaults, and without people, whose passwords take long to hash."""
        with self.database.begin() as uow:
            load_defaults(uow, self.clock)
            load_rates(uow)
            for row in rows("example_parties"):
                identity = (row["uscc"], row["name_zh"], row["roles"].split(";"), row["customs_code"])
                enterprise_id = register(uow, Registration(*identity, dxp_id=row["dxp_id"], auto_submit=True), self.clock)
                goods = [good for good in rows("example_goods") if good["merchant"] == row["key"]]
                if goods:
                    save_products(uow, enterprise_id, [product(good) for good in goods], self.clock)
                    entries = [export_defaults(row)] if goods[0]["flow"] == "E" else import_defaults(row)
                    for entry in entries:
                        save_defaults(uow, enterprise_id, entry, self.clock)

    def party(self, key: str) -> EnterpriseView:
        """One of the cast, as registered."""
        with self.database.reading() as connection:
            found = directory(connection).find(party(key)["uscc"])
        assert found is not None
        return found

    def take_in(self, message_type: str, documents: int = 1, first: int = 1) -> BatchOutcome:
        """Deliver a sample message in the name of whoever sends such messages."""
        batch = self.deliveries.message(sample(message_type, documents, first=first))
        with self.database.reading() as connection:
            sender = directory(connection).find(batch.transmitter)
        assert sender is not None
        return take_in(self.database, self.vault, self.clock, sender, "test", batch)

    def merge(self) -> None:
        """Match what was touched; fileable lists are prepared and filed."""
        merge_touched(self.database, self.clock, self.terms.merging)

    def lists(self) -> list[int]:
        """The ids of all lists, in order."""
        with self.database.reading() as connection:
            return [row[0] for row in fetch(connection, "SELECT id FROM declaration_list ORDER BY id")]

    def imports(self, documents: int = 1) -> list[int]:
        """Take in, merge and file import trades; return their lists."""
        for message_type in IMPORT:
            self.take_in(message_type, documents)
        self.merge()
        return self.lists()

    def pack(self) -> None:
        """Pack the outbox and say that everything was sent."""
        pack_outbox(self.database, self.vault, CebWriter(KeyRing(self.keys)), self.clock)
        with self.database.begin() as uow:
            run(uow.connection, "UPDATE outgoing_message SET sent_at = %(at)s WHERE sent_at IS NULL", {"at": self.clock.now()})

    def answer(self, declaration_id: int, *codes: int, info: str = "", kind: str = "CEB622Message", list_no: str = "") -> None:
        """Let customs answer the list's latest submission with these codes, a minute apart."""
        with self.database.begin() as uow:
            for code in codes:
                self.clock.advance(minutes=1)
                guid = submission_of(uow.connection, declaration_id)
                keys = {"list_no": list_no} if list_no else {}
                receipt = Receipt(kind, str(guid).upper(), code, self.clock.now(), info, keys)
                take_receipts(uow, [receipt], self.clock.now() + timedelta(seconds=2))

    def park(self, guid: str, code: int = 120) -> None:
        """Let customs answer a document nobody knows."""
        with self.database.begin() as uow:
            take_receipts(uow, [Receipt("CEB622Message", guid, code, self.clock.now(), "")], self.clock.now())


def submission_of(connection: Connection, declaration_id: int) -> UUID:
    """The id of a list's latest submission."""
    statement = "SELECT id FROM submission WHERE declaration_id = %(id)s ORDER BY number DESC LIMIT 1"
    found: UUID = fetch(connection, statement, {"id": declaration_id})[0][0]
    return found
