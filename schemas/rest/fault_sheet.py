"""The faults of a batch as a workbook: one row a fault, in the order of the documents."""

from collections.abc import Iterable, Mapping
from io import BytesIO

import xlsxwriter

from schemas.codes import Locale

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    ("position", "第几份", "Document", 10),
    ("document", "单证编号", "Number", 28),
    ("pointer", "位置", "Where", 30),
    ("code", "问题代码", "Problem code", 22),
    ("message", "问题", "What is wrong", 50),
    ("remedy", "处理办法", "What to do", 50),
)


def fault_sheet(errors: Iterable[Mapping[str, object]], locale: Locale) -> bytes:
    """Return the workbook; ``position`` counts from 1 in it, as people do. Nothing in a cell is taken for a formula."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("退回原因" if locale == "zh" else "Faults")
        bold = book.add_format({"bold": True})
        for column, (_name, zh, en, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, zh if locale == "zh" else en, bold)
        sheet.freeze_panes(1, 0)
        for row, error in enumerate(errors, 1):
            sheet.write_number(row, 0, int(str(error["position"])) + 1)
            for column, (name, *_label) in enumerate(_COLUMNS[1:], 1):
                sheet.write_string(row, column, str(error[name]))
    return target.getvalue()
