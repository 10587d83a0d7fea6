"""The interface log: what each partner exchanged with the hub by day, and what became of it (数据交换日志)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_BY_PARTNER = """
SELECT b.submitter_id, e.name, e.uscc, b.source, count(*), sum(b.documents), sum(b.accepted), sum(b.replayed), sum(b.rejected),
    max(b.received_at)
FROM intake_batch b LEFT JOIN enterprise e ON e.id = b.submitter_id
WHERE b.received_at >= %(since)s AND b.received_at < %(until)s
GROUP BY 1, 2, 3, 4 ORDER BY sum(b.documents) DESC, e.name, b.source LIMIT 500
"""
_BY_DAY = """
SELECT (b.received_at AT TIME ZONE 'Asia/Shanghai')::date, b.source, b.kind, b.flow, count(*), sum(b.documents), sum(b.accepted),
    sum(b.replayed), sum(b.rejected), max(b.received_at)
FROM intake_batch b WHERE b.submitter_id = %(partner)s AND b.received_at >= %(since)s AND b.received_at < %(until)s
GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 2, 3, 4 LIMIT 500
"""
_UPSTREAM = """
SELECT source, direction, sum(calls), sum(failed), sum(refused), sum(documents), sum(milliseconds), max(worked_at), max(failed_at)
FROM upstream_minute WHERE minute >= %(since)s AND minute < %(until)s GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class PartnerExchange:
    """What one partner delivered over one interface: deliveries, documents, and what became of these."""

    partner: UUID
    name: str | None
    uscc: str | None
    source: str
    deliveries: int
    documents: int
    accepted: int
    replayed: int
    rejected: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DayExchange:
    """What a partner delivered on a day, by interface, kind of document and flow."""

    day: date
    source: str
    kind: str
    flow: str
    deliveries: int
    documents: int
    accepted: int
    replayed: int
    rejected: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class UpstreamExchange:
    """The hub's own calls of an upstream system in a direction: how many, how many failed or were refused, their mean time."""

    source: str
    direction: str
    calls: int
    failed: int
    refused: int
    documents: int
    milliseconds: int
    worked_at: datetime | None
    failed_at: datetime | None

    @property
    def mean(self) -> int:
        """Milliseconds of a call, on average."""
        return self.milliseconds // self.calls if self.calls else 0


def partner_exchanges(connection: Connection, since: datetime, until: datetime) -> Sequence[PartnerExchange]:
    """Return what partners delivered between two moments, the busiest first."""
    return [PartnerExchange(*row) for row in fetch(connection, _BY_PARTNER, {"since": since, "until": until})]


def exchanges_of(connection: Connection, partner: UUID, since: datetime, until: datetime) -> Sequence[DayExchange]:
    """Return what one partner delivered, day by day, the last first."""
    return [DayExchange(*row) for row in fetch(connection, _BY_DAY, {"partner": partner, "since": since, "until": until})]


def upstream_exchanges(connection: Connection, since: datetime, until: datetime) -> Sequence[UpstreamExchange]:
    """Return the hub's calls of upstream systems between two moments."""
    return [UpstreamExchange(*row) for row in fetch(connection, _UPSTREAM, {"since": since, "until": until})]
