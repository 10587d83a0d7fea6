"""The workbook that ``bench workbook`` uploads: made-up export orders of one or two lines, some bad, some cells damaged.

Every hundredth order names a unit that does not exist; of every twentieth the units have lost their leading noughts, as
spreadsheets lose them. Run as a module: PATH ROWS; prints the counts as JSON.
"""

import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from itertools import count

import xlsxwriter

from schemas.derive.workbook import sheet
from schemas.derive.workbook.sample import sample_rows

MESSAGE_TYPE = "CEB303Message"
SENDER = "platform_export"
_BAD_EVERY, _DAMAGED_EVERY, _DAMAGED_AT = 100, 20, 7


def write_workbook(path: str, rows: int) -> Mapping[str, int]:
    """Write a workbook of so many rows; return how many orders, good and bad, good and bad rows, damaged cells it has."""
    columns = sheet(MESSAGE_TYPE).columns
    unit = next(place for place, column in enumerate(columns) if column.name == "unit")
    counts = {"rows": 0, "good_orders": 0, "bad_orders": 0, "good_rows": 0, "bad_rows": 0, "damaged_cells": 0}
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        data = book.add_worksheet("订单")
        data.write_row(0, 0, [column.label_zh for column in columns])
        for number in count(1):
            bad, damaged = number % _BAD_EVERY == 0, number % _DAMAGED_EVERY == _DAMAGED_AT
            lines = list(sample_rows(MESSAGE_TYPE, 1, first=number))[: rows - counts["rows"]]
            for cells in lines:
                counts["rows"] += 1
                cells[unit] = "999" if bad else float(str(cells[unit])) if damaged else cells[unit]
                for place, cell in enumerate(cells):
                    if isinstance(cell, Decimal | float | int):
                        data.write_number(counts["rows"], place, float(cell))
                    elif cell:
                        data.write_string(counts["rows"], place, str(cell))
            kind = "bad" if bad else "good"
            counts[f"{kind}_orders"] += 1
            counts[f"{kind}_rows"] += len(lines)
            counts["damaged_cells"] += len(lines) if damaged else 0
            if counts["rows"] >= rows:
                return counts
    raise AssertionError("unreachable")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(write_workbook(sys.argv[1], int(sys.argv[2]))))
