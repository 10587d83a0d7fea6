"""Read models of a person's messages and choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.notices.queries.kinds import Locale, kind_named, kinds
from ccezone.notices.rules import Channel
from ccezone.storage.copying import fetch
from schemas.codes import code_list

MOST_COUNTED = 100
_SELECT = "SELECT id, place, kind, subject_kind, subject, params, number, first_at, last_at, read_at FROM notice"
_ONE = f"{_SELECT} WHERE id = %(id)s AND user_id = %(user)s"
_MANY = f"""
{_SELECT}
WHERE user_id = %(user)s AND (%(after)s::uuid IS NULL OR place < %(after)s) AND (NOT %(unread)s OR read_at IS NULL)
    AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
    AND (%(text)s = '' OR kind = ANY(%(worded)s) OR subject = %(text)s
        OR EXISTS (SELECT FROM jsonb_each_text(params) p WHERE position(lower(%(text)s) IN lower(p.value)) > 0))
ORDER BY place DESC LIMIT %(limit)s
"""
_UNREAD = """
SELECT count(*) FROM (SELECT FROM notice WHERE user_id = %(user)s AND read_at IS NULL LIMIT %(most)s) AS counted
"""
_CHOICES = "SELECT kind, channel FROM notice_choice WHERE user_id = %(user)s"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which messages: unread only, of a group of kinds, containing a text as worded in the reader's language."""

    unread: bool = False
    group: str = ""
    text: str = ""
    locale: Locale = "zh"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One message as its reader sees it; ``place`` is the cursor."""

    id: UUID
    place: UUID
    kind: str
    subject_kind: str
    subject: str
    params: Mapping[str, Any]
    number: int
    first_at: datetime
    last_at: datetime
    read_at: datetime | None

    def title(self, locale: Locale) -> str:
        return kind_named(self.kind).title(self._spoken(locale), self.number, locale)

    def text(self, locale: Locale) -> str:
        return kind_named(self.kind).text(self._spoken(locale), self.number, locale)

    def _spoken(self, locale: Locale) -> Mapping[str, Any]:
        """A parameter ``{"list": …, "code": …}`` is worded by that code list, in the reader's language."""
        return {
            name: code_list(value["list"]).label(value["code"], locale) if isinstance(value, Mapping) else value
            for name, value in self.params.items()
        }


def notice(connection: Connection, user_id: UUID, notice_id: UUID) -> NoticeView | None:
    """Return one message of this person."""
    rows = fetch(connection, _ONE, {"id": notice_id, "user": user_id})
    return NoticeView(*rows[0]) if rows else None


def notices_of(
    connection: Connection, user_id: UUID, wanted: Filter, after: UUID | None = None, limit: int = 50
) -> Sequence[NoticeView]:
    """Return messages of a person, the latest first, after a cursor (``place``)."""
    text = wanted.text.strip()
    values = {
        "user": user_id,
        "after": after,
        "unread": wanted.unread,
        "kinds": [kind.code for kind in kinds().values() if kind.group == wanted.group] if wanted.group else None,
        "text": text,
        "worded": _worded(text, wanted.locale),
        "limit": limit,
    }
    return [NoticeView(*row) for row in fetch(connection, _MANY, values)]


def unread_count(connection: Connection, user_id: UUID) -> int:
    """Return how many messages are unread, counted to ``MOST_COUNTED`` at most."""
    return int(fetch(connection, _UNREAD, {"user": user_id, "most": MOST_COUNTED})[0][0])


def choices_of(connection: Connection, user_id: UUID) -> Mapping[str, Channel]:
    """Return how this person hears of each kind, chosen or as the kind has it."""
    chosen = {kind: Channel(channel) for kind, channel in fetch(connection, _CHOICES, {"user": user_id})}
    return {code: chosen.get(code, kind.channel) for code, kind in kinds().items()}


def _worded(text: str, locale: Locale) -> list[str]:
    """Kinds whose own words hold the text: what is rendered is found, although it is not stored."""
    folded = text.lower()
    fields = (f"label_{locale}", f"title_{locale}", f"text_{locale}")
    return [kind.code for kind in kinds().values() if any(folded in kind.words[field].lower() for field in fields)]
