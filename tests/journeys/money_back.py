"""The hub against the real mock single window and the real mock bureau, each with a store of its own, in one process."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ccezone.clearance.ports import IncomingMessage, OutgoingMessage
from ccezone.clearance.service import pack_outbox, receive, retry_parked, send_waiting
from ccezone.tax_refunds.service.clawback import keep_clawbacks
from ccezone.tax_refunds.service.ledger import keep_ledger
from integrations.mockservers.single_window.app import create_app
from integrations.mockservers.single_window.database import Connections, prepare
from integrations.mockservers.single_window.processing import Processor
from integrations.mockservers.single_window.service import SingleWindowService
from integrations.mockservers.single_window.settings import Switchboard
from integrations.signatures import KeyRing
from integrations.signatures.keys import PublicKeys
from integrations.single_window import CebReader
from schemas.messages import dxp
from tests.hub.harness import Hub
from tests.integrations.conftest import HUB, Window
from tests.tax_refunds.claiming import Claiming


class WindowAtHand:
    """The port to the mock's application without a network (``ccezone.clearance.ports.SingleWindow``)."""

    def __init__(self, mock: Window) -> None:
        self.mock = mock

    def send(self, message: OutgoingMessage) -> None:
        self.mock.post(message.message_type, message.body, message.message_id)

    def collect(self, limit: int, wait_seconds: float = 0.0) -> Sequence[IncomingMessage]:
        found = []
        for each in self.mock.mailbox(limit):
            envelope = dxp.decode(each["envelope"].encode())
            found.append(IncomingMessage(str(each["id"]), envelope.message_type, envelope.data))
        return found

    def acknowledge(self, mailbox_ids: Sequence[str]) -> None:
        self.mock.http.post(f"/dxp/mailbox/{HUB}/ack", json={"ids": list(mailbox_ids)})


@dataclass
class Zone:
    """Everything at once."""

    hub: Hub
    mock: Window
    refunds: Claiming

    def exchange(self) -> None:
        """Let messages and answers pass until nothing moves."""
        hub, window = self.hub, WindowAtHand(self.mock)
        moved = 1
        while moved:
            moved = pack_outbox(hub.database, hub.vault, hub.writer, hub.clock)
            moved += send_waiting(hub.database, hub.vault, window, hub.clock)
            moved += self.mock.service.processor.turn()
            moved += receive(hub.database, window, CebReader(), hub.clock, limit=100, wait=0)
        hub.clock.advance(minutes=2)
        retry_parked(hub.database, hub.clock)

    def settle(self) -> None:
        """Let the ledger, the bureau and the clawbacks catch up."""
        keep_ledger(self.hub.database, self.hub.clock)
        for _ in range(2):
            self.refunds.exchange()
        keep_clawbacks(self.hub.database, self.hub.clock)


@contextmanager
def zone(hub: Hub, server_url: str, folder: Path) -> Iterator[Zone]:
    """A hub with both mocks, all by one clock."""
    prepare(server_url)
    connections = Connections(server_url)
    keys = KeyRing(folder / "mock-keys")
    trusted, switchboard = PublicKeys(keys.public), Switchboard(connections)
    processor = Processor(connections, switchboard, trusted, hub.clock)
    service = SingleWindowService(connections, switchboard, processor, trusted)
    try:
        yield Zone(hub, Window(service, create_app(service).test_client(), hub.clock, keys), Claiming(hub, folder))
    finally:
        service.close()
