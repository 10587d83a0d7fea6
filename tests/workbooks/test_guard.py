"""Files that would harm or cannot be read are refused before they are read, each with its reason; sizes have limits."""

import tracemalloc
import zipfile
from io import BytesIO

import pytest

from ccezone.kernel.errors import Refused
from integrations.workbooks.grid import MOST_COLUMNS, MOST_ROWS
from integrations.workbooks.guard import inspect
from integrations.workbooks.scan import Scanner
from tests.workbooks.sheets import opened, orders, xlsx

SHEET = "xl/worksheets/sheet1.xml"


def refused(content: bytes) -> str:
    """The code a file is refused for."""
    with pytest.raises(Refused) as error:
        opened(content)
    (fault,) = error.value.faults
    return fault.code


def with_part(content: bytes, name: str, data: bytes, *, stored: bool = False) -> bytes:
    """The same archive with one part put in or replaced."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.infolist():
            if part.filename != name:
                made.writestr(part, source.read(part))
        made.writestr(name, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return target.getvalue()


def with_sheet(change: dict[bytes, bytes]) -> bytes:
    """A good workbook with its sheet's XML changed."""
    content = xlsx(orders(1))
    with zipfile.ZipFile(BytesIO(content)) as source:
        text = source.read(SHEET)
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new, 1)
    return with_part(content, SHEET, text)


def cell(place: str, value: str = "<v>1</v>") -> bytes:
    """A row of one cell."""
    return f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}">{value}</c></row></sheetData>'.encode()


def test_a_good_workbook_passes() -> None:
    assert list(inspect(xlsx(orders(1))).sheets) == ["订单"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "workbook_legacy"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "workbook_encrypted"),
        (b"PK\x03\x04 torn", "workbook_unreadable"),
        (xlsx(orders(1))[:-200], "workbook_unreadable"),
        (with_part(xlsx(orders(1)), "xl/vbaProject.bin", b"macro"), "workbook_macros"),
        (with_part(xlsx(orders(1)), SHEET, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'), "workbook_unreadable"),
        (with_part(xlsx(orders(1)), "xl/workbook.xml", b"<workbook"), "workbook_unreadable"),
    ],
    ids=["xls", "password", "torn", "cut off", "macros", "entities", "no workbook"],
)
def test_what_cannot_or_must_not_be_read_is_refused(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_macro_workbook_is_known_by_its_declared_type() -> None:
    content = xlsx(orders(1))
    with zipfile.ZipFile(BytesIO(content)) as source:
        types = source.read("[Content_Types].xml")
    macro = types.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    assert refused(with_part(content, "[Content_Types].xml", macro)) == "workbook_macros"


def test_an_archive_that_swells_is_refused_and_costs_little_memory() -> None:
    bomb = with_part(xlsx(orders(1)), "xl/sharedStrings.xml", b" " * (700 << 20))
    assert len(bomb) < 2 << 20
    tracemalloc.start()
    assert refused(bomb) == "workbook_expands"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 << 20


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("A1048576", "workbook_too_many_rows"),
        ("XFD9", "workbook_too_wide"),
        ("DQ9", "workbook_too_wide"),
        ("A101000", "workbook_too_many_rows"),
    ],
)
def test_one_cell_far_out_would_swell_the_sheet_and_is_refused(place: str, code: str) -> None:
    assert refused(with_sheet({b"</sheetData>": cell(place)})) == code


@pytest.mark.parametrize("place", ["DP9", "A100999"])
def test_cells_within_the_limits_and_blank_ones_beyond_do_no_harm(place: str) -> None:
    assert opened(with_sheet({b"</sheetData>": cell(place, "")})).documents == 1
    assert opened(with_sheet({b"</sheetData>": b'<row r="1048576" s="1"/></sheetData>'})).documents == 1
    assert opened(with_sheet({b"</sheetData>": cell("XFD1048576", "")})).documents == 1


def test_rows_and_cells_without_places_are_counted() -> None:
    scanner = Scanner()
    rows = b"<row><c><v>1</v></c></row>" * MOST_ROWS
    scanner.feed(rows)
    with pytest.raises(Refused):
        scanner.feed(rows)
    wide = Scanner()
    with pytest.raises(Refused):
        wide.feed(b"<row>" + b"<c><v>1</v></c>" * (MOST_COLUMNS + 1) + b"</row>")


def test_what_stands_on_the_edge_of_two_pieces_is_found() -> None:
    text = b'<row r="5" hidden="1"><c r="B5" t="e"><f>NA()</f><v>#N/A</v></c></row>'
    for cut in range(1, len(text)):
        scanner = Scanner()
        scanner.feed(text[:cut])
        scanner.feed(text[cut:])
        found = scanner.close()
        assert (found.hidden, found.broken) == ({4}, {(4, 1): "#N/A"}), cut


def test_too_many_rows_are_refused() -> None:
    heading = list(orders(1)[0])
    line = ",".join(str(value) for value in orders(1)[0].values()) + "\n"
    assert refused((",".join(heading) + "\n" + line * (MOST_ROWS + 1)).encode()) == "workbook_too_many_rows"
