"""Feeds and what they count as, for the office: batches, one in full, and the facts behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.rules import COUNTED, EVERY
from ccezone.statistics.rules.supplements import Line
from ccezone.storage.copying import fetch

_LINE = ", ".join(f"l.{each.name}" for each in fields(Line))
_BATCH = """b.id, b.number, b.source, b.method, b.sender, b.period, b.name, b.lines, b.refused, b.taken_at,
    coalesce(t.name, c.name, b.taken_by), b.undone_at, coalesce(u.name, b.undone_by), b.undo_reason"""
_FROM = """supplement_batch b LEFT JOIN user_account t ON b.taken_by = 'user:' || t.id
    LEFT JOIN api_credential c ON b.taken_by = 'credential:' || c.id LEFT JOIN user_account u ON b.undone_by = 'user:' || u.id"""
_TEXT = """(%(text)s = '' OR strpos(b.sender, %(text)s) > 0 OR b.period = %(text)s OR strpos(b.name, %(text)s) > 0
    OR b.id IN (SELECT l.batch_id FROM supplement_line l WHERE l.key = ANY(
        SELECT hashtextextended(f || ':' || upper(replace(%(text)s, ' ', '')), 0) FROM unnest(ARRAY['E', 'I']) AS f)))"""
_FACT = """f.id, f.source, f.method, f.day, f.flow, f.trade_mode, f.country, f.chapter, f.node, e.name, f.currency, f.worth, f.rate,
    f.cny, f.parcels, f.standing, f.sign, f.repeats, f.document, f.counted_in, f.batch_id"""


@dataclass(frozen=True, slots=True)
class BatchView:
    """A feed, without its lines."""

    id: UUID
    number: int
    source: str
    method: str
    sender: str
    period: str
    name: str
    lines: int
    refused: int
    taken_at: datetime
    taken_by: str
    undone_at: datetime | None
    undone_by: str
    undo_reason: str

    @property
    def spelled(self) -> str:
        """Its number as people write it: ``BS-000012``."""
        return f"BS-{self.number:06d}"


@dataclass(frozen=True, slots=True)
class FactView:
    """What one line, general declaration or goods return counts as (``supplement_tables.SupplementFact``)."""

    id: str
    source: str
    method: str
    day: date
    flow: str
    trade_mode: str
    country: str
    chapter: str
    node: str
    enterprise: str | None
    currency: str
    worth: Decimal
    rate: Decimal | None
    cny: Decimal | None
    parcels: int
    standing: str
    sign: str
    repeats: str
    document: str
    counted_in: date | None
    batch_id: UUID | None


@dataclass(frozen=True, slots=True)
class LineView(Line):
    """A line of a feed as reported, and what it counts as; ``standing`` is empty until figures took it in. ``cny``: in yuan."""

    enterprise: str | None
    standing: str
    sign: str
    repeats: str
    cny: Decimal | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """An officer's word; ``recognised`` ``None``: the rules decide again."""

    recognised: bool | None
    reason: str
    at: datetime
    actor: str


def batches(
    connection: Connection,
    source: str = "",
    text: str = "",
    after: UUID | None = None,
    limit: int = 50,
    provider: UUID | None = None,
) -> Sequence[BatchView]:
    """Return feeds, the newest first, of one provider or all. ``text``: part of a sender's or file's name, a period, or a waybill
    in it."""
    statement = f"""SELECT {_BATCH} FROM {_FROM} WHERE (%(source)s = '' OR b.source = %(source)s) AND {_TEXT}
        AND (%(provider)s::uuid IS NULL OR b.provider_id = %(provider)s)
        AND (%(after)s::uuid IS NULL OR b.id < %(after)s) ORDER BY b.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"source": source, "text": text, "after": after, "limit": limit, "provider": provider}
    return [BatchView(*row) for row in fetch(connection, statement, values)]


def batch(connection: Connection, batch_id: UUID, provider: UUID | None = None) -> BatchView | None:
    """Return one feed; another provider's looks like none."""
    statement = f"""SELECT {_BATCH} FROM {_FROM} WHERE b.id = %(id)s
        AND (%(provider)s::uuid IS NULL OR b.provider_id = %(provider)s)"""  # noqa: S608  # our own names
    rows = fetch(connection, statement, {"id": batch_id, "provider": provider})
    return BatchView(*rows[0]) if rows else None


def refusals(connection: Connection, batch_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Return the first of the rows that were not taken, each with its faults."""
    rows = fetch(connection, "SELECT refusals FROM supplement_batch WHERE id = %(id)s", {"id": batch_id})
    return list(rows[0][0]) if rows else []


def standings(connection: Connection, batch_id: UUID) -> Mapping[str, int]:
    """Count what a feed's lines count as; empty until figures took them in."""
    statement = "SELECT standing, count(*) FROM supplement_fact WHERE batch_id = %(id)s GROUP BY 1"
    return dict(fetch(connection, statement, {"id": batch_id}))


def lines_of(connection: Connection, batch_id: UUID) -> Sequence[LineView]:
    """Return every line of a feed in its order: as reported, and what it counts as."""
    statement = f"""SELECT {_LINE}, e.name, coalesce(f.standing, ''), coalesce(f.sign, ''), coalesce(f.repeats, ''), f.cny
        FROM supplement_line l LEFT JOIN supplement_fact f ON f.id = 'line:' || l.id
        LEFT JOIN enterprise e ON e.id = l.enterprise_id
        WHERE l.batch_id = %(id)s ORDER BY l.position"""  # noqa: S608  # our own names
    return [LineView(*row) for row in fetch(connection, statement, {"id": batch_id})]


def facts_of(connection: Connection, batch_id: UUID, standing: str = "", after: str = "", limit: int = 50) -> Sequence[FactView]:
    """Return what a feed's lines count as, in order of their ids."""
    statement = f"""SELECT {_FACT} FROM supplement_fact f LEFT JOIN enterprise e ON e.id = f.merchant_id
        WHERE f.batch_id = %(id)s AND (%(standing)s = '' OR f.standing = %(standing)s) AND f.id > %(after)s
        ORDER BY f.id LIMIT %(limit)s"""  # noqa: S608  # our own names
    return _facts(connection, statement, {"id": batch_id, "standing": standing, "after": after, "limit": limit})


def fact(connection: Connection, fact_id: str) -> FactView | None:
    """Return one fact."""
    statement = f"""SELECT {_FACT} FROM supplement_fact f LEFT JOIN enterprise e ON e.id = f.merchant_id WHERE f.id = %(id)s"""  # noqa: S608  # our own names
    found = _facts(connection, statement, {"id": fact_id})
    return found[0] if found else None


def decisions(connection: Connection, fact_id: str) -> Sequence[DecisionView]:
    """Return every word of officers on a fact, the newest first."""
    statement = """SELECT d.recognised, d.reason, d.at, coalesce(u.name, d.actor) FROM supplement_decision d
        LEFT JOIN user_account u ON d.actor = 'user:' || u.id WHERE d.fact_id = %(id)s ORDER BY d.id DESC"""
    return [DecisionView(*row) for row in fetch(connection, statement, {"id": fact_id})]


def facts(
    connection: Connection, since: date, until: date, by: str = EVERY, key: str = "", *, source: str = "",
    standing: str = "counted", after: str = "", limit: int = 50,
) -> Sequence[FactView]:  # fmt: skip
    """Return the facts behind a number of a span by a criterion (``rules.COUNTED``), in order of their ids. Raises ``KeyError``."""
    criterion = COUNTED[by].replace("f.merchant_id::text", "coalesce(f.merchant_id::text, '')")
    statement = f"""SELECT {_FACT} FROM supplement_fact f LEFT JOIN enterprise e ON e.id = f.merchant_id
        WHERE f.day BETWEEN %(since)s AND %(until)s AND ({criterion}) = %(key)s AND (%(source)s = '' OR f.source = %(source)s)
            AND (%(standing)s = '' OR f.standing = %(standing)s) AND f.id > %(after)s ORDER BY f.id LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"since": since, "until": until, "key": key, "source": source, "standing": standing, "after": after, "limit": limit}
    return _facts(connection, statement, values)


def _facts(connection: Connection, statement: str, values: Mapping[str, object]) -> Sequence[FactView]:
    return [FactView(*row) for row in fetch(connection, statement, values)]
