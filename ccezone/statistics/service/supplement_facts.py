"""What counts beyond lists, made set-based of feeds, general declarations and goods returns: the same whenever repeated.

A line of a feed counts unless its parcel counts as a list, an earlier feed brought it, or its feed was taken back. A general
declaration counts on the day of its release where it is recognised; one that customs made of a summary (CEB792) is linked, never
added: its lists count. Goods that come back are taken off in the month of their release, at the rate they had counted at.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from ccezone.kernel.clock import Clock
from ccezone.parameters.queries import book
from ccezone.parameters.rules import NATIONAL, ParameterBook
from ccezone.statistics.rules import Term, terms
from ccezone.statistics.service.list_facts import fact_terms, spelled
from ccezone.statistics.service.supplement_making import CHANGED, KINDS, MADE, SWEEP, TOTALS
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import fetch, run
from ccezone.storage.holding import hold
from ccezone.storage.lateness import lateness

_TERMS = {"modes": "statistics.recognition_modes", "signs": "statistics.recognition_signs"}
_MOVED = """(
    SELECT f.*, -1 AS moved FROM supplement_fact f WHERE f.id IN (SELECT id FROM stored UNION ALL SELECT id FROM gone)
    UNION ALL SELECT s.*, 1 FROM stored s
) AS f"""
_TAKE = {
    kind: f"WITH {MADE[kind]}, {TOTALS.format(facts=_MOVED)} SELECT count(*) FROM stored"  # noqa: S608  # our own names
    for kind in KINDS
}
_ALL = {
    "line": "SELECT id FROM supplement_line",
    "general": "SELECT id FROM general_declaration",
    "return": "SELECT id FROM goods_return",
}
_EMPTY = ("DELETE FROM supplement_total", "DELETE FROM supplement_fact")
_MARKS = "SELECT name, at, terms FROM figure_mark WHERE name IN ('supplements', 'complete')"
_SET_MARK = """
INSERT INTO figure_mark (name, at, terms) VALUES ('supplements', %(at)s, %(terms)s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, terms = excluded.terms
"""


def refresh_supplements(database: Database, clock: Clock, zone: str = NATIONAL) -> int:
    """Take in what changed since the last time; return how many facts were made. The first time, and when rates or rules changed,
    all are made anew. Runs after ``refresh_figures``: a list that counts by then is found by its parcel.
    """
    with database.begin() as uow:
        hold(uow.connection, "supplement_figures")
        marks = {name: (at, told) for name, at, told in fetch(uow.connection, _MARKS)}
        values = supplement_terms(book(uow.connection, zone))
        digest = _digest(values)
        at = clock.now() - lateness(uow.connection)
        until = min(at, marks["complete"][0]) if "complete" in marks else at
        since, told = marks.get("supplements", (None, ""))
        if since is None or told != digest:
            return _anew(uow, values, until)
        made = sum(_taken(uow, kind, CHANGED[kind], {**values, "since": since}) for kind in KINDS)
        _swept(uow, until, digest)
    return made


def recompute_supplements(database: Database, clock: Clock, zone: str = NATIONAL) -> int:
    """Make all supplementary facts and their totals anew, in one transaction; return how many there are."""
    with database.begin() as uow:
        hold(uow.connection, "supplement_figures")
        marks = {name: at for name, at, _told in fetch(uow.connection, _MARKS)}
        at = clock.now() - lateness(uow.connection)
        return _anew(uow, supplement_terms(book(uow.connection, zone)), min(at, marks.get("complete", at)))


def supplement_terms(known: ParameterBook) -> Mapping[str, str]:
    """Spell rates, and over time the modes and signs by which general declarations are recognised."""
    found = dict(fact_terms(known))
    for name, key in _TERMS.items():
        found |= spelled(name, _words(known, key))
    return found


def _words(known: ParameterBook, key: str) -> Sequence[Term]:
    """Return over time which words a parameter holds; the value is the word's place, from 0."""
    turns = {row.effective_from for row in known.rows if row.key == key}
    words = sorted({word for day in turns for word in known.texts(key, day)})
    return [term for word in words for term in terms(word, turns, partial(_place, known, key, word))]


def _place(known: ParameterBook, key: str, word: str, day: date) -> str | None:
    words = known.texts(key, day)
    return str(words.index(word)) if word in words else None


def _anew(uow: UnitOfWork, values: Mapping[str, str], until: datetime) -> int:
    for statement in _EMPTY:
        run(uow.connection, statement)
    made = sum(_taken(uow, kind, _ALL[kind], values) for kind in KINDS)
    _swept(uow, until, _digest(values))
    return made


def _taken(uow: UnitOfWork, kind: str, chosen: str, values: Mapping[str, object]) -> int:
    return int(fetch(uow.connection, _TAKE[kind].replace("{chosen}", chosen), values)[0][0])


def _swept(uow: UnitOfWork, until: datetime, digest: str) -> None:
    run(uow.connection, SWEEP)
    run(uow.connection, _SET_MARK, {"at": until, "terms": digest})


def _digest(values: Mapping[str, str]) -> str:
    return hashlib.blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=16).hexdigest()


def supplements_as_of(connection: Connection) -> datetime | None:
    """Return up to when changes are in the supplementary figures."""
    return next((at for name, at, _told in fetch(connection, _MARKS) if name == "supplements"), None)
