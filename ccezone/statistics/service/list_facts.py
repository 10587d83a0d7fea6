"""The facts of declaration lists, as one statement for any choice of lists, and the terms they are made by.

A list counts for its firm on the day it was prepared (Asia/Shanghai), under the country of its head and the HS chapter of its
first line; for the zone on the day it is released or completed, as the zone's parameters say for its flow. Exports are worth
their FOB, imports their CIF value, in yuan at customs' rate of the month. Node and park are the merchant's when it last moved.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from ccezone.declarations.rules.lifecycle import TABS
from ccezone.parameters.rules import ParameterBook, rate_key
from ccezone.statistics.rules import YUAN, Term, terms
from ccezone.storage.copying import array, text_array

_BASES = {"E": "statistics.export_basis", "I": "statistics.import_basis"}


def _stages() -> str:
    cases = " ".join(
        f"WHEN s.state IN ({', '.join(repr(state) for state in sorted(states))}) THEN '{tab}'" for tab, states in TABS.items()
    )
    return f"CASE {cases} WHEN left(s.state, 1) = '-' THEN 'rejected' ELSE 'filed' END"


_COLUMNS = (
    *("id", "merchant_id", "day", "flow", "trade_mode", "country", "chapter", "node", "stage", "currency", "value", "cleared"),
    *("updated_at", "park", "counted_on", "counted_hour", "worth", "rate", "cny", "parcel"),
)
TERMS = """{name} AS (
    SELECT name, since, until, value FROM unnest(%({name}_names)s::text[], %({name}_since)s::date[], %({name}_until)s::date[],
        %({name}_values)s::text[]) AS t (name, since, until, value)
)"""
CLEARED = f"({', '.join(repr(state) for state in sorted(TABS['released'] | TABS['closed']))})"
"""SQL: the states of lists whose goods are released."""
_SHANGHAI = "AT TIME ZONE 'Asia/Shanghai'"
PARCEL = "CASE WHEN {no} <> '' THEN hashtextextended({flow} || ':' || upper(replace({no}, ' ', '')), 0) END"
"""SQL: what tells a parcel again by its waybill, however its number is spelled."""
MADE = f"""
{TERMS.format(name="bases")}, {TERMS.format(name="rates")}, picked AS MATERIALIZED (
    SELECT s.id FROM declaration_state s WHERE {{chosen}}
), made AS (
    SELECT d.id, d.merchant_id, (d.created_at {_SHANGHAI})::date, d.flow, d.trade_mode, coalesce(d.content ->> 'country', ''),
        left(coalesce(d.content -> 'lines' -> 0 ->> 'hs_code', ''), 2), coalesce(d.node, ''), {_stages()},
        d.currency, d.total_value,
        CASE WHEN s.state IN {CLEARED} THEN greatest(0, extract(epoch FROM released.at - filed.at))::int END,
        s.updated_at, CASE WHEN n.kind = 'window' THEN n.code ELSE '' END,
        (counted.at {_SHANGHAI})::date, extract(hour FROM counted.at {_SHANGHAI})::smallint,
        counted.worth, r.value::numeric, round(counted.worth * r.value::numeric, 2),
        {PARCEL.format(flow="d.flow", no="d.waybill_no")}
    FROM picked
    CROSS JOIN LATERAL (SELECT * FROM declaration_state WHERE id = picked.id OFFSET 0) s
    CROSS JOIN LATERAL (
        SELECT l.*, (SELECT e.node FROM enterprise e WHERE e.id = l.merchant_id) AS node
        FROM declaration_list l WHERE l.id = picked.id OFFSET 0
    ) d
    LEFT JOIN node n ON n.code = d.node
    LEFT JOIN LATERAL (SELECT min(u.created_at) AS at FROM submission u WHERE u.declaration_id = s.id) filed ON true
    LEFT JOIN LATERAL (
        SELECT min(returned_at) AS at, min(returned_at) FILTER (WHERE code = 899) AS completed_at FROM receipt
        WHERE kind IN (604, 622) AND subject = s.id AND code IN (800, 899)
    ) released ON true
    LEFT JOIN LATERAL (
        SELECT due.at, d.total_value + CASE WHEN d.flow = 'I' THEN coalesce((d.content ->> 'freight')::numeric, 0)
            + coalesce((d.content ->> 'insurance')::numeric, 0) ELSE 0 END AS worth
        FROM bases b CROSS JOIN LATERAL (
            SELECT CASE b.value WHEN 'release' THEN released.at ELSE released.completed_at END AS at
        ) due
        WHERE b.name = d.flow AND (released.at {_SHANGHAI})::date >= b.since AND (released.at {_SHANGHAI})::date < b.until
            AND due.at IS NOT NULL
    ) counted ON s.state IN {CLEARED}
    LEFT JOIN rates r ON r.name = d.currency
        AND (counted.at {_SHANGHAI})::date >= r.since AND (counted.at {_SHANGHAI})::date < r.until
), stored AS (
    INSERT INTO list_fact ({", ".join(_COLUMNS)}) SELECT * FROM made
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[3:])}
    RETURNING *
)"""  # noqa: S608  # our own names
"""Makes facts anew of the lists ``chosen`` (of ``declaration_state s``), as ``stored``."""
CHANGED = f"""(s.state IN {CLEARED} AND s.updated_at BETWEEN %(since)s AND %(until)s
        OR s.state NOT IN {CLEARED} AND s.updated_at BETWEEN %(moving_since)s AND %(moving_until)s)
    AND NOT EXISTS (SELECT FROM list_fact f WHERE f.id = s.id AND f.updated_at = s.updated_at)"""  # our own names
STRETCH = "s.id > %(after)s AND s.id <= %(last)s"
OTHERWISE_PRICED = f"""s.id IN (
    SELECT f.id FROM list_fact f LEFT JOIN rates r ON r.name = f.currency AND f.counted_on >= r.since AND f.counted_on < r.until
    WHERE f.counted_on IS NOT NULL AND f.currency <> '{YUAN}' AND f.rate IS DISTINCT FROM r.value::numeric
)"""  # noqa: S608  # our own names
"""The lists that were counted at a rate that has been entered or corrected since."""


def fact_terms(book: ParameterBook) -> Mapping[str, str]:
    """Spell customs' rates and what counts as released goods over time, as ``MADE`` wants them."""
    return {**spelled("bases", _bases(book)), **spelled("rates", _rates(book))}


def _bases(book: ParameterBook) -> Sequence[Term]:
    found: list[Term] = []
    for flow, key in _BASES.items():
        turns = {row.effective_from for row in book.rows if row.key == key}
        found += terms(flow, turns, partial(book.text, key))
    return found


def _rates(book: ParameterBook) -> Sequence[Term]:
    prefix = rate_key("")
    rows = [row for row in book.rows if row.key.startswith(prefix)]
    found = [*terms(YUAN, {min(row.effective_from for row in book.rows)}, lambda _day: "1")]
    for currency in sorted({row.key.removeprefix(prefix) for row in rows}):
        own = [row for row in rows if row.key == prefix + currency]
        turns = {row.effective_from for row in own} | {row.effective_to + timedelta(days=1) for row in own if row.effective_to}
        found += terms(currency, turns, partial(_rate, book, currency))
    return found


def _rate(book: ParameterBook, currency: str, day: date) -> str | None:
    known = book.exchange_rate(currency, day)
    return None if known is None else str(known.cny)


def spelled(name: str, found: Sequence[Term]) -> Mapping[str, str]:
    """Spell terms as the parameters that ``TERMS`` reads."""
    return {
        f"{name}_names": text_array(term.name for term in found),
        f"{name}_since": array(term.since for term in found),
        f"{name}_until": array(term.until for term in found),
        f"{name}_values": text_array(term.value for term in found),
    }
