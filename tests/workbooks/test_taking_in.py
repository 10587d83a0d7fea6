"""Uploaded workbooks through the whole hub: good rows are taken, bad ones come back; a killed worker loses and doubles nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from ccezone.background.queries import job
from ccezone.background.service import LEASE, run_next_job
from ccezone.bills.ports import SheetDocument, Workbook
from ccezone.bills.queries.workbooks import counts_of
from ccezone.bills.service import workbooks as service
from ccezone.bills.service.workbooks import JOB, TakeWorkbookIn, Uploader, WorkbookUpload, drop_workbook_parts, upload_workbook
from ccezone.enterprises.rules import Status
from ccezone.enterprises.service import set_status
from ccezone.kernel.errors import Refused
from integrations.workbooks import SheetWorkbooks
from tests.hub.bills import order, payment, waybill
from tests.hub.harness import Hub
from tests.workbooks.sheets import grid, orders, result_of, rows_of, upload, xlsx

pytestmark = pytest.mark.storage
NUMBER, UNIT, VALUE = "电商订单/海外仓订仓单编号", "计量单位", "商品金额"


def settled(counts: object) -> tuple[int, ...]:
    """Rows, accepted, replayed, rejected, blank; they add up."""
    assert isinstance(counts, dict)
    rows, *parts = (int(counts[name]) for name in ("rows", "accepted", "replayed", "rejected", "blank"))
    assert rows == sum(parts)
    return rows, *parts


def single(count: int) -> list[dict[str, object]]:
    """Rows of orders of one line each."""
    return [row | {"商品序号": 1.0} for number in range(1, count + 1) for row in orders(1, number)[:1]]


def cells(content: bytes, sheet: int = 0) -> list[list[str]]:
    """The cells of a sheet."""
    return [
        [str(cell) for cell in row] for row in CalamineWorkbook.from_object(BytesIO(content)).get_sheet_by_index(sheet).to_python()
    ]


def test_good_rows_become_orders(hub: Hub) -> None:
    rows = orders(3)
    done = upload(hub, xlsx(rows))
    assert (done.state, done.faults) == ("done", [])
    assert settled(done.result) == (len(rows), len(rows), 0, 0, 0)
    assert done.file_id is None, "nothing goes back"
    assert {row[0] for row in hub.rows("SELECT order_no FROM order_version")} == {order(n)["order_no"] for n in (1, 2, 3)}
    assert {row[0] for row in hub.rows("SELECT source FROM intake_batch")} == {"workbook"}


def test_every_kind_of_bill_is_known_by_its_headings(hub: Hub) -> None:
    bills = [order(1), payment(1), waybill(1), order(1, "I"), payment(1, "I"), waybill(1, "I")]
    for bill in bills:
        done = upload(hub, xlsx(rows_of(bill)), sender=bill.sender)
        assert (done.state, done.result["rejected"], done.result["kind"]) == ("done", 0, bill.kind.value), bill.message_type


def test_shipping_links_come_by_workbook_with_and_without_lines(hub: Hub) -> None:
    rows = []
    for number, lines in ((1, ("", "")), (2, (1.0, 1.0))):
        sold, sent = order(number), waybill(number)
        names = ("merchant_code", "platform_code", "order_no")
        head = [sold[name] for name in names] + [sent["carrier_code"], sent["waybill_no"]]
        rows.append([*head, "", *lines])
    heading = ["电商企业代码", "电商平台代码", "订单编号", "物流企业代码", "物流运单编号", "报送类型", "商品序号", "数量"]
    done = upload(hub, grid([heading, *rows]), flow="E")
    assert done.result["problems"] == {}
    assert (settled(done.result), done.result["kind"]) == ((2, 2, 0, 0, 0), "link")
    assert [row[0] for row in hub.rows("SELECT jsonb_array_length(lines) FROM link_version ORDER BY order_no")] == [0, 1]


def test_what_a_workbook_brought_is_matched_and_filed_like_any_other(hub: Hub) -> None:
    for bill in (order(1), payment(1), waybill(1)):
        upload(hub, xlsx(rows_of(bill)), sender=bill.sender)
    hub.merge()
    assert hub.match(order(1)).waiting == ["link"]
    hub.dispatch()
    assert len(hub.window.sent) == 3


def test_a_document_comes_back_whole_marked_with_code_reason_and_remedy(hub: Hub) -> None:
    two = next(rows for number in range(1, 40) if len(rows := rows_of(order(number))) == 2)
    done = upload(hub, xlsx([two[0], two[1] | {UNIT: "999"}]))
    assert settled(done.result) == (2, 0, 0, 2, 0)
    header, first, second = cells(result_of(hub, done))
    assert header[:4] == ["问题代码", "问题说明", "处理办法", "原行号"]
    assert (first[0], first[3]) == ("sibling_refused", "2")
    assert (second[0], second[3], second[header.index(UNIT)]) == ("unknown_code", "3", "999")
    assert second[1].startswith(f"{UNIT}: ")


def test_what_comes_back_speaks_the_senders_language(hub: Hub) -> None:
    done = upload(hub, xlsx([row | {UNIT: "999"} for row in single(1)]), locale="en")
    header, row = cells(result_of(hub, done))
    assert header[:3] == ["Problem codes", "Problems", "Remedies"]
    assert "999" in row[1]
    assert done.arguments["locale"] == "en"


def test_repairs_are_counted_by_kind_and_told_cell_by_cell(hub: Hub) -> None:
    rows = single(2)
    done = upload(hub, xlsx([rows[0] | {UNIT: "千克", VALUE: "1,234.50"}, rows[1] | {UNIT: "999"}]))
    assert done.result["repairs"] == {"label_to_code": 1, "thousands": 1}
    told = cells(result_of(hub, done), 1)
    assert told[1:] == [["2", VALUE, "去除千分位", "1,234.50", "1234.50"], ["2", UNIT, "名称换为代码", "千克", "035"]]


def test_repairs_alone_come_back_as_well(hub: Hub) -> None:
    done = upload(hub, xlsx([row | {UNIT: 35.0} for row in single(1)]))
    assert (done.result["rejected"], done.result["repairs"]) == (0, {"leading_zeros": 1})
    assert done.file_id is not None


def test_mended_rows_go_in_and_the_whole_file_again_changes_nothing(hub: Hub) -> None:
    rows = single(4)
    first = upload(hub, xlsx([row | ({UNIT: "999"} if place == 2 else {}) for place, row in enumerate(rows)]))
    header, back = cells(result_of(hub, first))
    back[header.index(UNIT)] = str(rows[2][UNIT])
    assert settled(upload(hub, grid([header, back])).result) == (1, 1, 0, 0, 0)
    assert settled(upload(hub, xlsx(rows)).result) == (4, 0, 4, 0, 0)
    assert hub.count("order_version") == 4


def test_a_change_and_a_deletion_by_workbook(hub: Hub) -> None:
    rows = single(2)
    upload(hub, xlsx(rows))
    hub.clock.advance(minutes=1)
    done = upload(hub, xlsx([rows[0] | {"报送类型": "变更", "备注": "改"}, rows[1] | {"报送类型": "3"}]))
    assert settled(done.result) == (2, 2, 0, 0, 0)
    assert sorted(row[0] for row in hub.rows("SELECT app_type FROM order_version")) == [1, 1, 2, 3]


def test_faults_of_reading_and_of_the_schema_are_told_together(hub: Hub) -> None:
    done = upload(hub, xlsx([row | {VALUE: 1e17, UNIT: "999", "企业商品名称": ""} for row in single(1)]))
    assert done.result["problems"] == {"digits_lost": 1, "unknown_code": 1, "required": 1}


def test_another_firms_orders_are_refused_row_by_row(hub: Hub) -> None:
    done = upload(hub, xlsx(single(2)), sender="payment_export")
    assert (done.result["rejected"], done.result["problems"]) == (2, {"sender_not_entitled": 2})


class Died(BaseException):
    """The worker's process is gone."""


@dataclass
class Dying:
    """Workbooks whose reading kills the worker after some documents."""

    after: int

    def open(self, content: bytes, message_type: str | None = None) -> Workbook:
        book: Any = SheetWorkbooks().open(content, message_type)
        whole = book.read

        def read(skip: int = 0) -> Iterator[SheetDocument]:
            for place, document in enumerate(whole(skip), start=skip):
                if place == self.after:
                    raise Died
                yield document

        book.read = read
        found: Workbook = book
        return found


def requested(hub: Hub, content: bytes) -> UUID:
    """Ask for a workbook to be taken in."""
    with hub.database.begin() as uow:
        by = Uploader(hub.party("platform_export"), "test")
        return upload_workbook(uow, hub.vault, hub.clock, by, WorkbookUpload("orders.xlsx", content))


def worker(hub: Hub, dies_after: int | None = None) -> TakeWorkbookIn:
    """A worker that may die on the way."""
    books: Any = SheetWorkbooks() if dies_after is None else Dying(dies_after)
    return TakeWorkbookIn(hub.database, hub.vault, hub.clock, hub.deliveries, books, together=2)


def test_another_worker_goes_on_where_one_was_killed_and_nothing_is_lost_or_doubled(hub: Hub) -> None:
    rows = [row | ({UNIT: "999"} if place in (1, 6) else {}) for place, row in enumerate(single(8))]
    job_id = requested(hub, xlsx(rows))
    for dies_after in (5, 7):
        with pytest.raises(Died):
            run_next_job(hub.database, {JOB: worker(hub, dies_after)}, hub.clock)
        hub.clock.advance(seconds=LEASE.total_seconds() + 1)
    with hub.database.reading() as connection:
        counts = counts_of(connection, job_id)
    assert (counts.accepted, counts.replayed, counts.rejected) == (5, 0, 1), "three stretches of two are settled"
    run_next_job(hub.database, {JOB: worker(hub)}, hub.clock)
    with hub.database.reading() as connection:
        done = job(connection, job_id)
    assert done is not None
    assert settled(done.result) == (8, 6, 0, 2, 0)
    assert (hub.count("order_version"), hub.count("workbook_part")) == (6, 4)
    assert len(cells(result_of(hub, done))) == 3


def test_a_suspended_firm_and_a_file_that_cannot_be_read_fail_as_a_whole(hub: Hub) -> None:
    unread = upload(hub, b"a,b,c\n1,2,3\n", "list.csv")
    assert (unread.state, [fault.code for fault in unread.faults]) == ("failed", ["workbook_no_heading"])
    job_id = requested(hub, xlsx(single(1)))
    with hub.database.begin() as uow:
        set_status(uow, hub.party("platform_export").id, Status.SUSPENDED, hub.clock)
    run_next_job(hub.database, {JOB: worker(hub)}, hub.clock)
    with hub.database.reading() as connection:
        done = job(connection, job_id)
    assert done is not None
    assert [fault.code for fault in done.faults] == ["party_not_registered"]
    assert hub.count("order_version") == 0


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"%PDF-1.7", "file_kind")])
def test_what_is_no_table_is_refused_at_once(hub: Hub, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        requested(hub, content)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_a_file_beyond_50_megabytes_is_refused(hub: Hub) -> None:
    with pytest.raises(Refused) as refused:
        requested(hub, b"a," * (service.MOST_BYTES // 2) + b"b")
    assert [fault.code for fault in refused.value.faults] == ["file_too_large"]


def test_what_is_kept_of_a_workbook_goes_when_its_time_is_over(hub: Hub) -> None:
    upload(hub, xlsx(single(1)))
    hub.clock.advance(days=91)
    with hub.database.begin() as uow:
        assert drop_workbook_parts(uow, hub.clock) == 1
