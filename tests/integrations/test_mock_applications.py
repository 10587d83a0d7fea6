"""Applications about released lists at the mock: summaries become customs declarations, goods come back within what went."""

from decimal import Decimal
from typing import Any

import pytest

from integrations.mockservers.single_window.layout import LAYOUTS, SUMMED_HEAD
from integrations.mockservers.single_window.records import unpack, widened
from tests.integrations.conftest import Window, codes
from tests.integrations.trades import document, guid, message

pytestmark = pytest.mark.storage
CLOSED = "40032026E000000004"
RELEASED = "40172026I000000004"


def sum_up(window: Window, *list_nos: str, number: int = 1, **changes: object) -> None:
    """Post a summary of lists."""
    lines = [{"list_no": each} for each in list_nos]
    said = document("CEB701Message", guid=guid("701", number), cop_no=f"S{number}", lines=lines, **changes)
    window.post("CEB701Message", message("CEB701Message", said))


def send_back(window: Window, flow: str, qty: str, number: int = 1, **changes: object) -> None:
    """Post a return of the first line of the released list."""
    kind = "CEB213Message" if flow == "E" else "CEB625Message"
    sample: Any = document(kind)
    line = {**sample["lines"][0], "qty": Decimal(qty), **changes}
    numbered = {"co_el_no": f"R{number}"} if flow == "E" else {"cop_no": f"R{number}"}
    said = {"guid": guid(kind, number), "list_no": CLOSED if flow == "E" else RELEASED, "lines": [line], **numbered}
    window.post(kind, message(kind, document(kind, **said), keys=window.keys if flow == "I" else None))


def exported(window: Window, path: str = "B") -> None:
    """An export list, closed."""
    window.post_trade(documents={"CEB603Message": document("CEB603Message", declaration_path=path)})
    window.work()


def test_a_summary_is_accepted_and_told_of_three_times_with_ever_more_numbers(window: Window) -> None:
    exported(window)
    sum_up(window, CLOSED)
    receipts = window.work()
    assert codes(receipts, "CEB702Message") == [2, 3, 399]
    told = sorted((each for each in receipts if each.message_type == "CEB792Message"), key=lambda each: each.returned_at)
    known = [{name for name in ("dec_tmp_no", "dec_pre_no", "entry_id") if name in each.content} for each in told]
    assert known == [{"dec_tmp_no"}, {"dec_tmp_no", "dec_pre_no"}, {"dec_tmp_no", "dec_pre_no", "entry_id"}]
    answer = next(each for each in receipts if each.message_type == "CEB702Message")
    assert {each.keys["sum_no"] for each in told} == {answer.keys["sum_no"]}
    assert str(told[-1].content["entry_id"]).isdigit()


@pytest.mark.parametrize("path", ["A", "B"])
def test_only_closed_lists_of_the_summary_path_are_summed_up_and_only_once(window: Window, path: str) -> None:
    exported(window, path)
    sum_up(window, CLOSED)
    assert codes(window.work(), "CEB702Message")[-1] == (399 if path == "B" else -703001)
    sum_up(window, CLOSED, number=2)
    (refusal,) = [each for each in window.work() if each.code < 0]
    assert CLOSED in refusal.info


def test_unknown_lists_are_refused_by_name_and_a_switch_refuses_or_delays(window: Window) -> None:
    exported(window)
    sum_up(window, "40032026E000000099")
    (refusal,) = [each for each in window.work() if each.code < 0]
    assert "40032026E000000099" in refusal.info
    window.throw(rules=[{"effect": "reject", "message_types": ["CEB701Message"]}], duplicate=1.0, reorder=True)
    sum_up(window, CLOSED, number=2)
    assert codes(window.work(), "CEB702Message") == [2, 2, 3, 3, 100, 100]


@pytest.mark.parametrize(("flow", "granted"), [("E", 800), ("I", 399)])
def test_goods_come_back_as_far_as_they_went_over_all_returns(window: Window, flow: str, granted: int) -> None:
    window.post_trade() if flow == "E" else window.post_import()
    window.work()
    answer = "CEB214Message" if flow == "E" else "CEB626Message"
    send_back(window, flow, "1")
    assert codes(window.work(), answer) == [2, 3, 120, 300, granted]
    send_back(window, flow, "500", number=2)
    assert codes(window.work(), answer)[-1] == 100
    send_back(window, flow, "1", number=3, hs_code="9999999999")
    assert codes(window.work(), answer)[-1] == -625209


def test_what_comes_back_of_an_import_leaves_the_national_ledger(window: Window) -> None:
    window.post_import()
    window.work()
    used = _used(window)
    send_back(window, "I", "1")
    window.work()
    assert _used(window) < used


def test_a_list_of_an_older_version_keeps_what_it_said() -> None:
    layout = LAYOUTS["CEB603Message"]
    new = [name in SUMMED_HEAD for name in layout.head]
    older = "\x1f".join(name for name in layout.head if name not in SUMMED_HEAD) + "\x1c"
    found = unpack(layout, widened(older, new, [name == "country" for name in layout.lines]), 1, 0, 0)
    assert all(value == ("" if name in SUMMED_HEAD else name) for name, value in found.head.items())


def _used(window: Window) -> Decimal:
    with window.service.connections.transaction() as connection:
        row = connection.execute("SELECT sum(amount) FROM quota_entries").fetchone()
    assert row is not None
    return Decimal(row[0])
