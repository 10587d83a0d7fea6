"""What an upload of evidence brings: a table alone, or an archive with the table and the scan of each document it names."""

import io
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ccezone.cases.rules import SCANS, TABLES, FileKind, file_faults, kind_of
from ccezone.kernel.errors import Fault, Refused

MOST_FILES, MOST_UNPACKED = 2_000, 100 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, ValueError, OSError, RuntimeError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A table and the scans that came with it, by their name in the archive, without folders."""

    table: bytes
    scans: Mapping[str, bytes] = field(default_factory=dict)


def opened(content: bytes) -> Bundle:
    """Open an upload. Raises ``Refused``: an archive without exactly one table, with two files of one name,
    damaged, or that unpacks without end.
    """
    if kind_of(content) is not FileKind.ZIP:
        return Bundle(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Refused(Fault("/file", "credit_archive_too_large", {"files": str(MOST_FILES), "max": "100"}))
            _judge_names([entry.filename.rpartition("/")[2] for entry in entries])
            files = {entry.filename.rpartition("/")[2]: archive.read(entry) for entry in entries}
    except _BROKEN:
        raise Refused(Fault("/file", "credit_archive_broken")) from None
    tables = [name for name, each in files.items() if kind_of(each) in TABLES and name.lower().endswith((".xlsx", ".csv"))]
    if len(tables) != 1:
        raise Refused(Fault("/file", "credit_archive_tables", {"count": str(len(tables))}))
    return Bundle(files.pop(tables[0]), files)


def _judge_names(names: Sequence[str]) -> None:
    """A row names its scan without a folder, so that two of one name would be taken for each other."""
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        raise Refused(Fault("/file", "credit_archive_twice", {"name": twice[0]}))


def scan_faults(bundle: Bundle, name: str, most_bytes: int) -> list[Fault]:
    """Judge the scan a row names: it came along, is not too large, and is of a kind scans have."""
    if name not in bundle.scans:
        return [Fault("/scan", "credit_scan_missing", {"name": name})]
    return file_faults(bundle.scans[name], SCANS, most_bytes, "/scan")
