"""The demo's inspections: orders in several states, a published draw that replays, and nothing twice."""

import pytest

from ccezone.demo.credit import found_credit
from ccezone.demo.inspecting import found_inspections
from ccezone.demo.zone import NODE
from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import OrderFilter, count_orders
from ccezone.inspection.queries.draws import plans, publication
from ccezone.inspection.rules.drawing import replay
from tests.hub.harness import Hub
from tests.inspection.test_orders import today

pytestmark = pytest.mark.storage


def test_the_demo_is_inspected_once_and_its_draw_replays(hub: Hub) -> None:
    found_credit(hub.database, NODE, hub.clock)
    opened = found_inspections(hub.database, NODE, hub.clock)
    assert found_inspections(hub.database, NODE, hub.clock) == 0
    with hub.database.reading() as connection:
        counts = count_orders(connection, OrderFilter(today(hub)))
        draft, done = plans(connection, ["draft", "drawn"])
        told = publication(connection, done.id, "drawn")
        parties = directory(connection).by_id.values()
    assert (counts["pass"], counts["fail"], counts["open"]) == (2, 1, opened - 3)
    assert (draft.state, done.state) == ("draft", "drawn")
    assert told is not None
    assert replay(told.document).same
    assert all(each.auto_submit_allowed and each.may_file for each in parties)
