"""Uploaded tables of sales abroad (``ccezone.tax_refunds.ports.SaleTables``)."""

from integrations.workbooks.workbook import SheetTable, open_table
from schemas.derive.workbook import SALES


class SaleSheets:
    """Opens tables of sales abroad."""

    def open(self, content: bytes) -> SheetTable:
        """Open a file. Raises ``Refused``: see the port."""
        return open_table(content, SALES)
