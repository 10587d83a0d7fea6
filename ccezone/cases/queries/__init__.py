"""Read models of cases and of stored files."""

from ccezone.cases.queries.casework import CaseView, case, cases_of, count_cases, count_open, search_cases
from ccezone.cases.queries.files import FileView, file_of, read_file

__all__ = ["CaseView", "FileView", "case", "cases_of", "count_cases", "count_open", "file_of", "read_file", "search_cases"]
