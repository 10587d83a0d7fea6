"""A table somebody put together, as a workbook: a title, heads, rows; numbers stay numbers."""

import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter

Value = str | int | Decimal | None


def table_workbook(title: str, heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> bytes:
    """Return a table as a workbook; the first column holds names, texts are never taken for formulas."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, amount = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "#,##0.##"})
        sheet = book.add_worksheet()
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, len(heads), 17)
        sheet.write_string(0, 0, title, bold)
        sheet.write_row(2, 0, heads, bold)
        for line, row in enumerate(rows, 3):
            for at, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, at, value)
                elif value is not None:
                    sheet.write_number(line, at, value, amount)
        sheet.freeze_panes(3, 1)
    return buffer.getvalue()
