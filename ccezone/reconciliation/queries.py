"""Days, balances and differing items for pages; which days to look at; what cases are kept about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from ccezone.cases.ports import Finding
from ccezone.enterprises.queries import directory
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_NEWEST = "SELECT DISTINCT ON (day) id, day, at, balances, differences FROM reconciliation_run {where} ORDER BY day DESC, id DESC"
_DAYS = f"SELECT id, day, at, balances, differences FROM ({_NEWEST}) n WHERE {{wanted}} ORDER BY day DESC LIMIT %(limit)s"  # noqa: S608  # our own names
_BALANCES = "SELECT ledger, unit, whole, parts, gap FROM reconciliation_balance WHERE run_id = %(run)s ORDER BY place"
_ITEMS = """
SELECT i.id, i.ledger, i.unit, i.kind, i.number, i.merchant, i.expected, i.found, c.id
FROM reconciliation_item i LEFT JOIN exception_case c
    ON c.kind = 'ledger_gap' AND c.subject_kind = 'reconciliation' AND c.subject = i.subject AND c.closed_at IS NULL
WHERE i.run_id = %(run)s ORDER BY i.id LIMIT %(limit)s
"""
_RUNS = "SELECT id, day, at, balances, differences FROM reconciliation_run WHERE day = %(day)s ORDER BY id DESC LIMIT 50"
_OPEN = f"SELECT day FROM ({_NEWEST.format(where='')}) n WHERE differences > 0 AND at <= %(before)s ORDER BY day"  # noqa: S608  # our own names
_SINCE = "SELECT EXISTS (SELECT FROM reconciliation_run WHERE day = %(day)s AND at >= %(since)s)"
_STANDING = f"""
SELECT i.subject, i.merchant, (
        SELECT min(r.at) FROM reconciliation_item j JOIN reconciliation_run r ON r.id = j.run_id
        WHERE j.subject = i.subject AND j.expected = i.expected AND j.found = i.found
    ), i.ledger, i.kind, i.number, i.unit, i.expected, i.found, n.day
FROM ({_NEWEST.format(where="")}) n JOIN reconciliation_item i ON i.run_id = n.id
WHERE n.differences > 0 AND (%(subjects)s::bigint[] IS NULL OR i.subject = ANY(%(subjects)s::bigint[]))
ORDER BY n.day, i.id LIMIT %(most)s
"""  # noqa: S608  # our own names
MOST_ITEMS = 500


@dataclass(frozen=True, slots=True)
class DayView:
    """The newest look at a day."""

    id: UUID
    day: date
    at: datetime
    balances: int
    differences: int


@dataclass(frozen=True, slots=True)
class BalanceView:
    """A ledger's balance in one unit; ``parts`` are names and amounts."""

    ledger: str
    unit: str
    whole: Decimal
    parts: Sequence[tuple[str, Decimal]]
    gap: Decimal


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item that disagreed, and the case that is open about it."""

    id: UUID
    ledger: str
    unit: str
    kind: str
    number: str
    merchant: str
    expected: Decimal
    found: Decimal
    case_id: UUID | None


def days(connection: Connection, before: date | None = None, limit: int = 31, *, only_open: bool = False) -> Sequence[DayView]:
    """Return the days that were looked at, the newest first, before a day; or only those that do not add up."""
    wanted = "(%(before)s::date IS NULL OR day < %(before)s)" + (" AND differences > 0" if only_open else "")
    statement = _DAYS.format(where="", wanted=wanted)
    return [DayView(*row) for row in fetch(connection, statement, {"before": before, "limit": limit})]


def looks(connection: Connection, day: date) -> Sequence[DayView]:
    """Return every look at a day, the newest first."""
    return [DayView(*row) for row in fetch(connection, _RUNS, {"day": day})]


def balances(connection: Connection, run_id: UUID) -> Sequence[BalanceView]:
    """Return the balances of one look."""
    return [
        BalanceView(ledger, unit, whole, [(name, Decimal(amount)) for name, amount in parts], gap)
        for ledger, unit, whole, parts, gap in fetch(connection, _BALANCES, {"run": run_id})
    ]


def items(connection: Connection, run_id: UUID) -> Sequence[ItemView]:
    """Return what disagreed in one look, at most ``MOST_ITEMS``."""
    return [ItemView(*row) for row in fetch(connection, _ITEMS, {"run": run_id, "limit": MOST_ITEMS})]


def open_days(connection: Connection, before: datetime) -> Sequence[date]:
    """Return the days whose newest look, not after a time, did not add up."""
    return [row[0] for row in fetch(connection, _OPEN, {"before": before})]


def reconciled_since(connection: Connection, day: date, since: datetime) -> bool:
    """Say whether a day was looked at since a time."""
    return bool(fetch(connection, _SINCE, {"day": day, "since": since})[0][0])


@dataclass(frozen=True)
class Gaps:
    """Items that disagree in the newest look at their day (``cases.ports.Detector``); each is one case until it is mended."""

    kind: ClassVar[str] = "ledger_gap"
    subject_kind: ClassVar[str] = "reconciliation"

    def find(self, connection: Connection, now: datetime, most: int) -> Sequence[Finding]:
        return self._standing(connection, None, most)

    def still(self, connection: Connection, now: datetime, subjects: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
        return {each.subject: each.detail for each in self._standing(connection, list(subjects), None)}

    def _standing(self, connection: Connection, subjects: Sequence[int] | None, most: int | None) -> Sequence[Finding]:
        parties = directory(connection)
        found: dict[int, Finding] = {}
        for subject, merchant, at, ledger, kind, number, unit, expected, held, day in fetch(
            connection, _STANDING, {"subjects": subjects, "most": most}
        ):
            party = parties.find(merchant)
            detail = {"ledger": ledger, "difference": kind, "item": number, "day": day.isoformat(), "unit": unit}
            detail |= {"expected": f"{expected.normalize():f}", "found": f"{held.normalize():f}"}
            found[subject] = Finding(subject, party.id if party else None, at, detail)
        return list(found.values())
