"""``ccezone submit`` with workbooks: posted, followed, what comes back saved beside the file."""

from pathlib import Path

import pytest

from tests.submit.conftest import Run
from tests.submit.hub import FakeHub, progress, taken
from tests.workbooks.sheets import csv_text, orders, xlsx

BATCH = "/api/v1/batches/b-1"


def told(state: str, **counts: int) -> dict[str, object]:
    """What the hub says of a workbook."""
    rows = {"rows": 3, "accepted": 0, "replayed": 0, "rejected": 0, "blank": 0, **counts}
    return {**progress(), "workbook": {"state": state, "percent": 100, "errors": [], **rows}}


@pytest.mark.parametrize("name", ["orders.xlsx", "orders.csv"])
def test_a_workbook_is_posted_in_the_name_of_the_sender_its_rows_name(run: Run, hub: FakeHub, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rows = orders(2)
    path.write_bytes(xlsx(rows) if name.endswith("xlsx") else csv_text(rows).encode())
    hub.will("POST", "/api/v1/batches", 202, taken(0))
    hub.will("GET", BATCH, 200, told("done", accepted=3))
    result = run(path)
    assert result.exit_code == 0, result.output
    assert (hub.asked[0].path, hub.asked[0].token) == ("/api/v1/batches", "token-platform_export")
    assert "3 行 rows = 新收下 accepted 3 + 重复 replayed 0 + 退回 sent back 0 + 空行 blank 0" in result.output


def test_rows_that_come_back_are_saved_beside_the_file_and_fail_the_call(run: Run, hub: FakeHub, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(xlsx(orders(1)))
    hub.will("POST", "/api/v1/batches", 202, taken(0))
    hub.will("GET", BATCH, 200, told("running"))
    hub.will("GET", BATCH, 200, told("done", accepted=2, rejected=1))
    hub.will("GET", f"{BATCH}/errors", 200, {"a": "workbook"})
    result = run(path)
    assert result.exit_code == 1
    assert (tmp_path / "orders-to-mend.xlsx").read_bytes() == b'{"a": "workbook"}'


def test_a_workbook_the_hub_could_not_use_is_never_posted(run: Run, hub: FakeHub, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    result = run(path)
    assert result.exit_code == 1
    assert "未找到表头" in result.output
    assert [asked for asked in hub.asked if asked.method == "POST"] == []
