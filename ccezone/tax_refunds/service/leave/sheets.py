"""Sales abroad from an uploaded table: all of its rows are recorded, or none, with what is wrong in which row."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from ccezone.bills.ports import SheetDocument
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.storage import UnitOfWork
from ccezone.tax_refunds.ports import SaleTable
from ccezone.tax_refunds.service.leave.selling import MOST, Sale, record_sales

_TOLD = 20


def record_sheet(uow: UnitOfWork, merchant: UUID, prerefund_id: UUID, table: SaleTable, actor: str, clock: Clock) -> int:
    """Record a table's sales of a pre-refund's goods; return how many. Raises ``NotFound``, ``Refused``: see ``record_sales``."""
    if table.documents > MOST:
        raise Refused(Fault("/file", "workbook_too_many_rows", {"max": str(MOST)}))
    sales, rows, faults = list[Sale](), list[int](), list[Fault]()
    for document in table.read():
        rows.append(document.rows[0])
        try:
            found = [] if document.faults else [_sale(document)]
        except (ValueError, InvalidOperation):
            found = []
        sales += found
        if not found:
            wrong = [each.fault for each in document.faults] or [Fault("", "leave_row_unreadable")]
            faults += _of_row(document.rows[0], wrong)
    if faults:
        raise Refused(*faults[:_TOLD])
    try:
        return record_sales(uow, merchant, prerefund_id, sales, "sheet", actor, clock)
    except NotFound:
        raise
    except Refused as refused:
        raise Refused(*list(_by_row(refused.faults, rows))[:_TOLD]) from refused


def _by_row(faults: Sequence[Fault], rows: Sequence[int]) -> Iterator[Fault]:
    for fault in faults:
        parts = fault.pointer.split("/")  # /sales/3/sold_on
        if len(parts) > 2 and parts[2].isdecimal():
            yield from _of_row(rows[int(parts[2])], [fault])
        else:
            yield fault


def _of_row(row: int, faults: Sequence[Fault]) -> list[Fault]:
    return [Fault(f"/rows/{row}", "leave_row", {"row": str(row)}), *faults]


def _sale(document: SheetDocument) -> Sale:
    values = {name: str(value) for name, value in document.body.items()}
    quantity, amount = Decimal(values.get("quantity", "")), Decimal(values.get("amount", ""))
    words = (values.get("currency", ""), values.get("warehouse", ""))
    return Sale(values.get("sale_no", "").strip(), _day(values.get("sold_on", "")), quantity, amount, *words)


def _day(text: str) -> date:
    return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007  # a day, without a time
