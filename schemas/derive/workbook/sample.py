"""Sample sheets: made-up trades as rows under their headings."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

from schemas.codes import Locale
from schemas.derive.workbook.columns import Column, sheet
from schemas.messages.ceb.samples import sample_values

_NOT_TOLD = "appType"


def sample_rows(message_type: str, documents: int, *, first: int = 1) -> Iterator[list[object]]:
    """Yield the rows of made-up documents: amounts as ``Decimal`` or ``int``, everything else as text, ``""`` for nothing."""
    columns = sheet(message_type).columns
    for values in sample_values(message_type, documents, first=first):
        lines: Any = values.get("lines") or [{}]
        for line in lines:
            yield [_cell(column, (line if column.part == "line" else values).get(column.attribute)) for column in columns]


def _cell(column: Column, value: object) -> object:
    if value is None or column.name == _NOT_TOLD:
        return ""
    if column.kind == "integer":
        return int(str(value))
    return Decimal(str(value)) if column.kind == "decimal" else str(value)


def sample_csv(message_type: str, documents: int, locale: Locale = "zh") -> str:
    """Return made-up documents as CSV."""
    target = StringIO()
    writer = csv.writer(target)
    writer.writerow([column.label(locale) for column in sheet(message_type).columns])
    writer.writerows(sample_rows(message_type, documents))
    return target.getvalue()
