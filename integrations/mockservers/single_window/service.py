"""The running mock: database, switches, processor thread, put together and taken apart."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from ccezone.kernel.clock import Clock, SystemClock
from integrations.mockservers.single_window.database import Connections, prepare
from integrations.mockservers.single_window.processing import Processor
from integrations.mockservers.single_window.settings import Switchboard

DXP_ID = "DXPCHINAPORT0001"  # ours: real ids are allotted by the exchange platform


@dataclass
class SingleWindowService:
    """Everything behind the HTTP face."""

    connections: Connections
    switchboard: Switchboard
    processor: Processor
    trusted: Mapping[str, bytes]
    dxp_id: str = DXP_ID
    thread: threading.Thread | None = None
    clock: Clock = field(default_factory=SystemClock)

    @classmethod
    def open(cls, database_url: str, trusted: Mapping[str, bytes], clock: Clock | None = None) -> "SingleWindowService":
        """Prepare the database and read the switches; nothing is processed before ``start``."""
        prepare(database_url)
        connections = Connections(database_url)
        switchboard, clock = Switchboard(connections), clock or SystemClock()
        return cls(connections, switchboard, Processor(connections, switchboard, trusted, clock), trusted, clock=clock)

    def start(self) -> None:
        """Begin to process."""
        self.thread = threading.Thread(target=self.processor.loop, name="processor", daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop after the running turn and let go of the database."""
        self.processor.stop()
        if self.thread is not None:
            self.thread.join()
        self.connections.close()
