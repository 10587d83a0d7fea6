"""Trouble that shows in the state of documents, for the queues of exception cases (``cases.ports.Detector``).

Bills in conflict for long, lists resting in a state beyond its usual time, rejections nobody mends, receipts nobody can place,
senders gone quiet. Limits are dated parameters ``cases.*``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Connection

from ccezone.cases.ports import Detector, Finding
from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.ids import key8
from ccezone.parameters.queries import catalogue
from ccezone.parameters.rules import ParameterBook
from ccezone.storage.copying import fetch

_USUAL = "cases.usual_hours."
_FEED_WINDOW = timedelta(days=7)
_CONFLICTS = """
SELECT m.order_key, m.merchant_id, m.merged_at, m.order_no, coalesce(m.differences -> 0 ->> 'rule', '')
FROM enterprise e JOIN order_match m ON m.merchant_id = e.id
WHERE m.verdict = 'conflict' AND m.merged_at <= %(before)s ORDER BY m.merged_at, m.order_key LIMIT %(most)s
"""
_CONFLICTS_STILL = """
SELECT m.order_key, m.merchant_id, m.merged_at, m.order_no, coalesce(m.differences -> 0 ->> 'rule', '')
FROM order_match m WHERE m.order_key = ANY(%(subjects)s::bigint[]) AND m.verdict = 'conflict'
"""
# Oldest first, and no older than the zone looks back: the index on updated_at is a BRIN, good for stretches of time.
_STUCK = """
SELECT s.id, d.merchant_id, s.updated_at, s.state, d.order_no, d.cop_no
FROM unnest(%(states)s::text[], %(hours)s::int[]) AS u (state, hours)
JOIN declaration_state s ON s.state = u.state AND s.updated_at <= %(now)s - u.hours * interval '1 hour'
JOIN declaration_list d ON d.id = s.id
WHERE {condition} ORDER BY s.updated_at, s.id LIMIT %(most)s
"""
# A list that was filed anew under a fresh number is mended, though it stays rejected itself.
_REJECTED = """
SELECT d.merchant_id, s.state, CASE WHEN s.state = '100' THEN coalesce(left(r.info, 120), '') ELSE '' END AS cause,
    count(*), min(s.updated_at), max(s.updated_at), min(d.id)
FROM declaration_state s JOIN declaration_list d ON d.id = s.id
LEFT JOIN LATERAL (
    SELECT info FROM receipt WHERE kind IN (604, 622) AND subject = s.id AND code::text = s.state ORDER BY returned_at DESC LIMIT 1
) r ON true
WHERE (s.state = '100' OR left(s.state, 1) = '-') AND s.updated_at BETWEEN %(since)s AND %(before)s
    AND NOT EXISTS (SELECT FROM declaration_list n
        WHERE n.order_key = d.order_key AND n.waybill_key = d.waybill_key AND n.attempt > d.attempt)
GROUP BY 1, 2, 3 ORDER BY 5
"""
_PARKED = """
SELECT digest, NULL::uuid, received_at, message_type, guid, code, info FROM parked_receipt
WHERE {condition} ORDER BY received_at, digest LIMIT %(most)s
"""
# A sender is judged by the week before its last delivery: the longer it is silent, the longer it stays noticed.
_QUIET = """
WITH last AS (
    SELECT submitter_id, max(received_at) AS at FROM intake_batch WHERE received_at >= %(since)s AND source <> 'form' GROUP BY 1
)
SELECT l.submitter_id, l.at, count(DISTINCT (b.received_at AT TIME ZONE 'Asia/Shanghai')::date), count(b.id)
FROM last l JOIN enterprise e ON e.id = l.submitter_id AND e.status = 'active'
JOIN intake_batch b ON b.submitter_id = l.submitter_id AND b.source <> 'form'
    AND b.received_at BETWEEN l.at - %(window)s AND l.at
WHERE l.at <= %(before)s GROUP BY 1, 2 HAVING count(DISTINCT (b.received_at AT TIME ZONE 'Asia/Shanghai')::date) >= %(days)s
ORDER BY 2
"""
_SILENT = """
SELECT e.id, b.received_at FROM enterprise e CROSS JOIN LATERAL (
    SELECT received_at FROM intake_batch WHERE submitter_id = e.id AND source <> 'form' ORDER BY id DESC LIMIT 1
) b WHERE e.status = 'active' AND b.received_at <= %(before)s
"""


@dataclass(frozen=True)
class Conflicts:
    """Orders whose bills have contradicted each other for longer than ``patience``."""

    patience: timedelta
    kind: ClassVar[str] = "merge_conflict"
    subject_kind: ClassVar[str] = "order"

    def find(self, connection: Connection, now: datetime, most: int) -> Sequence[Finding]:
        return self._findings(fetch(connection, _CONFLICTS, {"before": now - self.patience, "most": most}))

    def still(self, connection: Connection, now: datetime, subjects: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
        return _details(self._findings(fetch(connection, _CONFLICTS_STILL, {"subjects": list(subjects)})))

    def _findings(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[Finding]:
        return [Finding(key, firm, at, {"order_no": number, "rule": rule}) for key, firm, at, number, rule in rows]


@dataclass(frozen=True)
class Stuck:
    """Lists that rest in a state beyond its usual time (hours by state); those at rest beyond ``look_back`` are history."""

    usual: Mapping[str, int]
    look_back: timedelta
    kind: ClassVar[str] = "list_stuck"
    subject_kind: ClassVar[str] = "list"

    def find(self, connection: Connection, now: datetime, most: int) -> Sequence[Finding]:
        soonest = now - timedelta(hours=min(self.usual.values()))
        values = {"since": now - self.look_back, "soonest": soonest, "most": most}
        return self._findings(connection, now, "s.updated_at BETWEEN %(since)s AND %(soonest)s", values)

    def still(self, connection: Connection, now: datetime, subjects: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
        values = {"subjects": list(subjects), "most": None}
        return _details(self._findings(connection, now, "s.id = ANY(%(subjects)s::bigint[])", values))

    def _findings(self, connection: Connection, now: datetime, condition: str, values: Mapping[str, object]) -> Sequence[Finding]:
        limits = {"now": now, "states": list(self.usual), "hours": list(self.usual.values())}
        rows = fetch(connection, _STUCK.format(condition=condition), {**limits, **values})
        return [
            Finding(key, firm, at, {"state": state, "order_no": order_no, "cop_no": cop_no, "since": _told(at)})
            for key, firm, at, state, order_no, cop_no in rows
        ]


@dataclass(frozen=True)
class Rejections:
    """Rejected lists that nobody has mended within ``patience``, together by firm and cause."""

    patience: timedelta
    look_back: timedelta
    kind: ClassVar[str] = "lists_rejected"
    subject_kind: ClassVar[str] = "rejections"

    def find(self, connection: Connection, now: datetime, most: int) -> Sequence[Finding]:
        rows = fetch(connection, _REJECTED, {"since": now - self.look_back, "before": now - self.patience})
        return [self._finding(*row) for row in rows[:most]]

    def still(self, connection: Connection, now: datetime, subjects: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
        rows = fetch(connection, _REJECTED, {"since": now - self.look_back, "before": now})
        return _details(each for row in rows if (each := self._finding(*row)).subject in set(subjects))

    def _finding(self, firm: UUID, state: str, cause: str, number: int, first: datetime, last: datetime, sample: int) -> Finding:
        detail = {"state": state, "text": cause, "number": number, "since": _told(first), "list": str(sample)}
        return Finding(key8("rejections", str(firm), state, cause), firm, last, detail)


@dataclass(frozen=True)
class Parked:
    """Receipts whose document has been unknown for longer than ``patience``."""

    patience: timedelta
    kind: ClassVar[str] = "receipt_parked"
    subject_kind: ClassVar[str] = "receipt"

    def find(self, connection: Connection, now: datetime, most: int) -> Sequence[Finding]:
        statement = _PARKED.format(condition="received_at <= %(before)s")
        return self._findings(fetch(connection, statement, {"before": now - self.patience, "most": most}))

    def still(self, connection: Connection, now: datetime, subjects: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
        statement = _PARKED.format(condition="digest = ANY(%(subjects)s::bigint[])")
        return _details(self._findings(fetch(connection, statement, {"subjects": list(subjects), "most": None})))

    def _findings(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[Finding]:
        return [
            Finding(key, firm, at, {"message_type": message_type, "guid": guid, "code": str(code), "text": info})
            for key, firm, at, message_type, guid, code, info in rows
        ]


@dataclass(frozen=True)
class Quiet:
    """Firms whose systems delivered on at least ``days`` of the seven before their last delivery, and nothing for ``patience``.

    What people type into forms is no feed.
    """

    days: int
    patience: timedelta
    look_back: timedelta
    kind: ClassVar[str] = "feed_quiet"
    subject_kind: ClassVar[str] = "sender"

    def find(self, connection: Connection, now: datetime, most: int) -> Sequence[Finding]:
        values = {"since": now - self.look_back, "window": _FEED_WINDOW, "before": now - self.patience, "days": self.days}
        return [
            Finding(self.subject(firm), firm, at, {"since": _told(at), "days": days, "deliveries": number})
            for firm, at, days, number in fetch(connection, _QUIET, values)[:most]
        ]

    def still(self, connection: Connection, now: datetime, subjects: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
        rows = fetch(connection, _SILENT, {"before": now - self.patience})
        return {key: {"since": _told(at)} for firm, at in rows if (key := self.subject(firm)) in set(subjects)}

    @staticmethod
    def subject(firm: UUID) -> int:
        """A sender as the subject of a case."""
        return key8("sender", str(firm))


def detectors(book: ParameterBook, day: date) -> Sequence[Detector]:
    """Everything that watches documents, with the limits in force on a day. Raises ``ParameterMissing``."""

    def hours(key: str) -> timedelta:
        return timedelta(hours=book.integer(key, day))

    look_back = timedelta(days=book.integer("cases.look_back_days", day))
    usual = {key.removeprefix(_USUAL): book.integer(key, day) for key in catalogue() if key.startswith(_USUAL)}
    return (
        Conflicts(hours("cases.conflict_hours")),
        Stuck(usual, look_back),
        Rejections(hours("cases.rejected_hours"), look_back),
        Parked(timedelta(minutes=book.integer("cases.parked_minutes", day))),
        Quiet(book.integer("cases.feed_usual_days", day), hours("cases.feed_quiet_hours"), look_back),
    )


def _details(findings: Iterable[Finding]) -> Mapping[int, Mapping[str, object]]:
    return {each.subject: each.detail for each in findings}


def _told(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
