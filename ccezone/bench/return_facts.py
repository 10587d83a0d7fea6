"""Made-up facts of lists and orders, written by PostgreSQL itself: like ``monitor_facts``, for millions of them.

Two years of 200 firms, most of it in few countries and chapters. Rows spread evenly over the time; everything else is random
from a fixed seed, so that the same number of rows is the same rows.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ccezone.bench.bulk import analyse, without_indexes
from ccezone.bench.monitor_facts import DAYS
from ccezone.bench.pipeline import Incomplete
from ccezone.statistics.rules import OPEN_CRITERIA, WHOLE_ZONE, node_owner
from ccezone.statistics.service.adding_up import add_up
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run

LARGEST = UUID("00000010-0000-0000-0000-000000000000")
"""The firm that has most of the lists: one of fourteen."""
_FIRM = "('00000010-0000-0000-0000-' || lpad(to_hex({number}), 12, '0'))::uuid"
_LISTS = f"""
INSERT INTO list_fact (id, merchant_id, day, flow, trade_mode, country, chapter, node, park, stage, currency, value,
    cleared, updated_at, counted_on, counted_hour, worth, rate, cny)
SELECT n, {_FIRM.format(number="floor(200 * r1 * r1)::int")}, local::date, flow,
    (ARRAY['9610', '9710', '9810', '1210'])[1 + floor(4 * r2 * r2)::int],
    (300 + floor(60 * r3 * r3 * r3)::int)::text, (61 + floor(12 * r4 * r4 * r4)::int)::text, 'NK',
    (ARRAY['', 'NK-1', 'NK-2'])[1 + n %% 3], stage, currency, worth,
    CASE WHEN stage IN ('released', 'closed') THEN (60 + 86400 * r5 * r5 * r5 * r5)::int END, at,
    CASE WHEN counts THEN local::date END, CASE WHEN counts THEN extract(hour FROM local) END,
    CASE WHEN counts THEN worth END, CASE WHEN counts THEN rate END, CASE WHEN counts THEN round(worth * rate, 2) END
FROM (
    SELECT *, at AT TIME ZONE 'Asia/Shanghai' AS local, CASE currency WHEN '142' THEN 1 ELSE 7.1 END AS rate,
        stage = 'closed' OR (stage = 'released' AND flow = 'I') AS counts
    FROM (
        SELECT n, %(begin)s::timestamptz + n * %(step)s::interval AS at, CASE WHEN random() < 0.8 THEN 'E' ELSE 'I' END AS flow,
            CASE WHEN random() < 0.3 THEN '502' ELSE '142' END AS currency, (100 + floor(89900 * random()))::numeric / 100 AS worth,
            (ARRAY['released', 'closed', 'filed', 'review', 'rejected'])[width_bucket(random(), ARRAY[0, 0.17, 0.67, 0.85, 0.95])]
                AS stage,
            random() AS r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
        OFFSET 0
    ) AS drawn
) AS made
"""  # noqa: S608  # our own names
_ORDERS = f"""
INSERT INTO order_fact (order_key, order_no, merchant_id, flow, day, arrived_at, matched_at, filed_at, released_at, changed_at)
SELECT n, 'N' || n, {_FIRM.format(number="n %% 200")}, flow, (at AT TIME ZONE 'Asia/Shanghai')::date, at,
    CASE WHEN far > 0.02 THEN at + one END, CASE WHEN far > 0.05 THEN at + one + two END,
    CASE WHEN far > 0.15 THEN at + one + two + three END, at
FROM (
    SELECT n, %(begin)s::timestamptz + n * %(step)s::interval AS at, CASE WHEN random() < 0.8 THEN 'E' ELSE 'I' END AS flow,
        random() AS far, (1 + 899 * random()) * interval '1 second' AS one, (1 + 3599 * random()) * interval '1 second' AS two,
        (60 + 89940 * random()) * interval '1 second' AS three
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    OFFSET 0
) AS drawn
"""  # noqa: S608  # our own names
_FIRMS = f"""
INSERT INTO enterprise (id, uscc, name, name_en, roles, node, contact, status, auto_submit, created_at, updated_at)
SELECT {_FIRM.format(number="n")}, '91360000' || lpad(n::text, 10, '0'), '基准企业 ' || n, 'Benchmark firm ' || n,
    ARRAY['merchant'], 'NK', '', 'active', false, %(begin)s, %(begin)s
FROM generate_series(0, 199) AS n
"""  # noqa: S608  # our own names
_TOGETHER = 500_000


_COUNTED = """
SELECT count(*), count(counted_on), coalesce(sum(value), 0), coalesce(sum(cny) FILTER (WHERE counted_on IS NOT NULL), 0)
FROM list_fact
"""
_ADDED = """
SELECT sum(lists) FILTER (WHERE of_firm), sum(lists) FILTER (WHERE NOT of_firm), sum(value) FILTER (WHERE of_firm),
    sum(value) FILTER (WHERE NOT of_firm)
FROM (
    SELECT lists, value, merchant_id <> %(zone)s AS of_firm FROM list_total
    WHERE criterion = %(criterion)s AND grain = %(grain)s AND merchant_id <> %(node)s
) AS told
"""
_CONTRIBUTED = "SELECT coalesce(sum(lists), 0) FROM list_contributor WHERE criterion = %(criterion)s"
_BOTH = ("every", "flow", "mode", "country", "chapter")
"""Criteria under which both firms' lists and the zone's released goods stand."""
_FACTS = ("list_fact", "order_fact")
_TOTALS = ("list_total", "order_total", "list_contributor")


def fill(database: Database, lists: int, end: datetime, say: Callable[[str], object] = lambda _: None) -> None:
    """Write so many facts of each kind up to a moment, and add them up as the worker does that makes all figures anew."""
    span = {"begin": end.astimezone(UTC) - timedelta(days=DAYS), "step": timedelta(days=DAYS) / lists}
    began = time.perf_counter()
    with database.begin() as uow:
        run(uow.connection, _FIRMS, span)
        run(uow.connection, "INSERT INTO figure_mark (name, at, terms) VALUES ('lists', %(at)s, '')", {"at": end})
    with without_indexes(database, _FACTS):
        for statement in (_LISTS, _ORDERS):
            for first in range(1, lists + 1, _TOGETHER):
                with database.begin() as uow:
                    run(uow.connection, f"SELECT setseed({first % 997 / 997})")
                    run(uow.connection, statement, {**span, "first": first, "last": min(first + _TOGETHER - 1, lists)})
        say(f"facts written in {time.perf_counter() - began:.0f} s")
    analyse(database, _FACTS)
    say(f"with their indexes in {time.perf_counter() - began:.0f} s")
    with without_indexes(database, ["list_total"]):
        add_up(database)
        say(f"added up in {time.perf_counter() - began:.0f} s")
    analyse(database, _TOTALS)


def complete(database: Database) -> int:
    """Compare totals, by day and by month, with all facts they are of; return how many sums. Raises ``Incomplete``."""
    with database.reading() as connection:
        counted = fetch(connection, _COUNTED)[0]
        for criterion in _BOTH:
            for grain in ("D", "M"):
                owners = {"zone": WHOLE_ZONE, "node": node_owner("NK"), "criterion": criterion, "grain": grain}
                found = fetch(connection, _ADDED, owners)[0]
                if found != counted:
                    raise Incomplete(f"totals by {criterion}, {grain}, come to {found}, their facts to {counted}")
        for criterion in OPEN_CRITERIA:
            behind = fetch(connection, _CONTRIBUTED, {"criterion": criterion})[0][0]
            if behind != counted[1]:
                raise Incomplete(f"firms by {criterion} stand behind {behind} lists, counted were {counted[1]}")
    return len(_BOTH) * 2 * len(counted) + len(OPEN_CRITERIA)
