"""Parameters as officers see them: what is in force, what was, what is to come, and what is proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.parameters.queries import Key, book, catalogue, defaults
from ccezone.parameters.queries.bounding import group_of
from ccezone.parameters.rules import NATIONAL, JsonValue, Parameter, in_force
from ccezone.storage.copying import fetch

RATES = "exchange"
"""The group that has pages of its own: customs' monthly exchange rates."""
_ROWS = """
SELECT zone, key, value, effective_from, effective_to, document, status, note, source, created_by, created_at, proposal_id
FROM parameter WHERE key = %(key)s AND zone = ANY(%(zones)s) ORDER BY effective_from DESC, zone
"""
_PROPOSAL = """
SELECT id, intent, zone, key, value, effective_from, effective_to, document, status, note, state, proposed_by, proposed_at,
    decided_by, decided_at, reason
FROM parameter_proposal
"""
_ONE = f"{_PROPOSAL} WHERE id = %(id)s"
_LIST = f"""
{_PROPOSAL}
WHERE state = ANY(%(states)s) AND (%(keys)s::text[] IS NULL OR key = ANY(%(keys)s)) AND (%(after)s::uuid IS NULL OR
    CASE WHEN %(oldest)s THEN id > %(after)s ELSE id < %(after)s END)
ORDER BY CASE WHEN %(oldest)s THEN id END, id DESC LIMIT %(limit)s
"""
_COUNTS = """
SELECT state, count(*) FROM parameter_proposal WHERE %(but)s::uuid IS NULL OR proposed_by <> %(but)s GROUP BY state
"""
_WAITING = "SELECT key, count(*) FROM parameter_proposal WHERE state = 'waiting' GROUP BY key"


@dataclass(frozen=True, slots=True)
class Line:
    """A key with what is in force on a day (``None``: nothing), the next value to come, and how many proposals wait."""

    key: Key
    group: str
    now: Parameter | None
    next: Parameter | None
    waiting: int


@dataclass(frozen=True, slots=True)
class ValueView:
    """One dated value. ``proposal_id`` names the proposal it came from; ``shipped``: it came with the product."""

    parameter: Parameter
    created_by: str = ""
    created_at: datetime | None = None
    proposal_id: UUID | None = None

    @property
    def shipped(self) -> bool:
        return self.proposal_id is None and not self.created_by


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal and what became of it."""

    id: UUID
    intent: str
    zone: str
    key: str
    value: JsonValue
    effective_from: date
    effective_to: date | None
    document: str
    status: str
    note: str
    state: str
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str


def lines(connection: Connection, zone: str, day: date, text: str = "", group: str = "", mark: str = "") -> Sequence[Line]:
    """Return the keys whose name, label or document contains ``text``, of one group or all, marked ``unverified`` or any.

    Exchange rates are left out: they have pages of their own.
    """
    known = book(connection, zone)
    by_key: dict[str, list[Parameter]] = {}
    for row in known.rows:
        by_key.setdefault(row.key, []).append(row)
    waiting: dict[str, int] = dict(fetch(connection, _WAITING))
    found = []
    for key in catalogue().values():
        if group_of(key.key) == RATES or group not in ("", group_of(key.key)):
            continue
        rows = by_key.get(key.key, [])
        now = in_force(rows, key.key, day, zone)
        to_come = min((row for row in rows if row.effective_from > day), key=lambda row: row.effective_from, default=None)
        line = Line(key, group_of(key.key), now, to_come, waiting.get(key.key, 0))
        if _wanted(line, text.casefold(), mark):
            found.append(line)
    return found


def values_of(connection: Connection, zone: str, key: str) -> Sequence[ValueView]:
    """Return every value of a key that a zone sees, the latest to begin first; a stored one stands for a shipped one."""
    stored = [
        ValueView(Parameter(*row[:9]), row[9], row[10], row[11])
        for row in fetch(connection, _ROWS, {"key": key, "zones": [zone, NATIONAL]})
    ]
    there = {(view.parameter.zone, view.parameter.effective_from) for view in stored}
    shipped = [
        ValueView(row)
        for row in defaults()
        if row.key == key and row.zone in (zone, NATIONAL) and (row.zone, row.effective_from) not in there
    ]
    return sorted([*stored, *shipped], key=lambda view: (view.parameter.effective_from, view.parameter.zone), reverse=True)


def proposal(connection: Connection, proposal_id: UUID) -> ProposalView | None:
    """Return one proposal."""
    rows = fetch(connection, _ONE, {"id": proposal_id})
    return ProposalView(*rows[0]) if rows else None


def proposals(
    connection: Connection,
    states: Sequence[str],
    keys: Sequence[str] | None = None,
    after: UUID | None = None,
    limit: int = 50,
    *,
    oldest_first: bool = False,
) -> Sequence[ProposalView]:
    """Return proposals in some states, of some keys or of all, after a cursor."""
    wanted: dict[str, Any] = {"states": list(states), "after": after, "limit": limit, "oldest": oldest_first}
    wanted["keys"] = None if keys is None else list(keys)
    return [ProposalView(*row) for row in fetch(connection, _LIST, wanted)]


def count_proposals(connection: Connection, but_of: UUID | None = None) -> Mapping[str, int]:
    """Return how many proposals are in each state, but those of one proposer."""
    return dict(fetch(connection, _COUNTS, {"but": but_of}))


def _wanted(line: Line, text: str, mark: str) -> bool:
    if mark == "unverified" and (line.now is None or line.now.status not in ("unverified", "assumed")):
        return False
    if mark == "waiting" and not line.waiting:
        return False
    if mark == "future" and line.next is None:
        return False
    document = line.now.document if line.now else ""
    return any(text in part.casefold() for part in (line.key.key, line.key.label_zh, line.key.label_en, document))
