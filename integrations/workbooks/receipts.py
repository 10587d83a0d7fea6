"""Uploaded tables of receipts of money (``ccezone.bills.ports.SheetTables``)."""

from integrations.workbooks.workbook import SheetTable, open_table
from schemas.derive.workbook import RECEIPTS


class ReceiptSheets:
    """Opens tables of receipts of money."""

    def open(self, content: bytes) -> SheetTable:
        """Open a file. Raises ``Refused``: see the port."""
        return open_table(content, RECEIPTS)
