"""How late customs' answers come, and which senders' deliveries came when: freshness as the rows tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

WINDOW = timedelta(hours=24)
# Of lists answered lately: from customs' own time of the deciding answer to ours. The BRIN index finds the stretch of time.
_LAG = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM updated_at - returned_at)), max(updated_at)
FROM declaration_state WHERE updated_at >= %(since)s AND returned_at IS NOT NULL AND returned_at >= %(since)s
"""
_FEEDS = """
SELECT e.id, e.name, b.received_at, b.source, coalesce(d.batches, 0), coalesce(d.documents, 0), coalesce(d.rejected, 0)
FROM enterprise e
CROSS JOIN LATERAL (SELECT received_at, source FROM intake_batch WHERE submitter_id = e.id ORDER BY id DESC LIMIT 1) b
LEFT JOIN (
    SELECT submitter_id, count(*) AS batches, sum(documents) AS documents, sum(rejected) AS rejected FROM intake_batch
    WHERE received_at >= %(since)s GROUP BY 1
) d ON d.submitter_id = e.id
ORDER BY b.received_at DESC LIMIT 500
"""


@dataclass(frozen=True, slots=True)
class Lag:
    """How late the answers of the last minutes came: how many there were, the median, and when the last one arrived."""

    answers: int
    median: timedelta | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedView:
    """A sender: its last delivery, and what it sent in the last 24 hours (documents; rejected ones among them)."""

    enterprise_id: UUID
    name: str
    last_at: datetime
    source: str
    batches: int
    documents: int
    rejected: int

    @property
    def rejected_pct(self) -> int:
        """Per cent of the documents that were refused."""
        return round(self.rejected * 100 / self.documents) if self.documents else 0


def answer_lag(connection: Connection, since: datetime) -> Lag:
    """Return how late customs' answers since a moment came."""
    answers, seconds, last_at = fetch(connection, _LAG, {"since": since})[0]
    return Lag(answers, None if seconds is None else max(timedelta(0), timedelta(seconds=float(seconds))), last_at)


def feeds(connection: Connection, now: datetime) -> Sequence[FeedView]:
    """Return who delivers, the latest delivery first."""
    return [FeedView(*row[:4], *map(int, row[4:])) for row in fetch(connection, _FEEDS, {"since": now - WINDOW})]
