"""Uploaded workbooks through the whole hub: what is good is taken, what is bad comes back to be mended and sent again."""

import pytest

from tests.hub.bills import order
from tests.hub.harness import Hub
from tests.workbooks.sheets import orders, upload, xlsx

pytestmark = pytest.mark.storage
NUMBER, UNIT = "电商订单/海外仓订仓单编号", "计量单位"


def settled(counts: object) -> tuple[int, ...]:
    """Rows, accepted, replayed, rejected, blank; they add up."""
    assert isinstance(counts, dict)
    rows, *parts = (int(counts[name]) for name in ("rows", "accepted", "replayed", "rejected", "blank"))
    assert rows == sum(parts)
    return rows, *parts


def test_good_rows_become_orders(hub: Hub) -> None:
    rows = orders(3)
    done = upload(hub, xlsx(rows))
    assert (done.state, done.faults) == ("done", [])
    assert settled(done.result) == (len(rows), len(rows), 0, 0, 0)
    assert done.file_id is None, "nothing goes back"
    assert {row[0] for row in hub.rows("SELECT order_no FROM order_version")} == {order(n)["order_no"] for n in (1, 2, 3)}


def test_bad_rows_come_back_and_go_in_once_mended(hub: Hub) -> None:
    rows = orders(3)
    bad = order(2)["order_no"]
    spoiled = [{**row, UNIT: "999"} if row[NUMBER] == bad else row for row in rows]
    size = sum(row[NUMBER] == bad for row in rows)
    first = upload(hub, xlsx(spoiled))
    assert settled(first.result) == (len(rows), len(rows) - size, 0, size, 0)
    assert first.result["problems"] == {"unknown_code": size}
    assert hub.count("order_version") == 2
