"""Read models of partner organisations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_SELECT = """
SELECT p.id, p.kind, p.code, p.name, p.name_en, p.active, p.created_at,
    (SELECT count(*) FROM user_account u WHERE u.partner_id = p.id AND u.status <> 'disabled')
FROM partner p
"""
_LIST = f"""{_SELECT} WHERE (%(kind)s = '' OR p.kind = %(kind)s)
    AND (%(text)s = '' OR strpos(lower(p.name || ' ' || p.name_en || ' ' || p.code), lower(%(text)s)) > 0)
    AND (NOT %(active)s OR p.active) AND (%(after)s::uuid IS NULL OR p.id < %(after)s) ORDER BY p.id DESC LIMIT %(limit)s"""
_ONE = f"{_SELECT} WHERE p.id = %(id)s"
_COUNTS = "SELECT kind, count(*) FROM partner GROUP BY kind"


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner organisation; ``people`` who can or may sign in."""

    id: UUID
    kind: str
    code: str
    name: str
    name_en: str
    active: bool
    created_at: datetime
    people: int

    def called(self, language: str) -> str:
        """Its name in a language, where it has one there."""
        return self.name_en or self.name if language == "en" else self.name


def partner(connection: Connection, partner_id: UUID) -> PartnerView | None:
    """Return one partner organisation."""
    rows = fetch(connection, _ONE, {"id": partner_id})
    return PartnerView(*rows[0]) if rows else None


def search_partners(
    connection: Connection, kind: str = "", text: str = "", after: UUID | None = None, limit: int = 50, *, only_active: bool = False
) -> Sequence[PartnerView]:
    """Return partner organisations, newest first, of a kind, whose name or code contains ``text``."""
    values = {"kind": kind, "text": text, "after": after, "limit": limit, "active": only_active}
    return [PartnerView(*row) for row in fetch(connection, _LIST, values)]


def count_partners(connection: Connection) -> Mapping[str, int]:
    """Count partner organisations by kind."""
    return dict(fetch(connection, _COUNTS))


def partners_by_id(connection: Connection) -> Mapping[UUID, PartnerView]:
    """Return all partner organisations by id: there are tens, not thousands."""
    return {row.id: row for row in search_partners(connection, limit=1000)}
