"""How many firms stand behind each open figure: what a plain count of the facts says, whichever way it is counted."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

import pytest

from ccezone.bench.return_facts import fill
from ccezone.statistics.queries.contributors import contributors
from ccezone.statistics.queries.return_words import section_of
from ccezone.statistics.rules.returns import FLOWS
from ccezone.storage import Database
from ccezone.storage.copying import fetch
from tests.hub.founding import NOW

pytestmark = pytest.mark.storage
_FACTS = """
SELECT flow, merchant_id, trade_mode, country, chapter FROM list_fact WHERE counted_on BETWEEN %(since)s AND %(until)s
"""


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2025, 1, 1), date(2025, 12, 31)),
        (date(2025, 12, 8), date(2025, 12, 14)),
        (date(2025, 10, 20), date(2026, 1, 9)),
    ],
)
def test_firms_behind_a_figure_are_those_a_plain_count_finds(database: Database, since: date, until: date) -> None:
    fill(database, 4_000, datetime(2026, 2, 15, tzinfo=NOW.tzinfo))
    firms: dict[tuple[str, str, str], set[UUID]] = defaultdict(set)
    with database.reading() as connection:
        for flow, firm, mode, country, chapter in fetch(connection, _FACTS, {"since": since, "until": until}):
            for table, key in (("mode", mode), ("country", country), ("section", section_of(chapter))):
                firms[table, key, FLOWS[flow]].add(firm)
        counted = contributors(connection, since, until)
    told = {(table, key, flow): n for table, keys in counted.items() for key, flows in keys.items() for flow, n in flows.items()}
    assert told == {figure: len(each) for figure, each in firms.items()}
    assert len(told) > 25
    assert max(told.values()) > 5
