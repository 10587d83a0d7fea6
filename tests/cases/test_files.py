"""Stored files: judged by their bytes, sealed at rest, shown to their firm, dropped when their time is over."""

import io
from datetime import timedelta

import pytest
import xlsxwriter

from ccezone.cases.queries import file_of, read_file
from ccezone.cases.rules import SCANS, TABLES, FileKind, file_faults, kind_of
from ccezone.cases.service import Upload, drop_expired_files, store_file
from ccezone.kernel.ids import uuidv7
from tests.hub.harness import Hub


def workbook() -> bytes:
    """An empty workbook."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n....", FileKind.PNG),
        (b"\xff\xd8\xff\xe0....", FileKind.JPEG),
        (workbook(), FileKind.XLSX),
        ("订单号,金额\n1,2\n".encode(), FileKind.CSV),
        ("订单号,金额\n1,2\n".encode("gb18030"), FileKind.CSV),
        (b"MZ\x90\x00\x03", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, kind: FileKind | None) -> None:
    assert kind_of(content) == kind


def test_an_archive_that_only_looks_like_one_is_no_workbook() -> None:
    assert kind_of(b"PK\x03\x04 and then nothing") is None


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "file_empty"), (b"%PDF-" + bytes(50), "file_too_large"), (b"MZ\x00", "file_kind")]
)
def test_an_upload_that_cannot_be_taken_says_why(content: bytes, code: str) -> None:
    assert [fault.code for fault in file_faults(content, SCANS, 40)] == [code]


def test_a_good_upload_has_no_faults() -> None:
    assert file_faults(workbook(), TABLES, 100_000) == []


@pytest.mark.storage
def test_a_file_comes_back_as_it_was_to_its_firm_only_and_is_sealed_at_rest(hub: Hub) -> None:
    owner = uuidv7()
    with hub.database.begin() as uow:
        file_id = store_file(uow, hub.vault, Upload("a.csv", FileKind.CSV, b"buyer,Zhang", "workbook", owner), hub.clock)
    with hub.database.reading() as connection:
        view = file_of(connection, file_id, owner)
        assert view is not None
        assert (view.name, view.size, view.media_type) == ("a.csv", 11, "text/csv")
        assert read_file(connection, hub.vault, file_id) == b"buyer,Zhang"
        assert file_of(connection, file_id, uuidv7()) is None
    assert b"Zhang" not in hub.rows("SELECT content FROM stored_file")[0][0]


@pytest.mark.storage
def test_a_file_is_dropped_after_its_time_and_not_before(hub: Hub) -> None:
    until = hub.clock.now() + timedelta(days=7)
    with hub.database.begin() as uow:
        store_file(uow, hub.vault, Upload("a.csv", FileKind.CSV, b"x", "export", expires_at=until), hub.clock)
        kept = store_file(uow, hub.vault, Upload("b.csv", FileKind.CSV, b"x", "licence"), hub.clock)
        assert drop_expired_files(uow, hub.clock) == 0
        hub.clock.advance(days=8)
        assert drop_expired_files(uow, hub.clock) == 1
    with hub.database.reading() as connection:
        assert file_of(connection, kept) is not None
