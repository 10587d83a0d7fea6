"""From three bills to release, over HTTP and by ``ccezone submit``, through every process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.messages.ceb.samples import Mode
from tests.hub.bills import Bill, export_bills, import_bills, message, order, waybill
from tests.hub.link_json import link_json
from tests.hub.waiting import until
from tests.journeys.desk import BONDED, EXPORT_HEAD, Desk
from tests.journeys.running import Running
from tests.web.declaring_site import EXPORT

pytestmark = [pytest.mark.journey, pytest.mark.storage, pytest.mark.timeout(420)]
SECONDS = 20.0  # 5 on an idle machine


def named(bills: list[Bill], order_no: str) -> list[Bill]:
    """The same bills under an order number that asks the single window for a fate."""
    return [bill.but(order_no=order_no) if "order_no" in bill.values else bill for bill in bills]


def test_a_clean_export_is_released_and_closed(system: Running) -> None:
    bills = export_bills(1)
    system.post(*bills)
    assert system.wait_for(bills[0], "899", seconds=SECONDS) == "899"
    (codes,) = system.rows(
        """
        SELECT array_agg(DISTINCT r.code ORDER BY r.code) FROM receipt r JOIN declaration_list d ON d.id = r.subject
        WHERE r.kind = 604 AND d.order_no = %(number)s
        """,
        number=bills[0]["order_no"],
    )[0]
    assert codes == [2, 3, 120, 399, 400, 800, 899]


def test_a_clean_bonded_import_is_released_with_its_tax_bill(system: Running) -> None:
    bills = import_bills(1)
    system.post(*bills)
    assert system.wait_for(bills[0], "800", seconds=SECONDS) == "800"
    statement = """
        SELECT t.value_added_tax = (d.tax ->> 'vat')::numeric FROM tax_bill t JOIN declaration_state s ON s.list_no = t.list_no
        JOIN declaration_list d ON d.id = s.id WHERE d.order_no = %(number)s
    """
    until(lambda: system.rows(statement, number=bills[0]["order_no"]) == [(True,)], SECONDS, what="the tax bill")


def test_a_direct_purchase_is_released(system: Running) -> None:
    bills = import_bills(3, mode="9610")
    system.post(*bills)
    assert system.wait_for(bills[0], "800", seconds=SECONDS) == "800"


def test_bills_keep_the_receipts_of_customs(system: Running) -> None:
    bills = export_bills(5)
    system.post(*bills)
    system.wait_for(bills[0], "899", seconds=SECONDS)
    kinds = "SELECT DISTINCT kind FROM receipt WHERE kind IN (304, 404, 506)"
    until(lambda: len(system.rows(kinds)) == 3, SECONDS, what="receipts of all three bills")


def test_goods_that_have_not_arrived_rest_and_move_on_once_they_have(system: Running) -> None:
    system.switch(auto_arrival=False)
    bills = export_bills(9)
    system.post(*bills)
    assert system.wait_for(bills[0], "399", "400", seconds=SECONDS) in ("399", "400")
    until(lambda: system.states(bills[0]) == ["400"], SECONDS, what="rest at 400")
    system.arrive(bills[0])
    assert system.wait_for(bills[0], "800", seconds=SECONDS) == "800"
    system.arrive(bills[0], departed=True)
    assert system.wait_for(bills[0], "899", seconds=SECONDS) == "899"


def test_everything_twice_leaves_the_same_rows(system: Running) -> None:
    bills = [*export_bills(13), *import_bills(5)]
    system.post(*bills)
    system.wait_for(bills[0], "899", seconds=SECONDS)
    system.wait_for(bills[4], "800", seconds=SECONDS)
    tables = ("order_version", "payment_version", "waybill_version", "link_version", "declaration_list", "submission")
    before = [system.count(table) for table in tables]
    again = system.post(*bills)
    assert [answer["replayed"] for answer in again] == [1] * 7
    until(lambda: system.count("merge_queue") == system.count("outbox_item") == 0, SECONDS, what="empty queues")
    assert [system.count(table) for table in tables] == before


@pytest.mark.parametrize(
    ("fate", "number", "state"), [("REJECT", 17, "100"), ("INSPECT", 21, "899"), ("REVIEW", 25, "899"), ("DROP", 29, "2")]
)
def test_an_order_number_may_ask_for_its_fate(system: Running, fate: str, number: int, state: str) -> None:
    bills = named(export_bills(number), f"E-{fate}-{number}")
    system.post(*bills)
    assert system.wait_for(bills[0], state, seconds=SECONDS) == state


def test_receipts_twice_and_shuffled_end_in_the_same_state(system: Running) -> None:
    system.switch(duplicate=1.0, reorder=True)
    exports, imports = [export_bills(number) for number in range(33, 60, 4)], [import_bills(number) for number in range(7, 21, 2)]
    for bills in (*exports, *imports):
        system.post(*bills)
    for bills in exports:
        system.wait_for(bills[0], "899", seconds=SECONDS)
    for bills in imports:
        system.wait_for(bills[0], "800", seconds=SECONDS)
    (repeated,) = system.rows("SELECT count(*) - count(DISTINCT (kind, subject, submission, code, returned_at)) FROM receipt")[0]
    assert repeated == 0


def test_a_single_window_that_is_down_only_delays(system: Running) -> None:
    system.switch(down=True)
    bills = export_bills(61)
    system.post(*bills)
    until(lambda: system.states(bills[0]) == ["sent"], SECONDS, what="a packed list")
    system.switch(down=False)
    assert system.wait_for(bills[0], "899", seconds=SECONDS) == "899"


def ask(system: Running, bill: Bill, act: str, body: dict[str, object], by: str) -> None:
    """Cancel or change the list of an order over the API."""
    ((number,),) = system.rows("SELECT id FROM declaration_list WHERE order_no = %(number)s", number=bill["order_no"])
    path = f"/api/v1/declarations/{number}/{act}"
    answer = system.post_raw(path, json.dumps(body).encode(), by, "application/json")
    assert answer.status_code == 202, answer.text


def applications(system: Running, bill: Bill) -> list[str]:
    """The states of the applications to cancel an order's list."""
    statement = """
        SELECT c.state FROM cancellation c JOIN declaration_list d ON d.id = c.declaration_id
        WHERE d.order_no = %(number)s ORDER BY c.number
    """
    return [row[0] for row in system.rows(statement, number=bill["order_no"])]


def test_an_export_is_cancelled_though_its_receipts_come_twice_and_shuffled(system: Running) -> None:
    system.switch(auto_arrival=False, duplicate=1.0, reorder=True)
    bills = export_bills(301)
    system.post(*bills)
    system.wait_for(bills[0], "400", seconds=SECONDS)
    ask(system, bills[0], "cancel", {"reason": "买家取消订单"}, "furniture")
    assert system.wait_for(bills[0], "430", seconds=SECONDS) == "430"
    until(lambda: applications(system, bills[0]) == ["399"], SECONDS, what="the approval")
    (codes,) = system.rows(
        """
        SELECT array_agg(r.code ORDER BY r.returned_at, r.code) FROM receipt r JOIN declaration_list d ON d.id = r.subject
        WHERE r.kind = 606 AND d.order_no = %(number)s
        """,
        number=bills[0]["order_no"],
    )[0]
    assert sorted(codes) == [2, 3, 399]


def lists(system: Running, bill: Bill) -> list[tuple[int, str, str]]:
    """Every list of an order, the oldest first: its id, its state, customs' number for it."""
    statement = """
        SELECT d.id, s.state, s.list_no FROM declaration_list d JOIN declaration_state s ON s.id = d.id
        WHERE d.order_no = %(number)s ORDER BY d.id
    """
    return [(row[0], row[1], row[2]) for row in system.rows(statement, number=bill["order_no"])]


def test_a_cancelled_export_is_filed_again_as_a_fresh_list_to_its_end(system: Running) -> None:
    system.switch(auto_arrival=False)
    bills = export_bills(333)
    system.post(*bills)
    system.wait_for(bills[0], "400", seconds=SECONDS)
    ask(system, bills[0], "cancel", {"reason": "更正收货人"}, "furniture")
    system.wait_for(bills[0], "430", seconds=SECONDS)
    system.switch(auto_arrival=True)
    ask(system, bills[0], "submit", {}, "furniture")
    until(lambda: [state for _, state, _ in lists(system, bills[0])] == ["430", "899"], SECONDS, what="the fresh list's end")
    (_, _, former), (_, _, fresh) = lists(system, bills[0])
    assert former != fresh
    assert (system.count("parked_receipt"), system.window("/counts")["stuck"]) == (0, 0)


def test_a_cancelled_import_gives_the_buyers_year_back(system: Running) -> None:
    bills = named(import_bills(303), "I-REVIEW-HOLD-303")
    system.post(*bills)
    system.wait_for(bills[0], "300", seconds=SECONDS)
    ask(system, bills[0], "cancel", {"reason": "买家取消订单"}, "milk")
    assert system.wait_for(bills[0], "430", seconds=SECONDS) == "430"
    statement = """
        SELECT sum(CASE q.kind WHEN 'use' THEN q.amount ELSE -q.amount END) FROM quota_entry q
        JOIN declaration_list d ON d.id = q.declaration_id WHERE d.order_no = %(number)s
    """
    assert [float(row[0]) for row in system.rows(statement, number=bills[0]["order_no"])] == [0]


def test_a_cancellation_that_customs_refuses_lets_the_list_go_on(system: Running) -> None:
    system.switch(auto_arrival=False)
    bills = named(export_bills(305), "E-KEEP-305")
    system.post(*bills)
    system.wait_for(bills[0], "400", seconds=SECONDS)
    ask(system, bills[0], "cancel", {"reason": "买家取消订单"}, "furniture")
    until(lambda: applications(system, bills[0]) == ["100"], SECONDS, what="the refusal")
    system.arrive(bills[0], departed=True)
    assert system.wait_for(bills[0], "899", seconds=SECONDS) == "899"


def test_a_rejected_list_is_changed_and_released(system: Running) -> None:
    system.switch(rules=[{"effect": "reject"}])
    bills = export_bills(309)
    system.post(*bills)
    system.wait_for(bills[0], "100", seconds=SECONDS)
    system.switch(rules=[])
    ask(system, bills[0], "change", {"head": {"note": "已更正"}}, "furniture")
    assert system.wait_for(bills[0], "899", seconds=SECONDS) == "899"
    filings = "SELECT u.number, u.app_type FROM submission u JOIN declaration_list d ON d.id = u.declaration_id"
    found = system.rows(f"{filings} WHERE d.order_no = %(number)s ORDER BY 1", number=bills[0]["order_no"])
    assert found == [(1, 1), (2, 2)]


def test_a_list_is_changed_before_its_review(system: Running) -> None:
    system.switch(time_scale=2)
    bills = export_bills(313)
    system.post(*bills)
    system.wait_for(bills[0], "120", seconds=SECONDS)
    system.switch(time_scale=0)
    ask(system, bills[0], "change", {"head": {"note": "已更正"}}, "furniture")
    assert system.wait_for(bills[0], "899", seconds=SECONDS) == "899"


def test_an_amount_changed_after_the_match_is_a_conflict_with_both_values(system: Running) -> None:
    bills = import_bills(23)
    system.post(bills[0], bills[1])
    system.post(bills[1].changed(amount=bills[0].values["tax_total"]), bills[2])
    verdict = "SELECT verdict, differences FROM order_match WHERE order_no = %(number)s"
    number = bills[0]["order_no"]
    until(lambda: [row[0] for row in system.rows(verdict, number=number)] == ["conflict"], SECONDS, what="the conflict")
    (difference,) = system.rows(verdict, number=number)[0][1]
    assert difference["rule"] == "I02"
    assert float(difference["left"]) == float(str(bills[0].values["actual_paid"]))
    assert float(difference["right"]) == float(str(bills[0].values["tax_total"]))


@pytest.mark.parametrize(("bills", "end"), [(export_bills(101), "899"), (import_bills(101), "800")], ids=["9610", "1210"])
def test_a_clean_order_submitted_as_files_is_released(system: Running, tmp_path: Path, bills: list[Bill], end: str) -> None:
    for place, bill in enumerate(bills):
        done = submit(system, write(tmp_path, place, bill), bill.sender)
        assert done.returncode == 0, done.stdout + done.stderr
    assert system.wait_for(bills[0], end) == end


def test_a_refused_file_is_told_with_its_exit_status(system: Running, tmp_path: Path) -> None:
    done = submit(system, write(tmp_path, 0, export_bills(105)[0]), "oranges")
    assert done.returncode == 1
    assert "/BaseTransfer/copCode" in done.stdout + done.stderr


def write(folder: Path, place: int, bill: Bill) -> Path:
    """Write a bill as the file its sender has."""
    if bill.message_type:
        path = folder / f"{place}.xml"
        path.write_bytes(message(bill))
        return path
    path = folder / "shipping-links.json"
    path.write_text(json.dumps([{"flow": bill.flow, **link_json(bill)}]))
    return path


def submit(system: Running, path: Path, sender: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    words = ["submit", str(path), "--url", system.url, "--token", system.tokens[sender], "--kind", "shipping-links"]
    words = words if path.suffix == ".json" else words[:-2]
    return subprocess.run([sys.executable, "-m", "ccezone.cli", *words], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("mode", "number"), [("9610", 201), ("1210", 205), ("9710", 209), ("9810", 213)])
def test_an_export_typed_into_a_form_is_released_and_closed(system: Running, mode: str, number: int) -> None:
    sent = waybill(number)
    system.post(sent)
    at = Desk(system, "furniture")
    parcel = {"carrier_code": sent["carrier_code"], "waybill_no": sent["waybill_no"]}
    at.declare(f"{mode}/E", {**EXPORT, **EXPORT_HEAD, **(BONDED if mode == "1210" else {}), **parcel, "order_no": f"FORM-{mode}"})
    assert system.wait_for(order(number).but(order_no=f"FORM-{mode}"), "899", seconds=SECONDS) == "899"


@pytest.mark.parametrize(("mode", "number"), [("1210", 217), ("9610", 221)])
def test_an_import_declared_by_form_from_its_order_is_released(system: Running, mode: Mode, number: int) -> None:
    bills = import_bills(number, mode=mode)
    system.post(bills[0])
    statement = "SELECT order_key FROM order_version WHERE order_no = %(number)s"
    ((key,),) = system.rows(statement, number=bills[0]["order_no"])
    Desk(system, "milk").declare(f"{mode}/I", {"filing": "at_once"}, pick=f"take_order:{key}")
    system.post(*bills[1:])
    assert system.wait_for(bills[0], "800", seconds=SECONDS) == "800"
