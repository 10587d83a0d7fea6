"""Reading a firm's party book. Names, telephones, numbers and addresses come unsealed: pages mask them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.enterprises import tables  # noqa: F401 - declares the tables
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_SELECT = "SELECT id, kind, short_name, code, country, note, sealed FROM party_book_entry"
_SEARCH = f"""
{_SELECT}
WHERE enterprise_id = %(enterprise)s AND removed_at IS NULL AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
    AND (%(text)s = '' OR strpos(lower(short_name || ' ' || code || ' ' || note), lower(%(text)s)) > 0)
    AND (kind, short_name) > (%(kind)s, %(after)s)
ORDER BY kind, short_name LIMIT %(limit)s
"""
_ONE = f"{_SELECT} WHERE id = %(id)s AND enterprise_id = %(enterprise)s AND removed_at IS NULL"


@dataclass(frozen=True, slots=True)
class PartyView:
    """One party of a firm."""

    id: UUID
    kind: str
    short_name: str
    code: str
    country: str
    note: str
    name: str
    telephone: str
    id_number: str
    address: str

    @property
    def cursor(self) -> str:
        return f"{self.kind}:{self.short_name}"


def search_parties(
    connection: Connection,
    vault: PersonalVault,
    enterprise_id: UUID,
    text: str = "",
    kinds: Sequence[str] = (),
    after: str = "",
    limit: int = 50,
) -> Sequence[PartyView]:
    """Return a firm's parties whose short name, code or note holds ``text``, by kind and short name, after a cursor."""
    kind, _, name = after.partition(":")
    wanted = {"enterprise": enterprise_id, "kinds": list(kinds) or None, "text": text, "kind": kind, "after": name, "limit": limit}
    return [_view(vault, row) for row in fetch(connection, _SEARCH, wanted)]


def party_of(connection: Connection, vault: PersonalVault, enterprise_id: UUID, party_id: UUID) -> PartyView | None:
    """Return one party of a firm; another firm's looks like none."""
    rows = fetch(connection, _ONE, {"id": party_id, "enterprise": enterprise_id})
    return _view(vault, rows[0]) if rows else None


def _view(vault: PersonalVault, row: tuple[Any, ...]) -> PartyView:
    said = vault.open(bytes(row[6]))
    return PartyView(*row[:6], *(said.get(name, "") for name in ("name", "telephone", "id_number", "address")))
