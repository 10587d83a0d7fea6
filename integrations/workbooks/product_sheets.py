"""Sheets of products (``enterprises.ports``): judged by the fields that the JSON API judges a product by."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from marshmallow import ValidationError

from ccezone.bills.ports import CellFault, CellRepair, RefusedRow, SheetDocument
from ccezone.enterprises.ports import ProductRow
from ccezone.kernel.errors import Fault
from integrations.workbooks.workbook import SheetTable, open_table
from schemas.derive.workbook import PRODUCTS
from schemas.rest.faults import faults_of
from schemas.rest.inputs import as_in
from schemas.rest.master_data import ProductBody

_ROW = ProductBody.from_dict({"item_no": as_in("CEB621Message", "list", "item_no", default=None)}, name="ProductRow")()


class ProductTables:
    """Opens sheets of products (``enterprises.ports.ProductSheets``)."""

    def open(self, content: bytes) -> "ProductTable":
        """Open a file. Raises ``Refused``: see the port."""
        return ProductTable(open_table(content, PRODUCTS))


class ProductTable:
    """One sheet of products, opened."""

    def __init__(self, table: SheetTable) -> None:
        self._table = table
        self._documents: dict[int, SheetDocument] = {}
        self._repairs: list[CellRepair] = []

    @property
    def rows(self) -> int:
        return self._table.rows

    @property
    def blank(self) -> int:
        return self._table.blank

    def read(self) -> Iterator[ProductRow]:
        """Read the products; what a cell is spoiled by is not told twice."""
        for document in self._table.read():
            self._documents[document.rows[0]] = document
            self._repairs += document.repairs
            values, found = _judged(document.body)
            spoiled = {each.fault.pointer for each in document.faults}
            faults = [*(each.fault for each in document.faults), *(fault for fault in found if fault.pointer not in spoiled)]
            yield ProductRow(document.rows[0], len(document.rows), values, faults)

    def result(self, refused: Mapping[int, Sequence[Fault]], counts: Mapping[str, int], locale: Literal["zh", "en"]) -> bytes:
        """Write what goes back, and every repair."""
        rows = (row for number, faults in refused.items() for row in self._refused(self._documents[number], faults))
        return self._table.result(rows, self._repairs, counts, locale)

    def _refused(self, document: SheetDocument, faults: Sequence[Fault]) -> Iterator[RefusedRow]:
        own: list[CellFault] = list(document.faults)
        read = {(each.fault.pointer, each.fault.code) for each in own}
        for fault in faults:
            if (fault.pointer, fault.code) not in read:
                own += self._table.places(document, fault)
        for number in document.rows:
            mine = [each for each in own if each.row == number] or [CellFault(number, -1, own[0].fault)]
            yield RefusedRow(number, self._table.cells(number), mine)


def _judged(body: Mapping[str, object]) -> tuple[Mapping[str, Any], list[Fault]]:
    try:
        return dict(_ROW.load(body)), []
    except ValidationError as error:
        return {}, faults_of(error.messages_dict)
