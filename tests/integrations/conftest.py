"""The mock single window on a database of its own, working only when a test tells it to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from ccezone.clearance.ports import Receipt
from ccezone.kernel.clock import FixedClock
from ccezone.storage.embedded import EmbeddedPostgres
from integrations.mockservers.single_window.app import create_app
from integrations.mockservers.single_window.database import Connections, prepare
from integrations.mockservers.single_window.processing import Processor
from integrations.mockservers.single_window.service import DXP_ID, SingleWindowService
from integrations.mockservers.single_window.settings import Switchboard
from integrations.signatures import KeyRing
from integrations.signatures.keys import PublicKeys
from integrations.single_window import CebReader
from schemas.messages import dxp
from schemas.messages.dxp import DxpMessage
from tests.integrations.trades import EXPORT, IMPORT, message

HUB = "DXPHUB0000000001"
NOON = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)

Documents = Mapping[str, Mapping[str, object]]


@dataclass
class Window:
    """The mock with its hands tied: ``post`` puts envelopes in, ``work`` lets it process, ``receipts`` empties the mailbox."""

    service: SingleWindowService
    http: FlaskClient
    clock: FixedClock
    keys: KeyRing
    received: list[Receipt] = field(default_factory=list)

    def post(self, message_type: str, body: bytes, cop_msg_id: UUID | None = None, receiver: str = DXP_ID) -> str:
        """Post one message in its envelope; return the answer's body."""
        envelope = DxpMessage(str(cop_msg_id or uuid4()), HUB, (receiver,), NOON, message_type, body)
        return self.http.post("/dxp/messages", data=dxp.encode(envelope)).get_data(as_text=True)

    def post_trade(self, types: Sequence[str] = EXPORT, number: int = 1, documents: Documents | None = None) -> None:
        """Post messages of a trade; ``documents`` replaces some of them, by message type."""
        for message_type in types:
            replaced = (documents or {}).get(message_type)
            signed = self.keys if message_type == "CEB621Message" else None
            bodies = (replaced,) if replaced else ()
            self.post(message_type, message(message_type, *bodies, keys=signed, number=number))

    def post_import(self, number: int = 1, documents: Documents | None = None) -> None:
        """Post every message of an import trade."""
        self.post_trade(IMPORT, number, documents)

    def work(self) -> list[Receipt]:
        """Process all there is to do now; return the receipts that came of it."""
        while self.service.processor.turn():
            pass
        return self.receipts()

    def receipts(self) -> list[Receipt]:
        """Take everything from the mailbox."""
        found: list[Receipt] = []
        while messages := self.mailbox():
            for each in messages:
                found += CebReader().read(dxp.decode(each["envelope"].encode()).data)
            self.http.post(f"/dxp/mailbox/{HUB}/ack", json={"ids": [each["id"] for each in messages]})
        self.received += found
        return found

    def mailbox(self, limit: int = 50) -> list[dict[str, str]]:
        """Look into the mailbox without taking anything."""
        messages: list[dict[str, str]] = self.json(f"/dxp/mailbox/{HUB}?limit={limit}")["messages"]
        return messages

    def json(self, path: str) -> dict[str, Any]:
        """Read an address."""
        answer: dict[str, Any] = self.http.get(path).get_json()
        return answer

    def throw(self, **switches: object) -> None:
        """Set switches."""
        answer = self.http.put("/switches", json=switches)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def statuses(self, order_no: str) -> dict[str, int]:
        """Return the last status of an order's documents, by message type."""
        documents = self.json(f"/documents?order_no={order_no}")["documents"]
        return {each["message_type"]: each["status"] for each in documents}


def codes(receipts: list[Receipt], message_type: str) -> list[int]:
    """Return the codes of one type's receipts, in the order of their times."""
    chosen = [receipt for receipt in receipts if receipt.message_type == message_type]
    return [receipt.code for receipt in sorted(chosen, key=lambda receipt: receipt.returned_at)]


@pytest.fixture(scope="session")
def mock_database_url(database_server: EmbeddedPostgres) -> str:
    """Address of the mock's database, which the mock creates itself."""
    url = database_server.database_url("ccezone_mock")
    prepare(url)
    return url


@pytest.fixture
def window(mock_database_url: str, tmp_path: Path) -> Iterator[Window]:
    """An empty mock that processes on command, with a clock that stands still."""
    connections = Connections(mock_database_url)
    with connections.transaction() as connection:
        connection.execute(
            "TRUNCATE inbox, inbox_queue, documents, agenda, waiting, movements, quota_entries, mailbox, settings,"
            " summed, came_back"
        )
        connection.execute("UPDATE serial SET last = 0")
    keys, clock = KeyRing(tmp_path / "keys"), FixedClock(NOON)
    switchboard = Switchboard(connections)
    trusted = PublicKeys(keys.public)
    processor = Processor(connections, switchboard, trusted, clock)
    service = SingleWindowService(connections, switchboard, processor, trusted)
    yield Window(service, create_app(service).test_client(), clock, keys)
    service.close()
