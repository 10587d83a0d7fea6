"""The mock as a process over HTTP, reached through the hub's own adapter, and killed in the middle of its work."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from ccezone.clearance.ports import OutgoingMessage, SingleWindowRefused, SingleWindowUnavailable, Transmitter
from ccezone.storage.embedded import EmbeddedPostgres
from integrations import transport
from integrations.signatures import KeyRing
from integrations.single_window import CebReader, CebWriter, HttpSingleWindow, SingleWindowSettings
from schemas.messages.ceb.samples import sample_envelope, sample_values
from tests.integrations.trades import EXPORT, message

pytestmark = pytest.mark.storage


class MockProcess:
    """A mock that can be killed and started again on the same database."""

    def __init__(self, database_url: str, keys: Path) -> None:
        self.database_url = database_url
        self.keys = keys
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start it and wait for its address."""
        command = [sys.executable, "-m", "tests.integrations.mock_process", str(self.port), self.database_url, str(self.keys)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.port = int(line.rstrip("/\n").rsplit(":", 1)[1])

    def kill(self) -> None:
        """Kill it without a word of warning."""
        self.process.send_signal(signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Wait for the end."""
        self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def client(self) -> HttpSingleWindow:
        """Return the hub's adapter for this address."""
        return HttpSingleWindow(SingleWindowSettings(f"http://127.0.0.1:{self.port}"), transport.session())


@pytest.fixture
def mock(database_server: EmbeddedPostgres, tmp_path: Path) -> Iterator[MockProcess]:
    name = f"mock_{uuid4().hex[:8]}"
    process = MockProcess(database_server.database_url(name), tmp_path / "keys" / "public")
    yield process
    if process.process.poll() is None:
        os.kill(process.process.pid, signal.SIGTERM)
        process.close()
        assert process.process.returncode == 0
    database_server.drop_database(name)


def trades(writer: CebWriter, count: int) -> list[OutgoingMessage]:
    """Return signed messages of ``count`` export trades, ten documents each."""
    found = []
    for message_type in EXPORT:
        code = str(sample_envelope(message_type).transfer["cop_code"])
        for first in range(1, count + 1, 10):
            fragments = [writer.fragment(message_type, each) for each in sample_values(message_type, 10, first=first)]
            message_id = uuid4()
            body = writer.pack(message_type, fragments, Transmitter(code, "传输企业", "DXPENTGZ00000001"), message_id)
            found.append(OutgoingMessage(message_id, message_type, body))
    return found


def collect(client: HttpSingleWindow, want: int) -> Counter[tuple[str, str, int]]:
    """Take receipts until ``want`` different ones are there; count how often each came."""
    seen: Counter[tuple[str, str, int]] = Counter()
    deadline = time.monotonic() + 60
    while len(seen) < want and time.monotonic() < deadline:
        with contextlib.suppress(SingleWindowUnavailable):
            messages = client.collect(50, wait_seconds=1)
            for each in messages:
                seen.update((receipt.message_type, receipt.guid, receipt.code) for receipt in CebReader().read(each.body))
            client.acknowledge([each.mailbox_id for each in messages])
    return seen


def entrust(client_url: str, messages: list[OutgoingMessage]) -> None:
    codes = sorted({str(sample_envelope(each.message_type).transfer["cop_code"]) for each in messages})
    answer = transport.session().put(f"{client_url}/switches", json={"entrusted": codes})
    assert answer.status_code == 200


def test_killed_in_the_middle_it_loses_nothing_and_does_nothing_twice(mock: MockProcess) -> None:
    writer = CebWriter(KeyRing(mock.keys.parent))
    messages = trades(writer, 100)
    entrust(f"http://127.0.0.1:{mock.port}", messages)
    for place, each in enumerate(messages):
        mock.client().send(each)
        if place in (7, 19, 31):
            mock.kill()
            mock.start()
            mock.client().send(each)
    seen = collect(mock.client(), 100 * (3 * 3 + 7))
    assert len(seen) == 1600
    assert set(seen.values()) == {1}
    counts = transport.session().get(f"http://127.0.0.1:{mock.port}/counts").json()
    assert counts["documents"] == {
        "CEB303Message": {"120": 100},
        "CEB403Message": {"120": 100},
        "CEB505Message": {"120": 100},
        "CEB603Message": {"899": 100},
    }
    assert (counts["messages"], counts["queued"], counts["stuck"], counts["mailbox"]) == (40, 0, 0, 0)


def test_messages_not_acknowledged_come_again(mock: MockProcess) -> None:
    client = mock.client()
    client.send(OutgoingMessage(uuid4(), "CEB303Message", message("CEB303Message")))
    first = client.collect(10, wait_seconds=10)
    assert [each.mailbox_id for each in client.collect(10)] == [each.mailbox_id for each in first]
    client.acknowledge([each.mailbox_id for each in first])
    assert client.collect(10) == []


def test_a_dead_counterparty_is_unavailable(mock: MockProcess) -> None:
    client = mock.client()
    mock.kill()
    with pytest.raises(SingleWindowUnavailable):
        client.send(OutgoingMessage(UUID(int=1), "CEB303Message", message("CEB303Message")))


def test_an_unknown_receiver_is_refused_for_good(mock: MockProcess) -> None:
    settings = SingleWindowSettings(f"http://127.0.0.1:{mock.port}", window_dxp_id="DXPNOBODY")
    client = HttpSingleWindow(settings, transport.session())
    with pytest.raises(SingleWindowRefused, match="2001 指定的接收方不存在"):
        client.send(OutgoingMessage(UUID(int=1), "CEB303Message", message("CEB303Message")))
