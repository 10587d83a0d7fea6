"""Keeping figures of declaration lists up to date, off the path that files them: set-based, and the same whenever repeated.

A list counts on the day it was prepared (Asia/Shanghai), under the country of its head and the HS chapter of its first line.
"""

from collections.abc import Sequence
from datetime import timedelta

from ccezone.declarations.rules.lifecycle import TABS
from ccezone.kernel.clock import Clock
from ccezone.statistics.tables import CRITERIA, EVERY, REJECTED, RELEASED
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

_OVERLAP = timedelta(seconds=60)  # a transaction may commit this long after the moment it wrote down
_TOGETHER = 20_000


def _stages() -> str:
    cases = " ".join(
        f"WHEN s.state IN ({', '.join(repr(state) for state in sorted(states))}) THEN '{tab}'" for tab, states in TABS.items()
    )
    return f"CASE {cases} WHEN left(s.state, 1) = '-' THEN 'rejected' ELSE 'filed' END"


_FACTS = f"""
INSERT INTO list_fact (id, merchant_id, day, flow, trade_mode, country, chapter, node, stage, currency, value, cleared, updated_at)
SELECT d.id, d.merchant_id, (d.created_at AT TIME ZONE 'Asia/Shanghai')::date, d.flow, d.trade_mode,
    coalesce(d.content ->> 'country', ''), left(coalesce(d.content -> 'lines' -> 0 ->> 'hs_code', ''), 2), coalesce(e.node, ''),
    {_stages()}, d.currency, d.total_value,
    CASE WHEN s.state IN ('800', '899') THEN greatest(0, extract(epoch FROM released.at - filed.at))::int END, s.updated_at
FROM declaration_state s
JOIN declaration_list d ON d.id = s.id
LEFT JOIN enterprise e ON e.id = d.merchant_id
LEFT JOIN LATERAL (SELECT min(u.created_at) AS at FROM submission u WHERE u.declaration_id = s.id) filed ON true
LEFT JOIN LATERAL (
    SELECT min(r.returned_at) AS at FROM receipt r
    WHERE r.kind IN (604, 622) AND r.subject = s.id AND r.code IN (800, 899)
) released ON true
WHERE {{chosen}}
ON CONFLICT (id) DO UPDATE SET flow = excluded.flow, trade_mode = excluded.trade_mode, country = excluded.country,
    chapter = excluded.chapter, node = excluded.node, stage = excluded.stage, currency = excluded.currency,
    value = excluded.value, cleared = excluded.cleared, updated_at = excluded.updated_at
RETURNING merchant_id::text, day::text
"""  # noqa: S608  # our own names
_CHANGED = _FACTS.format(
    chosen="""s.updated_at >= %(since)s
    AND NOT EXISTS (SELECT FROM list_fact f WHERE f.id = s.id AND f.updated_at = s.updated_at)"""
)
_RANGE = _FACTS.format(chosen="s.id > %(after)s AND s.id <= %(last)s")
_GONE = """
DELETE FROM list_fact f WHERE f.id > %(after)s AND (%(last)s::bigint IS NULL OR f.id <= %(last)s)
    AND NOT EXISTS (SELECT FROM declaration_state s WHERE s.id = f.id)
RETURNING merchant_id::text, day::text
"""
_NEXT = "SELECT max(id) FROM (SELECT id FROM declaration_state WHERE id > %(after)s ORDER BY id LIMIT %(limit)s) AS stretch"
_TOUCHED = "SELECT DISTINCT m::uuid AS merchant_id, d::date AS day FROM unnest(%(merchants)s::text[], %(days)s::text[]) AS t (m, d)"
_DROP = f"""
DELETE FROM list_figure f USING ({_TOUCHED}) t
WHERE f.merchant_id = t.merchant_id AND f.day = t.day AND f.criterion = ANY(%(criteria)s)
"""  # noqa: S608  # our own names
_KEYS = ", ".join([f"('{EVERY}', '')", *(f"('{name}', f.{column})" for name, column in CRITERIA.items())])
_ADD_UP = f"""
INSERT INTO list_figure (merchant_id, criterion, day, key, currency, lists, released, rejected, value)
SELECT f.merchant_id, c.criterion, f.day, c.key, f.currency,
    count(*), count(*) FILTER (WHERE f.{RELEASED}), count(*) FILTER (WHERE f.{REJECTED}), sum(f.value)
FROM ({_TOUCHED}) t JOIN list_fact f ON f.merchant_id = t.merchant_id AND f.day = t.day
CROSS JOIN LATERAL (VALUES {_KEYS}) AS c (criterion, key)
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608  # our own names
_MARK = "SELECT at FROM figure_mark WHERE name = 'lists'"
_SET_MARK = """
INSERT INTO figure_mark (name, at) VALUES ('lists', %(at)s) ON CONFLICT (name) DO UPDATE SET at = excluded.at
"""


def refresh_figures(database: Database, clock: Clock) -> int:
    """Take in what changed since the last time; return how many lists. The first time takes in everything."""
    now = clock.now()
    with database.reading() as connection:
        known = fetch(connection, _MARK)
    if not known:
        return recompute_figures(database, clock)
    with database.begin() as uow:
        changed = fetch(uow.connection, _CHANGED, {"since": known[0][0] - _OVERLAP})
        add_up(uow, changed)
        run(uow.connection, _SET_MARK, {"at": now})
    return len(changed)


def recompute_figures(database: Database, clock: Clock) -> int:
    """Make all figures anew from the lists, some thousand at a time, without those no longer there; return how many lists."""
    now, after, number = clock.now(), 0, 0
    while True:
        with database.begin() as uow:
            last = fetch(uow.connection, _NEXT, {"after": after, "limit": _TOGETHER})[0][0]
            stretch = {"after": after, "last": last}
            gone, taken = (fetch(uow.connection, statement, stretch) for statement in (_GONE, _RANGE))
            add_up(uow, [*gone, *taken])
            number += len(taken)
            if last is None:
                run(uow.connection, _SET_MARK, {"at": now})
                return number
            after = last


def add_up(uow: UnitOfWork, touched: Sequence[tuple[str, str]]) -> None:
    """Add those merchants' days up anew from their facts."""
    if touched:
        days = sorted(set(touched))
        named = {"merchants": [merchant for merchant, _ in days], "days": [day for _, day in days]}
        run(uow.connection, _DROP, {**named, "criteria": [EVERY, *CRITERIA]})
        run(uow.connection, _ADD_UP, named)
