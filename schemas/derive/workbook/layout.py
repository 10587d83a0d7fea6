"""How our workbooks look: formats, headings with notes, choices from code lists. One look for templates and results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.codes import Code, Locale
from schemas.derive.workbook.columns import Column

_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
_MOST_WIDTH, _LEAST_WIDTH = 36, 10
TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
WORDS: Mapping[str, tuple[str, str]] = {
    "text": ("文本", "text"),
    "decimal": ("数字", "number"),
    "integer": ("整数", "whole number"),
    "datetime": ("日期时间", "date and time"),
    "date": ("日期", "date"),
}


@dataclass(frozen=True)
class Look:
    """The formats of one workbook."""

    plain: Format
    text: Format
    number: Format
    time: Format
    heading: Format
    needed: Format
    title: Format
    example: Format
    bad: Format
    mended: Format
    said: Format


def look(book: xlsxwriter.Workbook) -> Look:
    """Make the formats."""

    def made(**more: object) -> Format:
        return book.add_format({**_FONT, **more})

    return Look(
        plain=made(),
        text=made(num_format="@"),
        number=made(num_format="General"),
        time=made(num_format=TIME_FORMAT),
        heading=made(bold=True, bg_color="#E7EEF7", border=1, border_color="#B8C4D6", text_wrap=True, num_format="@"),
        needed=made(bold=True, bg_color="#FCE8D5", border=1, border_color="#D9B98F", text_wrap=True, num_format="@"),
        title=made(bold=True, font_size=14),
        example=made(italic=True, font_color="#7A7A7A", num_format="@"),
        bad=made(bg_color="#FBD5D5", font_color="#8A1C1C", num_format="@"),
        mended=made(bg_color="#FFF4C2", num_format="@"),
        said=made(text_wrap=True, font_color="#8A1C1C", num_format="@"),
    )


def cell_format(formats: Look, column: Column) -> Format:
    """Codes and numbers of things are text, so that no leading zero gets lost."""
    if column.kind in ("decimal", "integer"):
        return formats.number
    return formats.time if column.kind == "datetime" else formats.text


def width(text: str) -> float:
    """How wide a column must be for a text; Chinese characters take two places."""
    wide = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return float(min(_MOST_WIDTH, max(_LEAST_WIDTH, wide + 3)))


def length_of(column: Column) -> str:
    """Spell the length: ``3``, ``1..18``, ``19,5`` (digits, decimals)."""
    if column.digits is not None:
        return f"{column.digits},{column.decimals}" if column.decimals else str(column.digits)
    if column.max_length is None:
        return ""
    return str(column.max_length) if column.length else f"{column.min_length}..{column.max_length}"


def note_of(column: Column, locale: Locale) -> str:
    """What to know of a column, as the note of its heading."""
    chinese = locale == "zh"
    length, codes = length_of(column), column.codes
    lines = [
        f"{column.label(locale)} ({column.name})",
        ("必填" if chinese else "required") if column.required else ("选填" if chinese else "optional"),
        f"{'类型' if chinese else 'type'}: {WORDS[column.kind][0 if chinese else 1]}",
        f"{'长度' if chinese else 'length'}: {length}" if length else "",
        f"{'代码表' if chinese else 'codes'}: {codes.label_zh if chinese else codes.label_en} ({codes.edition})" if codes else "",
        column.note,
        f"{'依据' if chinese else 'source'}: {column.source} {column.edition}".rstrip(),
    ]
    return "\n".join(line for line in lines if line)


def choice(code: Code, locale: Locale) -> str:
    """A code as the drop-down offers it: ``502 美国``. Reading takes it as its code."""
    return f"{code.code} {code.label_zh if locale == 'zh' else code.label_en or code.label_zh}"


def write_choices(sheet: Worksheet, columns: Sequence[Column], formats: Look, locale: Locale) -> Mapping[str, str]:
    """Fill the sheet of codes, a list a column; return where each list stands, for drop-downs."""
    places: dict[str, str] = {}
    for column in columns:
        codes = column.codes
        if codes is None or codes.name in places:
            continue
        place = len(places)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        sheet.write_string(0, place, codes.label_zh if locale == "zh" else codes.label_en, formats.heading)
        offered = [choice(code, locale) for code in codes.items()]
        for row, text in enumerate(offered, start=1):
            sheet.write_string(row, place, text, formats.text)
        sheet.set_column(place, place, max(map(width, offered), default=_LEAST_WIDTH))
        places[codes.name] = f"='{sheet.get_name()}'!${letter}$2:${letter}${len(offered) + 1}"
    return places


def offer(sheet: Worksheet, place: int, rows: tuple[int, int], where: str) -> None:
    """Offer a list's codes in a column; typing a bare code stays possible."""
    sheet.data_validation(
        rows[0], place, rows[1], place, {"validate": "list", "source": where, "show_error": False, "ignore_blank": True}
    )
