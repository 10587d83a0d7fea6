"""Workbooks and CSV files of partners: read with suspicion, mended where that is certain, refused where it is not."""

from integrations.workbooks.evidence import EvidenceSheets
from integrations.workbooks.feed import FeedSheets
from integrations.workbooks.product_sheets import ProductTables
from integrations.workbooks.receipts import ReceiptSheets
from integrations.workbooks.report_sheets import ReportFiles
from integrations.workbooks.workbook import SheetTable, SheetWorkbooks, open_table

__all__ = [
    "EvidenceSheets",
    "FeedSheets",
    "ProductTables",
    "ReceiptSheets",
    "ReportFiles",
    "SheetTable",
    "SheetWorkbooks",
    "open_table",
]
