"""Rules of cases: what a file is, which queues there are, how an upstream system stands."""

from ccezone.cases.rules.files import MEDIA_TYPES, SCANS, TABLES, FileKind, file_faults, kind_of

__all__ = ["MEDIA_TYPES", "SCANS", "TABLES", "FileKind", "file_faults", "kind_of"]
