"""Use cases of cases and of stored files."""

from ccezone.cases.service.casework import CaseOpened, close_case, open_case
from ccezone.cases.service.files import Upload, drop_expired_files, let_go, store_file

__all__ = ["CaseOpened", "Upload", "close_case", "drop_expired_files", "let_go", "open_case", "store_file"]
