"""What counts beyond lists in a span, from totals: by source, method and standing; and what goods returned had counted in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.statistics.queries.totals import office_owners, owned, owned_values, places
from ccezone.statistics.rules import WHOLE_ZONE, stretches
from ccezone.storage.copying import fetch


@dataclass(frozen=True, slots=True)
class Other:
    """What supplementary facts of one key come to; ``currency`` is yuan (142) where a rate is known."""

    criterion: str
    key: str
    currency: str
    source: str
    method: str
    standing: str
    facts: int
    parcels: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class TakenOff:
    """Goods that came back in a span, by the month in which they had counted; ``value`` in yuan, below nought."""

    counted_in: date
    flow: str
    returns: int
    value: Decimal


def others(connection: Connection, since: date, until: date, criteria: Sequence[str]) -> Sequence[Other]:
    """Return what supplementary facts of a span come to for the whole zone, by these criteria."""
    rows = fetch(
        connection,
        f"""SELECT f.criterion, f.key, f.currency, f.source, f.method, f.standing, sum(f.facts)::bigint, sum(f.parcels)::bigint,
            sum(f.value) FROM supplement_total f
        WHERE f.owner = %(zone)s AND f.criterion = ANY(%(criteria)s) AND ({places(stretches(since, until))})
        GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(f.facts) <> 0 ORDER BY 1, 2, 3, 4, 5, 6""",  # noqa: S608  # our own names and dates
        {"zone": WHOLE_ZONE, "criteria": [*criteria]},
    )
    return [Other(*row) for row in rows]


def seen_others(connection: Connection, since: date, until: date) -> Sequence[Other]:
    """Return the same by flow, of what a connection sees: the whole zone, or the nodes in its reach."""
    owners = office_owners(connection)
    rows = fetch(
        connection,
        f"""SELECT 'flow', f.key, f.currency, f.source, f.method, f.standing, sum(f.facts)::bigint, sum(f.parcels)::bigint,
            sum(f.value) FROM supplement_total f
        WHERE {owned(owners, "f.owner")} AND f.criterion = 'flow' AND ({places(stretches(since, until))})
        GROUP BY 2, 3, 4, 5, 6 HAVING sum(f.facts) <> 0 ORDER BY 4, 5, 6, 2, 3""",  # noqa: S608  # our own names and dates
        owned_values(owners),
    )
    return [Other(*row) for row in rows]


def taken_off(connection: Connection, since: date, until: date) -> Sequence[TakenOff]:
    """Return what goods that came back in a span took off, by the month in which they had counted."""
    statement = """SELECT counted_in, flow, count(*), coalesce(sum(cny), 0) FROM supplement_fact
        WHERE day BETWEEN %(since)s AND %(until)s AND counted_in IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"""
    return [TakenOff(*row) for row in fetch(connection, statement, {"since": since, "until": until})]
