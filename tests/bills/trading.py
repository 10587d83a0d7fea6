"""A small zone whose enterprises trade: the cast of ``example_parties.csv``, deliveries as they send them, the merge.

The n-th sample order, payment and waybill tell one trade; odd import trades are milk's, even ones cosmetics'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from ccezone.bills.ports import Party
from ccezone.bills.rules import BillKind
from ccezone.bills.service import BatchOutcome, take_in
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.clock import FixedClock
from ccezone.matching.service import merge_touched
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault
from ccezone.subscribing import subscriptions
from ccezone.terms import Terms
from integrations.partners import CebDeliveries
from schemas.codes import rows
from schemas.messages.ceb.samples import sample
from tests.hub.founding import copy_zone
from tests.hub.keeping import SharedDatabase

KEY = bytes(32)
BILLS = {"E": ("CEB303Message", "CEB403Message", "CEB505Message"), "I": ("CEB311Message", "CEB411Message", "CEB511Message")}


@dataclass
class Zone:
    """A zone at work. ``database`` tells whoever listens, as in the running hub."""

    database: Database
    clock: FixedClock
    vault: PersonalVault
    terms: Terms
    deliveries: CebDeliveries
    ids: Mapping[str, UUID] = field(default_factory=dict)

    def enterprise(self, key: str) -> EnterpriseView:
        """Return one of the cast, by its key in ``example_parties.csv``."""
        with self.database.reading() as connection:
            return directory(connection).by_id[self.ids[key]]

    def send(self, message_type: str, first: int = 1, documents: int = 1, **replaced: tuple[str, str]) -> BatchOutcome:
        """Send sample messages as their usual sender does; ``replaced`` (element name: old, new) spoils values."""
        raw = sample(message_type, documents, first=first)
        for element, (old, new) in replaced.items():
            raw = raw.replace(f"<ceb:{element}>{old}".encode(), f"<ceb:{element}>{new}".encode())
        batch = self.deliveries.message(raw)
        with self.database.reading() as connection:
            sender = directory(connection).find(batch.transmitter)
        assert sender is not None
        return take_in(self.database, self.vault, self.clock, sender, "test", batch)

    def send_json(self, who: str, kind: BillKind, flow: str, *bodies: Mapping[str, object]) -> BatchOutcome:
        """Send JSON bodies as one of the cast."""
        sender = self.enterprise(who)
        party = Party(sender.uscc, sender.name, sender.dxp_id or "")
        batch = self.deliveries.documents(kind, flow, list(bodies), party, "json")
        return take_in(self.database, self.vault, self.clock, sender, "test", batch)

    def trade(self, flow: str, first: int = 1, documents: int = 1) -> None:
        """Send all three bills of some trades."""
        for message_type in BILLS[flow]:
            assert self.send(message_type, first, documents).rejected == 0

    def merge(self) -> None:
        """Match everything that was touched."""
        while merge_touched(self.database, self.clock, self.terms.merging):
            pass


def open_zone(database: Database, clock: FixedClock | None = None) -> Zone:
    """Found the zone on an empty database."""
    clock = clock or FixedClock(datetime(2026, 6, 1, 4, tzinfo=UTC))
    vault, terms = PersonalVault(KEY), Terms.of("GZ")
    trading = SharedDatabase(database, subscriptions(vault, terms))
    copy_zone(trading)
    with trading.reading() as connection:
        found = {each.uscc: each.id for each in directory(connection).by_id.values()}
    ids = {row["key"]: found[row["uscc"]] for row in rows("example_parties")}
    return Zone(trading, clock, vault, terms, CebDeliveries(clock, {}), ids)
