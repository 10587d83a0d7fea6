"""What migration 0005 does to an audit trail that was kept before it was chained: numbers and digests, in the order of its ids.

The form of a digest is written down here a second time on purpose: a migration must do tomorrow what it did on the day it landed.
"""

import json
from datetime import UTC
from hashlib import sha256

from alembic import op
from sqlalchemy import text

_ROWS = text("SELECT id, at, actor, action, subject, detail FROM audit_entry ORDER BY id")
_SET = text("UPDATE audit_entry SET number = :number, former = :former, digest = :digest WHERE id = :id")
_HEAD = text("INSERT INTO audit_head (id, number, digest) VALUES (1, :number, :digest)")


def chain_the_trail() -> None:
    """Chain the entries that are there."""
    connection, number, digest = op.get_bind(), 0, bytes(32)
    op.execute("ALTER TABLE audit_entry DISABLE TRIGGER append_only")
    for row in connection.execute(_ROWS).all():
        number, former = number + 1, digest
        at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
        values = [number, former.hex(), str(row.id), at, row.actor, row.action, row.subject, row.detail]
        said = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = sha256(said.encode()).digest()
        connection.execute(_SET, {"number": number, "former": former, "digest": digest, "id": row.id})
    op.execute("ALTER TABLE audit_entry ENABLE TRIGGER append_only")
    connection.execute(_HEAD, {"number": number, "digest": digest})
