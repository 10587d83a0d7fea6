"""Workbooks made from the one definition of each bill: what columns they have, templates to fill, results to mend."""

from schemas.derive.workbook.columns import MESSAGE_TYPES, Column, Sheet, fold, sheet
from schemas.derive.workbook.evidence import EVIDENCE
from schemas.derive.workbook.feed import FEED
from schemas.derive.workbook.products import PRODUCTS
from schemas.derive.workbook.receipts import RECEIPTS
from schemas.derive.workbook.reports import REPORT
from schemas.derive.workbook.result import FailedRow, RepairRow, Report, write_result
from schemas.derive.workbook.sales import SALES
from schemas.derive.workbook.template import example_number, template, template_of

__all__ = [
    "EVIDENCE",
    "FEED",
    "MESSAGE_TYPES",
    "PRODUCTS",
    "RECEIPTS",
    "REPORT",
    "SALES",
    "Column",
    "FailedRow",
    "RepairRow",
    "Report",
    "Sheet",
    "example_number",
    "fold",
    "sheet",
    "template",
    "template_of",
    "write_result",
]
