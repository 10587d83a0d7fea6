"""Envelopes in and messages out: durable before they are answered, handed out until they are acknowledged."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from json import dumps

import pybase64

from integrations.mockservers.single_window.bodies import packed, unpacked
from integrations.mockservers.single_window.database import Connection, Connections, array
from schemas.messages import dxp
from schemas.messages.dxp import DxpMessage


def receive(connections: Connections, envelope: DxpMessage, now: datetime) -> bool:
    """Keep an envelope; return False when the same sender sent the same one before."""
    values = (envelope.sender_id, envelope.cop_msg_id, envelope.message_type)
    with connections.statement() as connection:
        return connection.execute(_KEEP.encode(), (*values, now, *values, packed(envelope.data))).rowcount == 1


_KEEP = """
WITH fresh AS (
    INSERT INTO inbox (sender, cop_msg_id, message_type, received_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
)
INSERT INTO inbox_queue (id, sender, cop_msg_id, message_type, body) SELECT id, %s::text, %s::text, %s::text, %s FROM fresh
"""


def pending(connections: Connections, sender: str, receiver: str, limit: int, now: datetime) -> list[bytes]:
    """Return the oldest messages in a mailbox as JSON, ``{"id", "envelope"}``, in envelopes of the single window (``sender``)."""
    with connections.statement() as connection:
        rows = connection.execute(_PENDING, (receiver, limit), binary=True).fetchall()
    second = now.replace(microsecond=0)
    return [
        _json(number, str(guid), _envelope(sender, receiver, message_type, second), body)
        for number, message_type, guid, body in rows
    ]


_PENDING = b"SELECT id, message_type, guid, body FROM mailbox WHERE receiver = %s ORDER BY id LIMIT %s"
_ANY_ID = "00000000-0000-0000-0000-000000000000"


@lru_cache(maxsize=256)
def _envelope(sender: str, receiver: str, message_type: str, now: datetime) -> Sequence[bytes]:
    """What stands before the id, between id and body, and after the body of a message, inside a JSON string."""
    empty = dxp.encode(DxpMessage(_ANY_ID, sender, (receiver,), now, message_type, b"")).decode()
    before_id, _, rest = dumps(empty)[1:-1].partition(_ANY_ID)
    before_body, end, after = rest.partition("</Data>")
    return before_id.encode(), before_body.encode(), f"{end}{after}".encode()


def _json(number: int, guid: str, envelope: Sequence[bytes], body: bytes) -> bytes:
    """Put the body into its envelope, and that into JSON: base64 needs no escapes."""
    opening, middle, closing = envelope
    return b'{"id":"%d","envelope":"%b%b%b%b%b"}' % (
        number,
        opening,
        guid.encode(),
        middle,
        pybase64.b64encode(unpacked(body)),
        closing,
    )


def acknowledge(connections: Connections, receiver: str, ids: Sequence[int]) -> int:
    """Take messages off a mailbox; return how many there were."""
    with connections.statement() as connection:
        return connection.execute(
            "DELETE FROM mailbox WHERE receiver = %s AND id = ANY(%s::bigint[])", (receiver, array(ids))
        ).rowcount


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
