"""Keeping figures up to date, off the path that files lists: set-based, the same whenever repeated, one keeper at a time."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta

from ccezone.declarations.queries.bustle import many_move
from ccezone.kernel.clock import Clock
from ccezone.parameters.queries import book
from ccezone.parameters.rules import NATIONAL
from ccezone.statistics.service import list_facts, order_facts
from ccezone.statistics.service.adding_up import add_up
from ccezone.statistics.service.list_facts import fact_terms
from ccezone.statistics.service.totals import LIST_TOTALS, ORDER_TOTALS, sweep
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.holding import hold
from ccezone.storage.lateness import LONGEST, lateness

_TOGETHER = 20_000
_MOVED_LISTS = """(
    SELECT f.*, -1 AS sign FROM list_fact f WHERE f.id IN (SELECT id FROM stored) UNION ALL SELECT s.*, 1 FROM stored s
) AS f"""
_MOVED_ORDERS = """(
    SELECT f.*, -1 AS sign FROM order_fact f WHERE f.order_key IN (SELECT order_key FROM touched)
    UNION ALL SELECT s.*, 1 FROM stored s
) AS f"""
_LISTS, _ORDERS, _LIST_STRETCH, _ORDER_STRETCH = (
    f"WITH {made} SELECT count(*), array_agg({key})::text FROM stored"  # noqa: S608  # our own names
    for key, made in (
        ("id", f"{list_facts.MADE}, {LIST_TOTALS.format(facts=_MOVED_LISTS)}"),
        ("order_key", f"{order_facts.MADE}, {ORDER_TOTALS.format(facts=_MOVED_ORDERS)}"),
        ("id", list_facts.MADE.format(chosen=list_facts.STRETCH)),
        ("order_key", order_facts.MADE.format(chosen=order_facts.STRETCH)),
    )
)
_NEXT_LIST = "SELECT max(id) FROM (SELECT id FROM declaration_state WHERE id > %(after)s ORDER BY id LIMIT %(limit)s) AS stretch"
_NEXT_ORDER = """
SELECT max(order_key) FROM (SELECT order_key FROM order_match WHERE order_key > %(after)s ORDER BY order_key LIMIT %(limit)s) AS s
"""
_GONE_LISTS = """
DELETE FROM list_fact f WHERE f.id > %(after)s AND (%(last)s::bigint IS NULL OR f.id <= %(last)s)
    AND NOT EXISTS (SELECT FROM declaration_state s WHERE s.id = f.id)
"""
_GONE_ORDERS = """
DELETE FROM order_fact f WHERE f.order_key > %(after)s AND (%(last)s::bigint IS NULL OR f.order_key <= %(last)s)
    AND NOT EXISTS (SELECT FROM order_match m WHERE m.order_key = f.order_key AND m.verdict <> 'deleted')
"""
_MARK = """
SELECT c.at, coalesce(m.at, c.at), c.terms FROM figure_mark c LEFT JOIN figure_mark m ON m.name = 'moving' WHERE c.name = 'complete'
"""
_SET_MARK = """
INSERT INTO figure_mark (name, at, terms)
VALUES ('lists', %(at)s, %(terms)s), ('complete', %(complete)s, %(terms)s), ('moving', %(moving)s, %(terms)s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, terms = excluded.terms
"""
_MOMENTS = ("since", "until", "moving_since", "moving_until")
_FIRST_KEY = -(2**63)
A_WHILE = timedelta(seconds=1.5)
"""How long the hub lets a list rest before figures take it in; with a turn every two seconds they stay within five.

In heavy traffic turns come every thirty seconds (ADR 33)."""
LONGER = timedelta(seconds=30)
"""How long a list that is not released yet rests while many move: each would be taken in again at every step of its way."""


def refresh_figures(database: Database, clock: Clock, zone: str = NATIONAL, rested: timedelta = timedelta(0)) -> int:
    """Take in what changed since the last time; return how many lists. The first time takes in everything.

    What moved less than ``rested`` ago is left for the next time: an order on its way moves many times in a few seconds. While
    many move, those that are not released rest ``LONGER``; what is released does not, whenever the next turn comes.
    """
    now = clock.now()
    with database.reading() as connection:
        known = fetch(connection, _MARK)
    if not known:
        return recompute_figures(database, clock, zone)
    with database.begin() as uow:
        hold(uow.connection, "figures")
        [(since, moving_since, terms)] = known
        until, late = now - rested, now - lateness(uow.connection)
        moving_until = now - LONGER if rested and many_move(uow.connection, now) else until
        values = {
            **fact_terms(book(uow.connection, zone)),
            "since": since,
            "until": until,
            "moving_since": moving_since,
            "moving_until": moving_until,
        }
        changed, lists = _taken(uow, _LISTS.format(chosen=list_facts.CHANGED), values)
        if _digest(values) != terms:  # a rate was entered or corrected: only then all that is counted is looked through
            changed += _taken(uow, _LISTS.format(chosen=list_facts.OTHERWISE_PRICED), values)[0]
        _taken(uow, _ORDERS.format(chosen=order_facts.CHANGED), {**values, "lists": lists})
        sweep(uow)
        marks = {"at": min(until, moving_until), "complete": min(until, late), "moving": min(moving_until, late)}
        run(uow.connection, _SET_MARK, {**marks, "terms": _digest(values)})
    return changed


def recompute_figures(database: Database, clock: Clock, zone: str = NATIONAL) -> int:
    """Make all facts anew, some thousand at a time, without those no longer there; add them up month by month.

    Returns how many lists. Pages show each month as it was or as it is, never half of it.
    """
    now = clock.now()
    with database.reading() as connection:
        values = fact_terms(book(connection, zone))
    number = _anew(database, values, 0, (_NEXT_LIST, _GONE_LISTS, _LIST_STRETCH))
    _anew(database, {}, _FIRST_KEY, (_NEXT_ORDER, _GONE_ORDERS, _ORDER_STRETCH))
    add_up(database)
    with database.begin() as uow:
        complete = now - LONGEST
        run(uow.connection, _SET_MARK, {"at": now, "complete": complete, "moving": complete, "terms": _digest(values)})
    return number


def _anew(database: Database, values: Mapping[str, object], first: int, statements: tuple[str, str, str]) -> int:
    following, gone, made = statements
    after, number = first, 0
    while True:
        with database.begin() as uow:
            hold(uow.connection, "figures")
            last = fetch(uow.connection, following, {"after": after, "limit": _TOGETHER})[0][0]
            run(uow.connection, gone, {"after": after, "last": last})
            if last is None:
                return number
            number += _taken(uow, made, {**values, "after": after, "last": last})[0]
            after = last


def _digest(values: Mapping[str, object]) -> str:
    """Digest rates and rules, whatever else stands beside them."""
    told = {name: value for name, value in values.items() if name not in _MOMENTS}
    spelled = json.dumps(told, sort_keys=True, default=str)
    return hashlib.blake2b(spelled.encode(), digest_size=16).hexdigest()


def _taken(uow: UnitOfWork, statement: str, values: Mapping[str, object]) -> tuple[int, str]:
    """Return how many facts were made, and their keys as an array literal."""
    [(number, keys)] = fetch(uow.connection, statement, values)
    return int(number), keys or "{}"
