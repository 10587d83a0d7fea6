"""Read models of the audit trail: what was done to a subject, searching all of it, and the checks of its chain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.accounts.rules.chaining import BEGINNING, Break, Damage, Entry, Head, Link
from ccezone.storage.copying import fetch

_COLUMNS = "id, number, at, actor, action, subject, detail"
_OF = f"SELECT {_COLUMNS} FROM audit_entry WHERE subject = %(subject)s ORDER BY id DESC LIMIT %(limit)s"  # noqa: S608
_WANTED = """
(%(actors)s::text[] IS NULL OR actor = ANY(%(actors)s))
AND (%(actions)s::text[] IS NULL OR action = ANY(%(actions)s)
    OR (action LIKE ANY(%(alike)s::text[]) AND NOT action = ANY(%(unlike)s::text[])))
AND (%(subject)s = '' OR subject LIKE %(subject)s || '%%')
AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
"""
_SEARCH = f"""
SELECT {_COLUMNS} FROM audit_entry
WHERE {_WANTED} AND (%(before)s::bigint IS NULL OR number < %(before)s)
ORDER BY number DESC LIMIT %(limit)s
"""  # noqa: S608
_COUNT = f"SELECT count(*) FROM audit_entry WHERE {_WANTED}"  # noqa: S608
_END = """
SELECT coalesce(h.number, 0), coalesce(h.digest, %(beginning)s), (SELECT coalesce(max(number), 0) FROM audit_entry)
FROM (SELECT) one LEFT JOIN audit_head h ON true
"""
_LINKS = """
SELECT number, former, digest, id, at, actor, action, subject, detail FROM audit_entry
WHERE number > %(after)s AND number <= %(until)s ORDER BY number LIMIT %(limit)s
"""
_DIGEST = "SELECT digest FROM audit_entry WHERE number = %(number)s"
_CHECKS = """
SELECT id, started_at, finished_at, number, digest, found, breaks, asked_by FROM audit_verification
ORDER BY id DESC LIMIT %(limit)s
"""
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class AuditView:
    """One entry of the audit trail."""

    id: UUID
    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, str]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted: of these people, of these actions (``None``: all), about a subject, from and before a moment.

    ``alike`` are beginnings of further actions that are wanted, ``unlike`` actions that begin so and are not.
    ``subject`` is the beginning of what a subject is called: ``order:`` for orders, ``order:ID`` for one.
    """

    actors: Sequence[str] | None = None
    actions: Sequence[str] | None = None
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    alike: Sequence[str] = ()
    unlike: Sequence[str] = ()

    def values(self) -> dict[str, object]:
        """The filter as parameters of a statement."""
        subject = _literal(self.subject)
        actors = None if self.actors is None else list(self.actors)
        actions = None if self.actions is None else list(self.actions)
        named = {"alike": [f"{_literal(each)}%" for each in self.alike], "unlike": list(self.unlike)}
        moments = {"since": self.since, "until": self.until}
        return {"actors": actors, "actions": actions, "subject": subject, **moments, **named}


@dataclass(frozen=True, slots=True)
class Verification:
    """One check of the whole trail: ``found`` places did not hold, of which ``breaks`` names the first ones."""

    id: UUID
    started_at: datetime
    finished_at: datetime
    number: int
    digest: bytes
    found: int
    breaks: Sequence[Break]
    asked_by: str

    @property
    def whole(self) -> bool:
        return self.found == 0


def audit_of(connection: Connection, subject: str, limit: int = 100) -> Sequence[AuditView]:
    """Return what was done to a subject, newest first."""
    return [AuditView(*row) for row in fetch(connection, _OF, {"subject": subject, "limit": limit})]


def search_audit(connection: Connection, wanted: AuditFilter, before: int | None = None, limit: int = 50) -> Sequence[AuditView]:
    """Return entries that match, newest first, before a number."""
    values = {**wanted.values(), "before": before, "limit": limit}
    return [AuditView(*row) for row in fetch(connection, _SEARCH, values)]


def count_audit(connection: Connection, wanted: AuditFilter) -> int:
    """Return how many entries match."""
    return int(fetch(connection, _COUNT, wanted.values())[0][0])


def audit_end(connection: Connection) -> tuple[Head, int]:
    """Return the end of the trail as its head says, and the highest number there is: the same, unless somebody meddled."""
    ((number, digest, highest),) = fetch(connection, _END, {"beginning": BEGINNING})
    return Head(number, bytes(digest)), highest


def audit_links(connection: Connection, until: int) -> Iterator[Link]:
    """Yield the trail from its beginning to a number, some thousand entries a time."""
    after = 0
    while rows := fetch(connection, _LINKS, {"after": after, "until": until, "limit": _BATCH}):
        for number, former, digest, *said in rows:
            yield Link(number, bytes(former), bytes(digest), Entry(*said))
        after = rows[-1][0]


def digest_at(connection: Connection, number: int) -> bytes | None:
    """Return the digest an entry carries now; ``None``: there is none of that number."""
    rows = fetch(connection, _DIGEST, {"number": number})
    return bytes(rows[0][0]) if rows else None


def verifications(connection: Connection, limit: int = 20) -> Sequence[Verification]:
    """Return the last checks of the trail, newest first."""
    return [_verification(*row) for row in fetch(connection, _CHECKS, {"limit": limit})]


def _verification(*row: Any) -> Verification:
    number, started, finished, reached, digest, found, broken, asked_by = row
    return Verification(number, started, finished, reached, bytes(digest), found, [_break(each) for each in broken], asked_by)


def _break(kept: Mapping[str, Any]) -> Break:
    return Break(kept["number"], Damage(kept["damage"]), UUID(kept["entry"]) if kept["entry"] else None)


def _literal(text: str) -> str:
    """Text as ``LIKE`` takes it for itself."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
