"""Adding all up anew, by criterion, comes to the very totals that adding changes up comes to."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from ccezone.bench.return_facts import fill
from ccezone.statistics.service.adding_up import add_up
from ccezone.statistics.service.totals import LIST_TOTALS, ORDER_TOTALS
from ccezone.storage import Database
from ccezone.storage.copying import fetch, run

pytestmark = pytest.mark.storage
TOLD = ("SELECT t::text FROM list_total t", "SELECT t::text FROM order_total t", "SELECT t::text FROM list_contributor t")
VARIED = (
    "UPDATE list_fact SET node = (ARRAY['', 'NK', 'GX'])[1 + id % 3]",
    "UPDATE list_fact SET cny = NULL, rate = NULL WHERE id % 5 = 0",
    "UPDATE list_fact SET counted_on = day + 20 WHERE id % 7 = 0 AND counted_on IS NOT NULL",
    "UPDATE list_fact SET cleared = (ARRAY[0, 5, 40000000])[1 + id % 3] WHERE id % 11 = 0",
    "UPDATE order_fact SET node = 'GX' WHERE order_key % 3 = 0",
)
"""Nodes, lists without a rate, released in a later month, cleared at the edges: what made-up facts have none of."""


def test_adding_up_anew_comes_to_what_the_workers_statement_comes_to(database: Database) -> None:
    fill(database, 1200, datetime(2026, 11, 22, 7, 30, tzinfo=UTC))
    with database.begin() as uow:
        for statement in VARIED:
            run(uow.connection, statement)
    add_up(database)
    anew = told(database)
    with database.begin() as uow:
        run(uow.connection, "DELETE FROM list_total")
        run(uow.connection, "DELETE FROM order_total")
        run(uow.connection, "DELETE FROM list_contributor")
        for totals, facts in ((LIST_TOTALS, "list_fact"), (ORDER_TOTALS, "order_fact")):
            changed = f"(SELECT *, 1 AS sign FROM {facts}) AS f"  # noqa: S608  # our own names
            run(uow.connection, f"WITH {totals.format(facts=changed, laid='true')} SELECT")
    assert len(anew) > 10_000
    assert told(database) == anew
    add_up(database)
    assert told(database) == anew  # a second time neither doubles nor loses


def told(database: Database) -> Sequence[tuple[str]]:
    with database.reading() as connection:
        return [row for statement in TOLD for row in sorted(fetch(connection, statement))]
