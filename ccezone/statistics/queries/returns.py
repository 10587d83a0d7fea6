"""What returns are compiled from: totals of released goods by flow, for this period, the year so far, and a year before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.queries.coverage import others
from ccezone.statistics.rules import WHOLE_ZONE, YUAN, stretches
from ccezone.statistics.rules.returns import FLOWS, Amount
from ccezone.statistics.rules.supplements import Source, Standing
from ccezone.storage.copying import fetch

CRITERIA: Mapping[str, str] = {
    "mode": "mode",
    "country": "country_flow",
    "chapter": "chapter_flow",
    "node": "node_flow",
    "park": "park_flow",
    "enterprise": "enterprise_flow",
}
"""What tables of a return have rows of, and the criterion that counts it apart by flow."""
ORIGIN = "origin"
"""The table that tells sources apart: lists, and each other source."""
_FIRST = "SELECT min(day) FROM list_total WHERE merchant_id = %(zone)s AND criterion = 'every' AND grain = 'M'"
_REGISTERED = """
SELECT count(*) FROM enterprise WHERE (created_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(since)s AND %(until)s
"""
_COLUMNS = (
    "r.id, r.number, r.kind, r.period, r.edition, r.series, r.reason, r.state, r.code, r.compiled_at, r.compiled_by, r.version"
)


@dataclass
class Volume:
    """Released goods of a span: amounts by table, key and flow; what has no rate by currency; the time to clear by bucket."""

    amounts: dict[str, dict[str, dict[str, Amount]]] = field(default_factory=dict)
    unpriced: dict[str, Amount] = field(default_factory=dict)
    unpriced_others: dict[str, Amount] = field(default_factory=dict)

    @property
    def lists(self) -> Amount:
        """What declaration lists alone come to."""
        cells = self.amounts.get(ORIGIN, {}).get(Source.LISTS, {})
        return sum(cells.values(), Amount())

    def cells(self, name: str, key: str) -> dict[str, Amount]:
        return self.amounts.setdefault(name, {}).setdefault(key, {})

    def add(self, name: str, key: str, flow: str, amount: Amount) -> None:
        """Add to a table's row, for E or I."""
        cells = self.cells(name, key)
        cells[FLOWS[flow]] = cells.get(FLOWS[flow], Amount()) + amount


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return and how far it is."""

    id: UUID
    number: int
    kind: str
    period: str
    edition: int
    series: str
    reason: str
    state: str
    code: str
    compiled_at: datetime
    compiled_by: str
    version: int

    @property
    def spelled(self) -> str:
        """Its number as people write it: ``TJ-000012``."""
        return f"TJ-{self.number:06d}"


@dataclass(frozen=True, slots=True)
class FileView:
    """A rendering, without its bytes."""

    name: str
    stage: str
    digest: str
    size: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a return's story."""

    at: datetime
    actor: str
    action: str
    note: str


def volume(connection: Connection, since: date, until: date) -> Volume:
    """Add up the released goods of a span by every table of a return, from totals alone."""
    places = " OR ".join(
        f"(f.grain = '{each.grain}' AND f.day BETWEEN '{each.since}' AND '{each.until}')" for each in stretches(since, until)
    )
    names = {criterion: name for name, criterion in CRITERIA.items()}
    rows = fetch(
        connection,
        f"""SELECT f.criterion, f.key, f.currency, sum(f.lists)::bigint, sum(f.value) FROM list_total f
        WHERE f.merchant_id = %(zone)s AND f.criterion = ANY(%(criteria)s) AND ({places}) GROUP BY 1, 2, 3""",  # noqa: S608  # our own names and dates
        {"zone": WHOLE_ZONE, "criteria": list(names)},
    )
    found = Volume()
    for criterion, key, currency, lists, value in rows:
        priced = currency == YUAN
        amount = Amount(lists, value if priced else Decimal(0))
        found.add(names[criterion], key[:-1], key[-1], amount)
        if criterion == "mode":
            found.add(ORIGIN, Source.LISTS, key[-1], amount)
        if not priced and criterion == "mode":
            found.unpriced[currency] = found.unpriced.get(currency, Amount()) + Amount(lists, value)
    _add_others(connection, since, until, found)
    return found


def _add_others(connection: Connection, since: date, until: date, found: Volume) -> None:
    """Add what counts beyond lists; a parcel of a feed counts as a list does."""
    names = {criterion: name for name, criterion in CRITERIA.items()}
    for each in others(connection, since, until, [*names]):
        if each.standing != Standing.COUNTED:
            continue
        priced = each.currency == YUAN
        amount = Amount(each.parcels, each.value if priced else Decimal(0))
        found.add(names[each.criterion], each.key[:-1], each.key[-1], amount)
        if each.criterion == "mode":
            found.add(ORIGIN, each.source, each.key[-1], amount)
        if not priced and each.criterion == "mode":
            known = found.unpriced_others.get(each.currency, Amount())
            found.unpriced_others[each.currency] = known + Amount(each.parcels, each.value)


def first_month(connection: Connection) -> date | None:
    """Return the first month that anything counts in."""
    found: date | None = fetch(connection, _FIRST, {"zone": WHOLE_ZONE})[0][0]
    return found


def registered(connection: Connection, since: date, until: date) -> int:
    """Count the enterprises registered in a span."""
    return int(fetch(connection, _REGISTERED, {"since": since, "until": until})[0][0])


def return_by_id(connection: Connection, return_id: UUID) -> ReturnView | None:
    """Return one, ``None`` where there is none."""
    rows = fetch(connection, f"SELECT {_COLUMNS} FROM statistical_return r WHERE r.id = %(id)s", {"id": return_id})  # noqa: S608  # our own names
    return ReturnView(*rows[0]) if rows else None


def return_by_code(connection: Connection, code: str) -> ReturnView | None:
    """Return the one that anybody verifies by this code."""
    rows = fetch(connection, f"SELECT {_COLUMNS} FROM statistical_return r WHERE r.code = %(code)s", {"code": code})  # noqa: S608  # our own names
    return ReturnView(*rows[0]) if rows else None


def return_of_snapshot(connection: Connection, digest: str) -> ReturnView | None:
    """Return the one whose snapshot has this digest."""
    statement = f"SELECT {_COLUMNS} FROM statistical_return r JOIN return_snapshot s ON s.return_id = r.id WHERE s.digest = %(d)s"  # noqa: S608  # our own names
    rows = fetch(connection, statement, {"d": digest})
    return ReturnView(*rows[0]) if rows else None


def returns(
    connection: Connection, kind: str = "", state: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[ReturnView]:
    """Return the returns, the newest first; of one kind and state, or of all."""
    rows = fetch(
        connection,
        f"""SELECT {_COLUMNS} FROM statistical_return r
        WHERE (%(kind)s = '' OR r.kind = %(kind)s) AND (%(state)s = '' OR r.state = %(state)s)
            AND (%(after)s::uuid IS NULL OR r.id < %(after)s) ORDER BY r.id DESC LIMIT %(limit)s""",  # noqa: S608  # our own names
        {"kind": kind, "state": state, "after": after, "limit": limit},
    )
    return [ReturnView(*row) for row in rows]


def newest(connection: Connection, kind: str, periods: Sequence[str]) -> Mapping[str, ReturnView]:
    """Return the newest edition of each period that was not refused."""
    rows = fetch(
        connection,
        f"""SELECT DISTINCT ON (r.period) {_COLUMNS} FROM statistical_return r
        WHERE r.kind = %(kind)s AND r.period = ANY(%(periods)s) AND r.state <> 'refused' ORDER BY r.period, r.edition DESC""",  # noqa: S608  # our own names
        {"kind": kind, "periods": list(periods)},
    )
    return {row[3]: ReturnView(*row) for row in rows}


def published(connection: Connection, kind: str, period: str) -> ReturnView | None:
    """Return the edition that is published and not superseded."""
    rows = fetch(
        connection,
        f"SELECT {_COLUMNS} FROM statistical_return r WHERE r.kind = %(kind)s AND r.period = %(period)s AND r.state = 'published'",  # noqa: S608  # our own names
        {"kind": kind, "period": period},
    )
    return ReturnView(*rows[0]) if rows else None


def editions(connection: Connection, kind: str, period: str) -> Sequence[ReturnView]:
    """Return all editions of a period, the newest first."""
    statement = f"SELECT {_COLUMNS} FROM statistical_return r WHERE r.kind = %(k)s AND r.period = %(p)s ORDER BY r.edition DESC"  # noqa: S608  # our own names
    return [ReturnView(*row) for row in fetch(connection, statement, {"k": kind, "p": period})]


def snapshot(connection: Connection, return_id: UUID) -> bytes:
    """Return what a return says. Raises ``LookupError``."""
    rows = fetch(connection, "SELECT document FROM return_snapshot WHERE return_id = %(id)s", {"id": return_id}, binary=True)
    if not rows:
        raise LookupError(return_id)
    return bytes(rows[0][0])


def files(connection: Connection, return_id: UUID) -> Sequence[FileView]:
    """Return the renderings of a return."""
    statement = """
        SELECT name, stage, digest, length(content), made_at FROM return_file WHERE return_id = %(id)s ORDER BY name DESC, stage
    """
    return [FileView(*row) for row in fetch(connection, statement, {"id": return_id})]


def content(connection: Connection, return_id: UUID, name: str, stage: str) -> bytes | None:
    """Return the bytes of a rendering."""
    wanted: dict[str, Any] = {"id": return_id, "name": name, "stage": stage}
    statement = "SELECT content FROM return_file WHERE return_id = %(id)s AND name = %(name)s AND stage = %(stage)s"
    rows = fetch(connection, statement, wanted, binary=True)
    return bytes(rows[0][0]) if rows else None


def steps(connection: Connection, return_id: UUID) -> Sequence[StepView]:
    """Return a return's story, the first step first."""
    statement = """
        SELECT s.at, coalesce(u.name, s.actor), s.action, s.note FROM return_step s
        LEFT JOIN user_account u ON s.actor = 'user:' || u.id WHERE s.return_id = %(id)s ORDER BY s.id
    """
    return [StepView(*row) for row in fetch(connection, statement, {"id": return_id})]
