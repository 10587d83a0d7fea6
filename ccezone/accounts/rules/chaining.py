"""The chain of the audit trail: every entry carries the digest of the one before it, so that none can be changed, removed or
exchanged unseen (GB/T 22239-2019, 8.1.4.3: audit records are kept from being deleted, altered and overwritten)."""

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

BEGINNING = bytes(32)
"""What the first entry carries in the place of a former digest."""


class Damage(StrEnum):
    """What is wrong at a place of the chain."""

    ALTERED = "altered"
    REMOVED = "removed"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says. ``detail`` holds texts only, and no personal value."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place: its number, counted from 1 without a gap, the digest before it, and its own."""

    number: int
    former: bytes
    digest: bytes
    entry: Entry


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many entries it has, and the digest of the last."""

    number: int = 0
    digest: bytes = BEGINNING


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold. ``entry_id`` is ``None`` where the entry itself is gone."""

    number: int
    damage: Damage
    entry_id: UUID | None = None


def digest_of(number: int, former: bytes, entry: Entry) -> bytes:
    """Return SHA-256 of an entry in its place: of the JSON array of its values, times in UTC to the microsecond."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    values = [number, former.hex(), str(entry.id), at, entry.actor, entry.action, entry.subject, dict(entry.detail)]
    return sha256(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).digest()


def chained(head: Head, entries: Iterable[Entry]) -> list[Link]:
    """Append entries to a chain that ends in ``head``."""
    links: list[Link] = []
    for entry in entries:
        number = head.number + 1
        links.append(Link(number, head.digest, digest_of(number, head.digest, entry), entry))
        head = Head(number, links[-1].digest)
    return links


def breaks(links: Iterable[Link]) -> Generator[Break, None, Head]:
    """Yield every place where links, read from the first, do not hold; return where they end.

    An entry that says another thing than its digest is altered; a number that lacks is removed; an entry that is whole but
    follows another than it says is forged. After a break the chain goes on as it is stored, so that each is told by itself.
    """
    head = Head()
    for link in links:
        for gone in range(head.number + 1, link.number):
            yield Break(gone, Damage.REMOVED)
        if digest_of(link.number, link.former, link.entry) != link.digest:
            yield Break(link.number, Damage.ALTERED, link.entry.id)
        elif link.number == head.number + 1 and link.former != head.digest:
            yield Break(link.number, Damage.FORGED, link.entry.id)
        head = Head(link.number, link.digest)
    return head
