"""Reading an export's archive, one part at a time."""

from collections.abc import Iterator
from uuid import UUID

from ccezone.storage import Database
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_NEXT = "SELECT number, content FROM export_part WHERE job_id = %(job)s AND number > %(after)s ORDER BY number LIMIT 1"


def archive(database: Database, vault: PersonalVault, job_id: UUID) -> Iterator[bytes]:
    """Yield an archive's parts in order; who may have it is the caller's to judge. Nothing when it is gone."""
    after = -1
    while True:
        with database.reading() as connection:
            rows = fetch(connection, _NEXT, {"job": job_id, "after": after}, binary=True)
        if not rows:
            return
        after, content = rows[0]
        yield vault.open_bytes(bytes(content))
