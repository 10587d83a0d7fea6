"""Uploaded tables of statistical feeds (``ccezone.bills.ports.SheetTables``)."""

from integrations.workbooks.workbook import SheetTable, found_in
from schemas.derive.workbook import FEED


class FeedSheets:
    """Opens tables of feeds."""

    def open(self, content: bytes) -> SheetTable:
        """Open a file. Raises ``Refused``: see the port."""
        return SheetTable(*found_in(content, [FEED]))
