"""Envelopes in and messages out: durable before they are answered, handed out until they are acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from integrations.mockservers.single_window.database import Connection, Connections
from schemas.messages import dxp
from schemas.messages.dxp import DxpMessage


@dataclass(frozen=True, slots=True)
class Post:
    """A message waiting in a mailbox, in its envelope."""

    id: int
    envelope: str


def receive(connections: Connections, envelope: DxpMessage, now: datetime) -> bool:
    """Keep an envelope; return False when the same sender sent the same one before."""
    with connections.transaction() as connection:
        row = connection.execute(
            "INSERT INTO inbox (sender, cop_msg_id, message_type, received_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING RETURNING id",
            (envelope.sender_id, envelope.cop_msg_id, envelope.message_type, now),
        ).fetchone()
        if row is None:
            return False
        connection.execute(
            "INSERT INTO inbox_queue (id, sender, cop_msg_id, message_type, body) VALUES (%s, %s, %s, %s, %s)",
            (row[0], envelope.sender_id, envelope.cop_msg_id, envelope.message_type, envelope.data),
        )
    return True


def pending(connections: Connections, sender: str, receiver: str, limit: int, now: datetime) -> list[Post]:
    """Return the oldest messages in a mailbox, in envelopes of the single window (``sender``)."""
    with connections.transaction() as connection:
        rows = connection.execute(
            "SELECT id, message_type, guid, body FROM mailbox WHERE receiver = %s ORDER BY id LIMIT %s", (receiver, limit)
        ).fetchall()
    return [
        Post(number, dxp.encode(DxpMessage(str(guid), sender, (receiver,), now, message_type, body)).decode())
        for number, message_type, guid, body in rows
    ]


def acknowledge(connections: Connections, receiver: str, ids: Sequence[int]) -> int:
    """Take messages off a mailbox; return how many there were."""
    with connections.transaction() as connection:
        return connection.execute("DELETE FROM mailbox WHERE receiver = %s AND id = ANY(%s)", (receiver, list(ids))).rowcount


def counts(connection: Connection) -> dict[str, object]:
    """Count documents by type and last status, envelopes, and what waits where."""
    by_type: dict[str, dict[str, int]] = {}
    for kind, status, number in connection.execute("SELECT kind, status, count(*) FROM documents GROUP BY 1, 2 ORDER BY 1, 2"):
        by_type.setdefault(f"CEB{kind}Message", {})[str(status)] = number
    return {"documents": by_type, **{name: _count(connection, query) for name, query in _COUNTED.items()}}


_COUNTED = {
    "messages": "SELECT count(*) FROM inbox",
    "queued": "SELECT count(*) FROM inbox_queue WHERE stuck IS NULL",
    "stuck": "SELECT count(*) FROM inbox_queue WHERE stuck IS NOT NULL",
    "waiting_lists": "SELECT count(*) FROM waiting",
    "agenda": "SELECT count(*) FROM agenda",
    "mailbox": "SELECT count(*) FROM mailbox",
}


def _count(connection: Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0
