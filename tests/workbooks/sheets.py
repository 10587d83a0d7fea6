"""Workbooks as firms make them: rows of values under headings, in xlsx or csv."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ccezone.background.queries import JobView, job
from ccezone.background.service import run_next_job
from ccezone.bills.ports import SheetDocument
from ccezone.bills.service.workbooks import JOB, TakeWorkbookIn, Uploader, WorkbookUpload, upload_workbook
from ccezone.cases.queries import read_file
from integrations.workbooks import SheetWorkbooks
from integrations.workbooks.workbook import SheetWorkbook
from schemas.derive.workbook import sheet
from tests.hub.bills import Bill, order
from tests.hub.harness import Hub

Rows = Sequence[Sequence[object]]


def rows_of(*bills: Bill) -> list[dict[str, object]]:
    """Bills as rows, one a line, under Chinese headings: numbers as numbers, everything else as text."""
    return [row for bill in bills for row in _rows(bill)]


def _rows(bill: Bill) -> Iterator[dict[str, object]]:
    shape = sheet(bill.message_type)
    lines: Any = bill.values.get("lines") or [{}]
    for line in lines:
        row: dict[str, object] = {}
        for column in shape.columns:
            source: Mapping[str, object] = line if column.part == "line" else bill.values
            value = source.get(column.attribute)
            if column.name == "appType" or value is None:
                value = ""
            row[column.label_zh] = float(str(value)) if column.kind in ("decimal", "integer") and value != "" else str(value)
        yield row


def orders(count: int, first: int = 1) -> list[dict[str, object]]:
    """Rows of export orders."""
    return rows_of(*(order(number) for number in range(first, first + count)))


def xlsx(rows: Sequence[Mapping[str, object]], **book: Any) -> bytes:
    """Write rows under their headings."""
    return grid([list(rows[0]), *(list(row.values()) for row in rows)], **book)


def grid(rows: Rows, *, name: str = "订单", **book: Any) -> bytes:
    """Write cells as they are; ``book`` are options of the workbook."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **book}) as made:
        write(made.add_worksheet(name), rows)
    return target.getvalue()


def write(worksheet: Worksheet, rows: Rows) -> None:
    """Fill a worksheet: texts stay texts."""
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str):
                worksheet.write_string(number, place, value)
            elif isinstance(value, int | float):
                worksheet.write(number, place, value)


def csv_text(rows: Sequence[Mapping[str, object]], separator: str = ",") -> str:
    """Write rows as CSV text."""
    target = StringIO()
    writer = csv.writer(target, delimiter=separator)
    writer.writerow(list(rows[0]))
    writer.writerows([list(row.values()) for row in rows])
    return target.getvalue()


def opened(content: bytes, message_type: str | None = None) -> SheetWorkbook:
    """Open a file as intake does."""
    return SheetWorkbooks().open(content, message_type)


def read_one(rows: Sequence[Mapping[str, object]]) -> SheetDocument:
    """Read the first document of rows."""
    return next(opened(xlsx(rows)).read())


def upload(hub: Hub, content: bytes, name: str = "orders.xlsx", sender: str = "platform_export", **more: Any) -> JobView:
    """Upload a workbook and let a worker take it in."""
    with hub.database.begin() as uow:
        by = Uploader(hub.party(sender), "test")
        job_id = upload_workbook(uow, hub.vault, hub.clock, by, WorkbookUpload(name, content, **more))
    handler = TakeWorkbookIn(hub.database, hub.vault, hub.clock, hub.deliveries, SheetWorkbooks())
    while run_next_job(hub.database, {JOB: handler}, hub.clock):
        pass
    with hub.database.reading() as connection:
        found = job(connection, job_id)
    assert found is not None
    return found


def result_of(hub: Hub, done: JobView) -> bytes:
    """The workbook that came back."""
    assert done.file_id is not None
    with hub.database.reading() as connection:
        return read_file(connection, hub.vault, done.file_id)
