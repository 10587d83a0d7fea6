"""What the workers' own calls met at upstream systems, and what the office tells everybody about outages."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from ccezone.cases.rules.upstream import SOURCES
from ccezone.cases.service.casework import By
from ccezone.cases.tables import OutageNotice
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run

KEPT = timedelta(days=30)
_SECONDS = 5.0  # how often a process writes down what it saw
_ADD = """
INSERT INTO upstream_minute AS u
    (source, direction, minute, calls, failed, refused, documents, milliseconds, worked_at, failed_at, error)
VALUES (%(source)s, %(direction)s, %(minute)s, %(calls)s, %(failed)s, %(refused)s, %(documents)s, %(milliseconds)s, %(worked_at)s,
    %(failed_at)s, %(error)s)
ON CONFLICT (source, direction, minute) DO UPDATE SET
    calls = u.calls + excluded.calls, failed = u.failed + excluded.failed, refused = u.refused + excluded.refused,
    documents = u.documents + excluded.documents, milliseconds = u.milliseconds + excluded.milliseconds,
    worked_at = greatest(u.worked_at, excluded.worked_at), failed_at = greatest(u.failed_at, excluded.failed_at),
    error = CASE WHEN excluded.error = '' THEN u.error ELSE excluded.error END
"""
_DROP = "DELETE FROM upstream_minute WHERE minute < %(before)s"
_END = """
UPDATE outage_notice SET ends_at = %(at)s, ended_by = %(actor)s
WHERE id = %(id)s AND withdrawn_at IS NULL AND begins_at <= %(at)s AND (ends_at IS NULL OR ends_at > %(at)s)
"""
_WITHDRAW = "UPDATE outage_notice SET withdrawn_at = %(at)s, ended_by = %(actor)s WHERE id = %(id)s AND withdrawn_at IS NULL"


@dataclass(slots=True)
class _Minute:
    calls: int = 0
    failed: int = 0
    refused: int = 0
    documents: int = 0
    milliseconds: int = 0
    worked_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""


@dataclass(slots=True)
class UpstreamCall:
    """A call under way: how many ``documents`` it carries; whether it ``counts`` when all went well."""

    documents: int = 1
    counts: bool = True


@dataclass
class Sightings:
    """One process's calls of upstream systems, counted by the minute and written down every few seconds."""

    clock: Clock
    monotonic: Callable[[], float] = time.monotonic
    _minutes: dict[tuple[str, str, datetime], _Minute] = field(default_factory=lambda: defaultdict(_Minute))
    _kept_at: float = float("-inf")
    _lock: Lock = field(default_factory=Lock)

    def worked(self, source: str, direction: str, milliseconds: int, documents: int = 1, *, refused: bool = False) -> None:
        """Note a call that was answered; ``refused``: with a refusal, which is an answer too."""
        with self._lock:
            minute = self._now(source, direction)
            minute.calls += 1
            minute.refused += refused
            minute.documents += documents
            minute.milliseconds += milliseconds
            minute.worked_at = self.clock.now()

    def failed(self, source: str, direction: str, milliseconds: int, error: str) -> None:
        """Note a call that was not answered."""
        with self._lock:
            minute = self._now(source, direction)
            minute.calls += 1
            minute.failed += 1
            minute.milliseconds += milliseconds
            minute.failed_at = self.clock.now()
            minute.error = error[:300]

    @contextmanager
    def calling(
        self, source: str, direction: str, unavailable: type[Exception], refused: type[Exception]
    ) -> Iterator["UpstreamCall"]:
        """Note how a call within goes, by what it raises; what it raises passes through."""
        begun, call = self.monotonic(), UpstreamCall()

        def took() -> int:
            return int((self.monotonic() - begun) * 1000)

        try:
            yield call
        except unavailable as error:
            self.failed(source, direction, took(), str(error))
            raise
        except refused:
            self.worked(source, direction, took(), refused=True)
            raise
        if call.counts:
            self.worked(source, direction, took(), call.documents)

    def keep(self, database: Database, *, at_once: bool = False) -> int:
        """Write down what was seen, when it is time; return 0, for it is no work that a loop should hurry after."""
        with self._lock:
            if not self._minutes or (not at_once and self.monotonic() - self._kept_at < _SECONDS):
                return 0
            seen, self._kept_at = dict(self._minutes), self.monotonic()
            self._minutes.clear()
        with database.begin() as uow:
            for (source, direction, minute), what in sorted(seen.items(), key=lambda each: each[0]):
                values = {name: getattr(what, name) for name in _Minute.__slots__}
                run(uow.connection, _ADD, {**values, "source": source, "direction": direction, "minute": minute})
        return 0

    def _now(self, source: str, direction: str) -> _Minute:
        return self._minutes[source, direction, self.clock.now().replace(second=0, microsecond=0)]


def drop_old_sightings(database: Database, clock: Clock) -> int:
    """Drop what was seen long ago; return how many minutes."""
    with database.begin() as uow:
        return run(uow.connection, _DROP, {"before": clock.now() - KEPT})


@dataclass(frozen=True, slots=True)
class OutageEntry:
    """What an officer writes of an outage, planned or under way; without ``ends_at`` nobody knows yet."""

    source: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    begins_at: datetime
    ends_at: datetime | None = None


def write_outage(uow: UnitOfWork, entry: OutageEntry, by: By, at: datetime) -> UUID:
    """Publish an outage notice; return its id. Raises ``Refused`` with every reason."""
    texts = {name: getattr(entry, name).strip() for name in ("title_zh", "title_en", "text_zh", "text_en")}
    faults = [Fault(f"/{name}", "required") for name, said in texts.items() if not said]
    if entry.source not in SOURCES:
        faults.append(Fault("/source", "upstream_source", {"value": entry.source}))
    if entry.ends_at is not None and entry.ends_at <= entry.begins_at:
        faults.append(Fault("/ends_at", "ends_before_begin"))
    if faults:
        raise Refused(*faults)
    row = OutageNotice(
        id=uuidv7(),
        source=entry.source,
        begins_at=entry.begins_at,
        ends_at=entry.ends_at,
        created_at=at,
        created_by=by.actor,
        ended_by="",
        withdrawn_at=None,
        **texts,
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id


def end_outage(uow: UnitOfWork, notice_id: UUID, by: By, at: datetime) -> None:
    """Say that an outage is over now. Raises ``NotFound`` when none of this id is under way."""
    if not run(uow.connection, _END, {"id": notice_id, "actor": by.actor, "at": at}):
        raise NotFound(Fault("", "outage_not_under_way"))


def withdraw_outage(uow: UnitOfWork, notice_id: UUID, by: By, at: datetime) -> None:
    """Take a notice back: it was wrong, or will not come to pass. Raises ``NotFound``."""
    if not run(uow.connection, _WITHDRAW, {"id": notice_id, "actor": by.actor, "at": at}):
        raise NotFound(Fault("", "outage_not_under_way"))
