"""A long table of a return is drawn onto pages laid out for it: whole, tagged cell by cell, the same bytes every time."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from ccezone.printing.returns.long_tables import LONG, with_sheets
from ccezone.printing.returns.printed import Cell, Line, Printed
from ccezone.printing.ruled.drawing import Misplaced, drawn
from ccezone.printing.ruled.faces import face
from ccezone.printing.ruled.sheets import FULL, SIZE, Row, cut, wrapped

_IDENTIFIER = b"0123456789abcdef"


def line(number: int, label: str = "") -> Line:
    return Line(label or f"美国 {number}", [Cell(f"{number}.25", "+1.5"), Cell(f"{number}.75", "—")])


TABLE = Printed("country", "表1", "国家（地区）", ["出口", "进口"], [line(n) for n in range(1000, 1060)], line(9, "合计"), True, "")
DRAWN = with_sheets(TABLE, "同比（%）")


def page_of(table: Printed, blocks: Sequence[str] | None = None) -> bytes:
    """Lay out a table's blocks under a caption, and draw its sheets on them."""
    from weasyprint import HTML

    names = [sheet.name for sheet in table.sheets] if blocks is None else blocks
    divs = "".join(f'<div id="{name}" style="height:650pt;break-after:page"></div>' for name in names)
    html = f"<html lang=zh><title>t</title><style>@page {{ size: A4; margin: 24mm 15mm }}</style><p>{table.caption}</p>{divs}"
    made: bytes = (
        HTML(string=html).render().write_pdf(finisher=drawn(table.sheets), pdf_variant="pdf/ua-1", pdf_identifier=_IDENTIFIER)
    )
    return made


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return page_of(DRAWN)


def test_every_row_is_printed_once_in_order_under_heads_on_every_page(pdf: bytes) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages][: len(DRAWN.sheets)]
    assert len(pages) == 3
    assert all("国家（地区）" in page and "进口" in page for page in pages)
    printed = re.findall(r"\d+\.[27]5", "".join(pages))
    assert printed == [cell.value for row in (*TABLE.rows, TABLE.total) for cell in row.cells]
    assert "".join(pages).count("同比（%）") == len(TABLE.rows) + 1


def elements(element: Any) -> Iterator[Any]:
    """Go through a tree of tags."""
    element = element.get_object()
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if not isinstance(kid, int):
            yield from elements(kid)


def test_every_cell_is_tagged_and_its_mark_leads_back_to_it(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    found = [each for each in elements(root["/StructTreeRoot"]) if each.get("/S") in ("/TR", "/TH", "/TD", "/Table")]
    kinds = [each["/S"] for each in found]
    rows = 2 * (len(TABLE.rows) + 1) + len(DRAWN.sheets)
    assert (kinds.count("/Table"), kinds.count("/TR")) == (len(DRAWN.sheets), rows)
    assert kinds.count("/TD") == 2 * 2 * (len(TABLE.rows) + 1)
    assert {str(each["/A"]["/Scope"]) for each in found if each["/S"] == "/TH"} == {"/Column", "/Row"}
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    leading = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for each in found:
        if each["/S"] in ("/TH", "/TD"):
            (mark,) = each["/K"]
            assert leading[each["/Pg"]["/StructParents"]][mark].get_object() == each


def test_the_face_is_embedded_and_says_what_text_its_glyphs_are(pdf: bytes) -> None:
    pages: Any = PdfReader(io.BytesIO(pdf)).pages
    font = pages[0]["/Resources"]["/Font"]["/RuledFace"]
    assert "/FontFile3" in font["/DescendantFonts"][0]["/FontDescriptor"]
    assert b"<7f8e>" in font["/ToUnicode"].get_data()  # 美


def test_the_same_table_gives_the_same_bytes_and_another_figure_others(pdf: bytes) -> None:
    assert page_of(DRAWN) == pdf
    assert page_of(with_sheets(replace(TABLE, total=line(8, "合计")), "同比（%）")) != pdf


@pytest.mark.parametrize("label", ["ประเทศไทย", "emoji 🚢", "é e\u0301"])
def test_a_text_the_face_cannot_set_glyph_by_glyph_leaves_the_table_to_the_layout_engine(label: str) -> None:
    assert not with_sheets(replace(TABLE, rows=[*TABLE.rows, line(1, label)]), "同比（%）").sheets


def test_short_tables_and_amounts_too_wide_for_their_column_are_left_to_the_layout_engine() -> None:
    assert not with_sheets(replace(TABLE, rows=TABLE.rows[: LONG - 1]), "同比（%）").sheets
    wide = Line("x", [Cell("9" * 60, "—"), Cell("1", "—")])
    assert not with_sheets(replace(TABLE, rows=[*TABLE.rows, wide]), "同比（%）").sheets


def test_nothing_is_drawn_where_no_block_or_one_page_for_two_was_laid_out() -> None:
    with pytest.raises(Misplaced, match="no block"):
        page_of(DRAWN, blocks=[DRAWN.sheets[0].name])
    one = [replace(sheet, name="one") for sheet in DRAWN.sheets]
    with pytest.raises(Misplaced, match="two sheets"):
        page_of(replace(DRAWN, sheets=one))


def test_sheets_hold_whole_rows_that_fit_and_a_total_never_stands_alone() -> None:
    assert all(sheet.height <= FULL for sheet in DRAWN.sheets)
    for count in range(60, 90):
        rows = [Row(["x"], ["1"]) for _ in range(count)] + [Row(["total"], ["1"], total=True)]
        sheets = cut("t", [["x"], ["y"]], rows)
        assert [row for sheet in sheets for row in sheet.rows] == rows
        assert len(sheets[-1].rows) > 1


def test_labels_break_at_spaces_and_between_characters_and_never_before_closing_marks() -> None:
    known = face()
    assert known
    assert wrapped("Hong Kong SAR", 45, SIZE, known) == ["Hong Kong", "SAR"]
    assert wrapped("中国（香港）", 5 * SIZE, SIZE, known) == ["中国（香", "港）"]
    assert "".join(wrapped("x" * 40, 30, SIZE, known)) == "x" * 40
    assert all(known.width(each) * SIZE / 1000 <= 30 for each in wrapped("x" * 40, 30, SIZE, known))
