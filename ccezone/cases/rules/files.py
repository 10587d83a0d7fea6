"""What a file is, judged by its bytes and never by its name (attachments of applications, workbooks, exports)."""

import io
import zipfile
from collections.abc import Collection
from enum import StrEnum

from ccezone.kernel.errors import Fault


class FileKind(StrEnum):
    """Kinds of files the hub takes or makes."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    ZIP = "zip"


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv",
    FileKind.JSON: "application/json",
    FileKind.ZIP: "application/zip",
}
SCANS = frozenset({FileKind.PDF, FileKind.PNG, FileKind.JPEG})
TABLES = frozenset({FileKind.XLSX, FileKind.CSV})
_SIGNATURES = ((b"%PDF-", FileKind.PDF), (b"\x89PNG\r\n\x1a\n", FileKind.PNG), (b"\xff\xd8\xff", FileKind.JPEG))
_ZIP = b"PK\x03\x04"
_LOOK = 4096


def kind_of(content: bytes) -> FileKind | None:
    """Tell a file's kind from its bytes; ``None`` for anything else. Text without NUL bytes counts as CSV."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(_ZIP):
        return _kind_of_archive(content)
    return FileKind.CSV if content and _is_text(content[:_LOOK]) else None


def file_faults(content: bytes, accepted: Collection[FileKind], most_bytes: int, pointer: str = "/file") -> list[Fault]:
    """Judge an upload: not empty, not too large, of an accepted kind."""
    if not content:
        return [Fault(pointer, "file_empty")]
    if len(content) > most_bytes:
        return [Fault(pointer, "file_too_large", {"max": f"{most_bytes / 1048576:g}", "actual": f"{len(content) / 1048576:.1f}"})]
    if kind_of(content) not in accepted:
        return [Fault(pointer, "file_kind", {"accepted": "、".join(sorted(kind.value for kind in accepted))})]
    return []


def _kind_of_archive(content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    return FileKind.XLSX if "[Content_Types].xml" in names and "xl/workbook.xml" in names else FileKind.ZIP


def _is_text(start: bytes) -> bool:
    """UTF-8 or GB 18030: what spreadsheets write in China; a cut character at the end does not count against it."""
    if b"\x00" in start:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                start[: len(start) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
