"""Feeds of what no list declares, and how they count."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from ccezone.statistics.rules.supplements import Method, Source
from ccezone.statistics.service import refresh_figures
from ccezone.statistics.service.supplement_facts import refresh_supplements
from ccezone.statistics.service.supplements import Feed, Taken, take
from tests.hub.harness import Hub
from tests.statistics.returned import ZONE

OFFICER = f"user:{UUID(int=1)}"


def row(waybill: str, amount: str = "100.00", **changes: str) -> dict[str, str]:
    """A line of a feed: an export in yuan."""
    said = {"day": "2026-01-05", "flow": "E", "country": "502", "hs_code": "6109", "currency": "142", "amount": amount}
    return {**said, "waybill_no": waybill, **changes}


def fed(hub: Hub, *rows: Mapping[str, str], source: Source = Source.MAIL, method: Method = Method.ROLL_UP) -> Taken:
    """Take a feed in and count it."""
    with hub.database.begin() as uow:
        taken = take(uow, Feed(source, method, "邮政", "2026-01", "feed.csv"), rows, OFFICER, hub.clock)
    count(hub)
    return taken


def count(hub: Hub) -> None:
    """Let the figures catch up."""
    refresh_figures(hub.database, hub.clock, ZONE)
    refresh_supplements(hub.database, hub.clock, ZONE)


def standings(hub: Hub) -> dict[str, int]:
    """How many facts stand how."""
    return dict(hub.rows("SELECT standing, count(*) FROM supplement_fact GROUP BY 1"))


def worth(hub: Hub, criterion: str = "every") -> Decimal:
    """What supplementary facts come to, in yuan, by the months of a criterion."""
    statement = """SELECT coalesce(sum(value), 0) FROM supplement_total
        WHERE owner = '00000000-0000-0000-0000-000000000000' AND grain = 'M' AND criterion = %(by)s AND standing = 'counted'
            AND currency = '142'"""
    return Decimal(hub.rows(statement, by=criterion)[0][0])


def totals(hub: Hub) -> list[tuple[object, ...]]:
    """All facts and totals, as stored."""
    facts = hub.rows("SELECT * FROM supplement_fact ORDER BY id")
    return facts + hub.rows("SELECT * FROM supplement_total ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9")
