"""Read models of upstream systems: how each stands by what the workers saw, and outage notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

WINDOW = timedelta(minutes=15)
"""The stretch of time failures and lateness are judged over."""
_SEEN = """
SELECT direction, max(worked_at), max(failed_at),
    coalesce(sum(calls) FILTER (WHERE minute >= %(since)s), 0), coalesce(sum(failed) FILTER (WHERE minute >= %(since)s), 0),
    coalesce(sum(refused) FILTER (WHERE minute >= %(since)s), 0), coalesce(sum(documents) FILTER (WHERE minute >= %(since)s), 0),
    coalesce(sum(milliseconds) FILTER (WHERE minute >= %(since)s), 0),
    coalesce((array_agg(error ORDER BY minute DESC) FILTER (WHERE failed_at IS NOT NULL))[1], '')
FROM upstream_minute WHERE source = %(source)s GROUP BY direction ORDER BY direction DESC
"""
_NOTICES = """
SELECT id, source, title_zh, title_en, text_zh, text_en, begins_at, ends_at, created_at, withdrawn_at FROM outage_notice
"""
_CURRENT = f"""
{_NOTICES} WHERE withdrawn_at IS NULL AND (ends_at IS NULL OR ends_at > %(now)s) ORDER BY begins_at LIMIT 50
"""
_PAST = f"""
{_NOTICES} WHERE withdrawn_at IS NULL AND ends_at <= %(now)s AND ends_at > %(since)s ORDER BY ends_at DESC LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class DirectionView:
    """One direction (``send``, ``receive``) of a source: when a call last worked and failed, and the last minutes' sums."""

    direction: str
    worked_at: datetime | None
    failed_at: datetime | None
    calls: int
    failed: int
    refused: int
    documents: int
    milliseconds: int
    error: str

    @property
    def failed_pct(self) -> int:
        """Per cent of the calls that were not answered."""
        return round(self.failed * 100 / self.calls) if self.calls else 0

    @property
    def mean_milliseconds(self) -> int | None:
        """How long a call took."""
        return self.milliseconds // self.calls if self.calls else None


@dataclass(frozen=True, slots=True)
class OutageView:
    """One outage notice."""

    id: UUID
    source: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    begins_at: datetime
    ends_at: datetime | None
    created_at: datetime
    withdrawn_at: datetime | None

    def under_way(self, now: datetime) -> bool:
        """Whether the outage has begun and is not over."""
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)


def seen_of(connection: Connection, source: str, now: datetime) -> Sequence[DirectionView]:
    """Return what the workers saw of a source, by direction; nothing for one that was never called."""
    return [DirectionView(*row) for row in fetch(connection, _SEEN, {"source": source, "since": now - WINDOW})]


def current_outages(connection: Connection, now: datetime) -> Sequence[OutageView]:
    """Return outages under way and announced, the earliest first."""
    return [OutageView(*row) for row in fetch(connection, _CURRENT, {"now": now})]


def past_outages(connection: Connection, now: datetime, days: int = 90) -> Sequence[OutageView]:
    """Return outages that ended within some days, the latest first."""
    return [OutageView(*row) for row in fetch(connection, _PAST, {"now": now, "since": now - timedelta(days=days)})]
