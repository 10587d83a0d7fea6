"""The workbook that comes back: failed rows in the columns they came in, each with code, reason and remedy, cells marked.

It is uploaded again as it is once mended; the columns we add are passed over then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ccezone.kernel.errors import Fault
from schemas.codes import Locale
from schemas.codes.problems import text as problem_text
from schemas.derive.workbook.columns import Column, fold
from schemas.derive.workbook.layout import Look, look, offer, width, write_choices

OURS_ZH = ("问题代码", "问题说明", "处理办法", "原行号")
OURS_EN = ("Problem codes", "Problems", "Remedies", "Row in your file")
OURS = frozenset(fold(text) for text in (*OURS_ZH, *OURS_EN))
_REPAIRS_ZH = ("原行号", "列", "种类", "原值", "改为")
_REPAIRS_EN = ("Row in your file", "Column", "Kind", "Was", "Is now")
_MOST_REPAIRS = 500_000  # a sheet holds 1,048,576 rows; beyond this the summary's counts must do
_MOST_COMMENTS = 20_000  # each costs memory; the reason columns say the same
_REASON_WIDTH = 48


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that was not taken: its number in the file, its cells, and what is wrong: (column, fault); -1 the whole row."""

    number: int
    cells: Sequence[str]
    faults: Sequence[tuple[int, Fault]]


@dataclass(frozen=True, slots=True)
class RepairRow:
    """A cell that was mended."""

    number: int
    column: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class Report:
    """All a result workbook is made of. ``columns`` are what each heading means; ``None`` for a surplus one."""

    header: Sequence[str]
    columns: Sequence[Column | None]
    failed: Iterable[FailedRow]
    repairs: Iterable[RepairRow]
    summary: Sequence[tuple[str, str]]
    repair_names: Mapping[str, str] = field(default_factory=dict)


def write_result(report: Report, locale: Locale) -> bytes:
    """Write the workbook. Rows are streamed; memory does not grow with them."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        formats = look(book)
        chinese = locale == "zh"
        data = book.add_worksheet("待更正" if chinese else "To mend")
        mended = book.add_worksheet("已修复" if chinese else "Repairs")
        summary = book.add_worksheet("汇总" if chinese else "Summary")
        codes = book.add_worksheet("代码" if chinese else "Codes")
        known = [column for column in report.columns if column is not None]
        places = write_choices_by_row(codes, known, formats, locale)
        rows = _failed(data, report, formats, locale)
        for place, column in enumerate(report.columns):
            if column is not None and column.codes and rows:
                offer(data, place + len(OURS_ZH), (1, rows), places[column.codes.name])
        _repairs(mended, report, formats, locale)
        for number, (label, value) in enumerate(report.summary):
            summary.write_string(number, 0, label, formats.plain)
            summary.write_string(number, 1, value, formats.plain)
        summary.set_column(0, 1, 28)
        book.set_properties({"comments": known[0].edition if known else ""})
    return target.getvalue()


def write_choices_by_row(sheet: Worksheet, columns: Sequence[Column], formats: Look, locale: Locale) -> Mapping[str, str]:
    """The sheet of codes again, for a workbook whose rows must be written from the top down."""
    collected = _Collected(sheet.get_name())
    places = write_choices(collected, columns, formats, locale)
    for (row, place), text in sorted(collected.cells.items()):
        sheet.write_string(row, place, text, formats.text)
    return places


@dataclass
class _Collected:
    """A sheet that only remembers, so that columns can be written as rows."""

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)

    def get_name(self) -> str:
        return self.name

    def write_string(self, row: int, place: int, text: str, _format: object = None) -> None:
        self.cells[row, place] = text

    def set_column(self, *_: object) -> None:
        """Widths may be left as they are."""


def _failed(data: Worksheet, report: Report, formats: Look, locale: Locale) -> int:
    ours = OURS_ZH if locale == "zh" else OURS_EN
    header = [*ours, *report.header]
    for place, text in enumerate(header):
        wide = _REASON_WIDTH if 0 < place < 3 else width(text)
        data.set_column(place, place, wide, formats.text)
    for place, text in enumerate(header):
        column = report.columns[place - len(ours)] if place >= len(ours) else None
        data.write_string(0, place, text, formats.needed if column and column.required else formats.heading)
    data.freeze_panes(1, len(ours))
    comments, row = 0, 0
    for row, failed in enumerate(report.failed, start=1):
        said = [problem_text(fault, locale) for _, fault in failed.faults]
        data.write_string(row, 0, _joined([fault.code for _, fault in failed.faults], " "), formats.said)
        data.write_string(
            row, 1, _joined([_placed(report, column, said[at][0]) for at, (column, _) in _each(failed)]), formats.said
        )
        data.write_string(row, 2, _joined([remedy for _, remedy in said]), formats.said)
        data.write_string(row, 3, str(failed.number), formats.plain)
        bad = {column: at for at, (column, _) in _each(failed) if column >= 0}
        for place, text in enumerate(failed.cells):
            data.write_string(row, place + len(ours), text, formats.bad if place in bad else formats.text)
            if place in bad and comments < _MOST_COMMENTS:
                data.write_comment(row, place + len(ours), "\n".join(said[bad[place]]), {"x_scale": 2})
                comments += 1
    return row


def _each(failed: FailedRow) -> Iterable[tuple[int, tuple[int, Fault]]]:
    return enumerate(failed.faults)


def _joined(texts: Sequence[str], between: str = "\n") -> str:
    return between.join(dict.fromkeys(text for text in texts if text))[:32_000]  # a cell's limit


def _placed(report: Report, column: int, message: str) -> str:
    return f"{report.header[column]}: {message}" if 0 <= column < len(report.header) else message


def _repairs(mended: Worksheet, report: Report, formats: Look, locale: Locale) -> None:
    titles = _REPAIRS_ZH if locale == "zh" else _REPAIRS_EN
    mended.set_column(0, 4, 22, formats.text)
    for place, text in enumerate(titles):
        mended.write_string(0, place, text, formats.heading)
    for row, each in enumerate(report.repairs, start=1):
        if row > _MOST_REPAIRS:
            return
        named = report.repair_names.get(each.kind, each.kind)
        for place, text in enumerate((str(each.number), each.column, named, each.before, each.after)):
            mended.write_string(row, place, text[:32_000], formats.mended if place == 4 else formats.text)
