"""Templates to fill: headings with notes, drop-downs, one example row, an explanation, the edition of the data standard."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from schemas.codes import Locale
from schemas.derive.workbook.columns import Column, Sheet, sheet
from schemas.derive.workbook.layout import WORDS, Look, cell_format, choice, length_of, look, note_of, offer, width, write_choices

_NUMBER = "EXAMPLE-0001"
_OFFERED_ROWS = 20_000
_EXAMPLE_TIME = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001  # a cell has no zone; it is Shanghai time
_AMOUNTS: Mapping[str, str] = {"goods_value": "120", "freight": "10", "qty": "2", "price": "60", "total_price": "120"}
_NUMBERS: Mapping[str, str] = {"amount": "130", "gross_weight": "1.2", "packages": "1", "line_no": "1", "actual_paid": "130"}
_CODES: Mapping[str, tuple[str, ...]] = {
    "app_type": ("1",), "currency": ("142",), "unit": ("011", "007"), "id_type": ("1",), "countries": ("142", "502"),
}  # fmt: skip
_TEXTS: Mapping[str, tuple[str, str]] = {"item_name": ("示例商品", "Example item"), "item_no": ("SKU-001", "SKU-001")}
_HELP_ZH = (
    "一行一项商品；同一订单有几项商品就写几行，订单信息每行重复（或只写第一行）。",
    "表头可用中文、英文或官方元素名，列的顺序不限；多余的列会被忽略并告知。",
    "带底色的表头为必填。代码列可从下拉框选择，也可只填代码；数据表首行示例（EXAMPLE-0001）不会被报送。",
    "订单号、证件号等请以文本填写：Excel 只保留数字的前 15 位。",
    "上传后，合格的行立即收下，不合格的行连同原因和处理办法退回成表格；改好后直接再传，不会产生重复。",
    "文件最大 50 MB、100,000 行；只接受 xlsx 与 csv。",
)
_HELP_EN = (
    "One row per line of goods; an order of three items takes three rows, its own data repeated (or given in the first only).",
    "Headings may be Chinese, English or official element names, in any order; surplus columns are ignored, and you are told.",
    "Coloured headings are required. Codes can be chosen or typed; the example row (EXAMPLE-0001) is never sent.",
    "Enter numbers of orders or identity papers as text: Excel keeps the first 15 digits of a number only.",
    "Good rows are taken in at once; bad ones come back as a workbook with reason and remedy. Mend it and upload it: no doubles.",
    "At most 50 MB and 100,000 rows; xlsx and csv only.",
)
_TABLE_ZH = ("列", "官方元素名", "层级", "必填", "类型", "长度", "代码表", "说明", "依据", "版本")
_TABLE_EN = ("column", "element", "level", "required", "type", "length", "codes", "note", "source", "edition")


def example_number() -> str:
    """The number of the example row, which reading passes over."""
    return _NUMBER


def template(message_type: str, locale: Locale, known: Mapping[str, str] | None = None) -> bytes:
    """Return the template of a message type or of the shipping link. Raises ``KeyError``."""
    return template_of(sheet(message_type), locale, known)


def template_of(
    shape: Sheet, locale: Locale, known: Mapping[str, str] | None = None, rows: Sequence[Mapping[str, str]] | None = None
) -> bytes:
    """Return a template. ``known`` (domain names) puts a firm's own values into the example; ``rows`` stand in its place."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        formats = look(book)
        data = book.add_worksheet(shape.label(locale)[:31].replace("/", " "))
        guide = book.add_worksheet("填写说明" if locale == "zh" else "Help")
        codes = book.add_worksheet("代码" if locale == "zh" else "Codes")
        places = write_choices(codes, shape.columns, formats, locale)
        for place, column in enumerate(shape.columns):
            _heading(data, place, column, formats, locale)
            if column.codes:
                offer(data, place, (1, _OFFERED_ROWS), places[column.codes.name])
            if rows is None:
                _example(data, place, column, formats, locale, known or {})
        for number, row in enumerate(rows or (), start=1):
            for place, column in enumerate(shape.columns):
                if text := row.get(column.attribute):
                    data.write_string(number, place, text, formats.text)
        data.freeze_panes(1, 0)
        _guide(guide, shape, formats, locale)
        name = shape.message_type
        title = f"{shape.label(locale)} {name}"
        book.set_properties({"title": title, "comments": f"{name} {shape.edition}", "created": _EXAMPLE_TIME})
        book.set_custom_property("data standard edition", shape.edition)
        book.set_custom_property("message type", name)
    return target.getvalue()


def _heading(data: Worksheet, place: int, column: Column, formats: Look, locale: Locale) -> None:
    label = column.label(locale)
    data.set_column(place, place, width(label), cell_format(formats, column))
    data.write_string(0, place, label, formats.needed if column.required else formats.heading)
    data.write_comment(0, place, note_of(column, locale), {"x_scale": 2.2, "y_scale": 1.6})


def _example(data: Worksheet, place: int, column: Column, formats: Look, locale: Locale, known: Mapping[str, str]) -> None:
    if column.kind == "datetime":
        data.write_datetime(1, place, _EXAMPLE_TIME, formats.time)
    elif text := example_value(column, locale, known):
        data.write_string(1, place, text, formats.example)


def example_value(column: Column, locale: Locale, known: Mapping[str, str]) -> str:
    """The example's text for a column; blank where nothing needs to stand."""
    if column.attribute in known:
        return known[column.attribute]
    if column.codes:
        return _example_code(column, locale) if column.required or column.name == "appType" else ""
    if column.attribute == "order_no" or (column.attribute.endswith("_no") and column.part == "head"):
        return _NUMBER
    if column.kind in ("decimal", "integer"):
        return {**_AMOUNTS, **_NUMBERS}.get(column.attribute, "0" if column.required else "")
    if not column.required:
        return ""
    zh, en = _TEXTS.get(column.attribute, ("示例", "example"))
    return (zh if locale == "zh" else en)[: column.max_length]


def _example_code(column: Column, locale: Locale) -> str:
    codes = column.codes
    if codes is None:
        return ""
    wished = (*_CODES.get(column.attribute, ()), *_CODES.get(codes.name, ()))
    code = next((each for each in wished if each in codes.codes), next(iter(codes.codes)))
    return choice(codes.codes[code], locale)


def _guide(guide: Worksheet, shape: Sheet, formats: Look, locale: Locale) -> None:
    chinese = locale == "zh"
    guide.write_string(0, 0, f"{shape.label(locale)} {shape.message_type}", formats.title)
    guide.write_string(1, 0, f"{'数据标准版本' if chinese else 'edition of the data standard'}: {shape.edition}", formats.plain)
    lines = _HELP_ZH if chinese else _HELP_EN
    for row, line in enumerate(lines, start=2):
        guide.write_string(row, 0, line, formats.plain)
    top = len(lines) + 3
    for place, text in enumerate(_TABLE_ZH if chinese else _TABLE_EN):
        guide.write_string(top, place, text, formats.heading)
    for row, column in enumerate(shape.columns, start=top + 1):
        for place, text in enumerate(_described(column, locale)):
            guide.write_string(row, place, text, formats.plain)
    guide.set_column(0, 0, 32)
    guide.set_column(1, 9, 14)


def _described(column: Column, locale: Locale) -> tuple[str, ...]:
    chinese = locale == "zh"
    level = ("表头", "head") if column.part == "head" else ("商品行", "line")
    codes = column.codes
    return (
        column.label(locale),
        column.name,
        level[0 if chinese else 1],
        ("是" if chinese else "yes") if column.required else "",
        WORDS[column.kind][0 if chinese else 1],
        length_of(column),
        (codes.label_zh if chinese else codes.label_en) if codes else "",
        column.note,
        column.source,
        column.edition,
    )
