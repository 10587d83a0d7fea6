"""Looks into an xlsx file before it is read: nothing that would blow up, run or surprise gets to the reader.

The reader drops formula errors, does not tell hidden rows, and reserves the whole rectangle that a sheet's cells span. So
every part is unpacked here once, under a limit, and each sheet's XML is scanned for what matters.
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zlib import error as ZlibError  # noqa: N812  # a class by its own name

from lxml import etree

from ccezone.kernel.errors import Fault, Refused
from integrations.workbooks.scan import Findings, Scanner

MOST_UNPACKED = 600 * 1024 * 1024
_MOST_PARTS = 2_000
_CHUNK = 1 << 18  # stays in the processor's cache while it is looked through
_SMALL = 4 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old .xls, and every file with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ERAS = (date(1899, 12, 30), date(1904, 1, 1))  # 1900's serials count a 29 February 1900 that never was
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_BROKEN = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, KeyError, ZlibError)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A workbook that may be read: the day its serials count from, and what each sheet's XML says, by the sheet's name."""

    era: date
    sheets: Mapping[str, Findings]


def refuse(code: str, **params: object) -> Refused:
    """A workbook that is refused as a whole."""
    return Refused(Fault("/file", code, {name: str(value) for name, value in params.items()}))


def inspect(content: bytes) -> Inspected:
    """Judge the container. Raises ``Refused``: old or encrypted file, macros, an archive that swells, too large, damage."""
    if content.startswith(_OLE):
        raise refuse("workbook_encrypted" if _ENCRYPTED in content else "workbook_legacy")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _judge(archive)
    except (*_BROKEN, etree.XMLSyntaxError) as broken:
        raise refuse("workbook_unreadable") from broken


def _judge(archive: zipfile.ZipFile) -> Inspected:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > _MOST_PARTS or len(names) != len(parts):
        raise refuse("workbook_unreadable")
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("workbook_encrypted")
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise refuse("workbook_macros")
    found: dict[str, Findings] = {}
    unpacked = 0
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            unpacked += _look_through(archive, part.filename, found, MOST_UNPACKED - unpacked)
    book = _parsed(archive, _BOOK)
    targets = {each.get("Id"): _path(each.get("Target") or "") for each in _parsed(archive, _LINKS)}
    named = {each.get("name") or "": targets.get(_link_of(each), "") for each in book.iter("{*}sheet")}
    era = any((each.get("date1904") or "") in ("1", "true") for each in book.iter("{*}workbookPr"))
    return Inspected(_ERAS[era], {name: found.get(path, Findings()) for name, path in named.items()})


def _look_through(archive: zipfile.ZipFile, name: str, found: dict[str, Findings], most: int) -> int:
    """Unpack a part and count; a stated size that is a lie shows in its checksum. Returns its size."""
    scanner = Scanner() if name.startswith("xl/worksheets/") else None
    size = 0
    with archive.open(name) as source:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise refuse("workbook_expands", max=MOST_UNPACKED >> 20)
            if b"!" in chunk and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
                raise refuse("workbook_unreadable")
            if name == "[Content_Types].xml" and b"macroEnabled" in chunk:
                raise refuse("workbook_macros")
            if scanner:
                scanner.feed(chunk)
    if scanner:
        found[name] = scanner.close()
    return size


def _parsed(archive: zipfile.ZipFile, name: str) -> etree._Element:
    if archive.getinfo(name).file_size > _SMALL:
        raise refuse("workbook_unreadable")
    return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _link_of(sheet: etree._Element) -> str:
    links: Iterator[str] = (str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id"))
    return next(links, "")
