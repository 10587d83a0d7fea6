"""Lists that were rejected and warehouses abroad in a return's indicators; settlements stand in ``test_strands``."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from ccezone.parameters.queries import book
from ccezone.statistics.queries.indicator_rows import Row, indicator_rows
from ccezone.statistics.queries.return_outcomes import outcomes
from ccezone.statistics.queries.returns import registered
from ccezone.statistics.service import refresh_figures
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
_ABROAD = """
INSERT INTO node (id, code, kind, name, name_en, address, country, document, open_from, open_to, created_at, updated_at)
VALUES (gen_random_uuid(), %(code)s, 'overseas', %(code)s, %(code)s, '', '502', '', %(since)s::date, %(until)s::date, now(), now())
"""


def january(hub: Hub) -> dict[str, Decimal | None]:
    with hub.database.reading() as connection:
        return dict(outcomes(connection, book(connection, "GZ"), date(2026, 1, 1), date(2026, 1, 31)))


def behind(hub: Hub, kind: str, after: str = "") -> Sequence[Row]:
    with hub.database.reading() as connection:
        return indicator_rows(connection, book(connection, "GZ"), kind, date(2026, 1, 1), date(2026, 1, 31), after, 500)


def test_the_share_of_rejected_lists_and_the_warehouses_open_at_the_end_of_a_month(hub: Hub) -> None:
    before = january(hub)
    assert before["rejection_rate"] is None
    assert (before["refund_total"], before["refund_days"], before["settle_days"]) == (Decimal(0), None, None)
    first, *others = hub.imports(4)
    hub.dispatch()
    hub.answer(first, 100)
    for each in others:
        hub.answer(each, 120, 800)
    for code, since, until in (("OW-1", "2025-01-01", None), ("OW-2", "2025-01-01", "2026-01-31"),
                               ("OW-3", "2025-01-01", "2026-01-30"), ("OW-4", "2026-02-01", None)):  # fmt: skip
        hub.change(_ABROAD, code=code, since=since, until=until)
    hub.clock.advance(hours=1)
    refresh_figures(hub.database, hub.clock, "GZ")
    told = january(hub)
    assert told["rejection_rate"] == 25
    assert Decimal(told["warehouses"] or 0) - Decimal(before["warehouses"] or 0) == 2
    assert [row.of for row in behind(hub, "rejections")] == [str(first)]
    assert {row.document for row in behind(hub, "warehouses")} >= {"OW-1", "OW-2"}
    assert len(behind(hub, "warehouses")) == told["warehouses"]
    with hub.database.reading() as connection:
        assert len(behind(hub, "registrations")) == registered(connection, date(2026, 1, 1), date(2026, 1, 31)) > 0
    for bad in ("x", "1"):
        with pytest.raises(ValueError, match=r"invalid|badly"):
            behind(hub, "registrations", bad)
