"""The workbook beside a return: the very same figures, a sheet a table, so that they can be reckoned with."""

import io
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ccezone.printing.documents import Locale
from ccezone.printing.returns.words import Snapshot, period_words, say, sources

_MONEY = "#,##0.00"


def return_workbook(document: bytes, locale: Locale) -> bytes:
    """Return a snapshot as a workbook: the same snapshot gives the same bytes."""
    snapshot: Snapshot = orjson.loads(document)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        made = datetime.fromisoformat(snapshot["compiled_at"]).replace(tzinfo=None)
        title = f"{say(snapshot['kind'], locale)} {period_words(snapshot, locale)}"
        book.set_properties({"title": title, "author": snapshot["zone"][locale], "created": made, "keywords": snapshot["code"]})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        amount = book.add_format({"num_format": _MONEY})
        _indicators(book.add_worksheet(say("indicators", locale)[:31]), snapshot, locale, bold)
        for table in snapshot["tables"]:
            _table(book.add_worksheet(say(table["name"], locale)[:31]), snapshot, table, locale, (bold, amount))
    return buffer.getvalue()


def _indicators(sheet: Worksheet, snapshot: Snapshot, locale: Locale, bold: Any) -> None:
    known = {row["key"]: row for row in snapshot["definitions"]}
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 20)
    sheet.write(0, 0, f"{snapshot['zone'][locale]} {say(snapshot['kind'], locale)} {period_words(snapshot, locale)}", bold)
    sheet.write(1, 0, f"{say('code', locale)} {snapshot['code']}")
    heads = ("indicator", "unit", "value", "growth", "formula")
    sheet.write_row(3, 0, [say(name, locale) for name in heads], bold)
    for line, each in enumerate(snapshot["indicators"], 4):
        row = known[each["key"]]
        sheet.write_row(line, 0, [row[f"label_{locale}"], row[f"unit_{locale}"]])
        _number(sheet, line, 2, each["value"])
        _number(sheet, line, 3, each["growth"])
        sheet.write_string(line, 4, row[f"formula_{locale}"])


def _table(sheet: Worksheet, snapshot: Snapshot, table: Mapping[str, Any], locale: Locale, formats: tuple[Any, Any]) -> None:
    bold, amount = formats
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 3 * len(table["columns"]), 17)
    caption = f"{say(table['name'], locale)} {period_words(snapshot, locale)} {say('unit_yuan', locale)}"
    sheet.write(0, 0, f"{caption} {say('source', locale)}: {sources(snapshot, locale)}", bold)
    heads = [say(f"row_{table['name']}", locale)]
    for column in table["columns"]:
        name = say(column, locale)
        heads += [name, f"{name} {say('growth', locale)}", f"{name} {'清单' if locale == 'zh' else 'lists'}"]
    sheet.write_row(2, 0, heads, bold)
    for line, row in enumerate([*table["rows"], {**table["total"], locale: say("total", locale)}], 3):
        sheet.write_string(line, 0, row[locale])
        for at, column in enumerate(table["columns"]):
            cell = row["cells"][column]
            sheet.write_number(line, 1 + 3 * at, Decimal(cell["value"]), amount)
            _number(sheet, line, 2 + 3 * at, cell["growth"])
            sheet.write_number(line, 3 + 3 * at, cell["lists"])
    sheet.freeze_panes(3, 1)


def _number(sheet: Worksheet, line: int, column: int, value: str | None) -> None:
    if value is not None:
        sheet.write_number(line, column, Decimal(value))
