"""The switches in force, kept in the mock's database so that a restart changes nothing."""

import threading
from collections.abc import Mapping

from psycopg.types.json import Jsonb

from integrations.mockservers.single_window.database import Connections
from integrations.mockservers.single_window.switches import Switches


class Switchboard:
    """Reads the switches at start, and writes them when they are thrown."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        with connections.transaction() as connection:
            row = connection.execute("SELECT value FROM settings WHERE name = 'switches'").fetchone()
        self.switches = Switches().changed(row[0]) if row else Switches()

    def throw(self, changes: Mapping[str, object]) -> Switches:
        """Set some switches anew. Raises ``marshmallow.ValidationError``."""
        with self._lock:
            return self._keep(self.switches.changed(changes))

    def treat(self, enterprise: str, inspection_share: object) -> Switches:
        """Set the share of an enterprise's lists that is inspected. Raises ``marshmallow.ValidationError``."""
        with self._lock:
            treatments = {**self.switches.treatments, enterprise: inspection_share}
            return self._keep(self.switches.changed({"treatments": treatments}))

    def _keep(self, switches: Switches) -> Switches:
        with self._connections.transaction() as connection:
            connection.execute(
                "INSERT INTO settings VALUES ('switches', %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (Jsonb(switches.to_json()),),
            )
        self.switches = switches
        return switches
