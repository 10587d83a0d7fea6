"""Read models of the negative and the red list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.credit.rules.listing import IN_FORCE, OPEN, ListKind, Step, steps_of
from ccezone.credit.rules.listing import ListingState as State
from ccezone.storage.copying import fetch

_COLUMNS = """
id, kind, uscc, name, enterprise_id, state, ground, document, evidence_id, appeal_until, listed_on, listed_until, ended_on,
created_at
"""
_SEARCH = f"""
SELECT {_COLUMNS} FROM credit_listing
WHERE state = ANY(%(states)s) AND (%(kind)s = '' OR kind = %(kind)s)
    AND (%(enterprise)s::uuid IS NULL OR enterprise_id = %(enterprise)s)
    AND (%(text)s = '' OR strpos(lower(name || ' ' || uscc), lower(%(text)s)) > 0)
    AND (%(after)s::uuid IS NULL OR id < %(after)s)
ORDER BY id DESC LIMIT %(limit)s
"""  # noqa: S608  # our own names
_ONE = f"SELECT {_COLUMNS} FROM credit_listing WHERE id = %(id)s"  # noqa: S608  # our own names
_OF_CODE = f"SELECT {_COLUMNS} FROM credit_listing WHERE uscc = %(uscc)s AND state = ANY(%(states)s) ORDER BY id DESC"  # noqa: S608
_STEPS = "SELECT at, actor, step, note, file_id FROM credit_listing_step WHERE listing_id = %(id)s ORDER BY id"
_COUNTS = "SELECT state, count(*) FROM credit_listing GROUP BY state"
_DUE = """
SELECT count(*) FROM credit_listing WHERE state IN ('appealed', 'repairing') OR (state = 'noticed' AND appeal_until < %(today)s)
"""
EVERY = tuple(state.value for state in State)


@dataclass(frozen=True, slots=True)
class ListingView:
    """One listing."""

    id: UUID
    kind: str
    uscc: str
    name: str
    enterprise_id: UUID | None
    state: str
    ground: str
    document: str
    evidence_id: UUID | None
    appeal_until: date | None
    listed_on: date | None
    listed_until: date | None
    ended_on: date | None
    created_at: datetime

    def steps(self, today: date) -> list[Step]:
        """Return what may be done with it now."""
        return steps_of(ListKind(self.kind), State(self.state), today, self.appeal_until)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step that was taken."""

    at: datetime
    actor: str
    step: str
    note: str
    file_id: UUID | None


def search_listings(
    connection: Connection,
    states: Collection[str] = EVERY,
    kind: str = "",
    text: str = "",
    enterprise_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[ListingView]:
    """Return listings in these states, the latest first."""
    values = {"states": list(states), "kind": kind, "text": text, "enterprise": enterprise_id, "after": after, "limit": limit}
    return [ListingView(*row) for row in fetch(connection, _SEARCH, values)]


def listing(connection: Connection, listing_id: UUID) -> ListingView | None:
    """Return one listing."""
    rows = fetch(connection, _ONE, {"id": listing_id})
    return ListingView(*rows[0]) if rows else None


def steps_taken(connection: Connection, listing_id: UUID) -> Sequence[StepView]:
    """Return the steps of a listing, in their order."""
    return [StepView(*row) for row in fetch(connection, _STEPS, {"id": listing_id})]


def listings_in_force(connection: Connection, uscc: str) -> Sequence[ListingView]:
    """Return the listings of a code that hold now: those that everybody may know of."""
    states = [state.value for state in IN_FORCE]
    return [ListingView(*row) for row in fetch(connection, _OF_CODE, {"uscc": uscc, "states": states})]


def listings_of(connection: Connection, enterprise_id: UUID, *, only_open: bool = False) -> Sequence[ListingView]:
    """Return an enterprise's listings, the latest first."""
    states = [state.value for state in OPEN] if only_open else EVERY
    return search_listings(connection, states, enterprise_id=enterprise_id, limit=200)


def count_due(connection: Connection, today: date) -> int:
    """Count the listings that wait for the office: appeals, repairs, and windows that closed without an appeal."""
    return int(fetch(connection, _DUE, {"today": today})[0][0])


def count_states(connection: Connection) -> dict[str, int]:
    """Count the listings by state."""
    return dict(fetch(connection, _COUNTS))
