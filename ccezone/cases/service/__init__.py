"""Use cases of cases and of stored files."""

from ccezone.cases.service.casework import close_case, open_case
from ccezone.cases.service.files import Upload, drop_expired_files, store_file

__all__ = ["Upload", "close_case", "drop_expired_files", "open_case", "store_file"]
