"""Read models of cases, of upstream systems, and of stored files."""

from ccezone.cases.queries.casework import (
    CaseFilter,
    CaseView,
    Colleague,
    StepView,
    Whose,
    case,
    cases_of,
    cases_of_firm,
    colleagues,
    count_cases,
    count_of_firm,
    count_open,
    count_whose,
    next_case,
    search_cases,
    steps_of,
)
from ccezone.cases.queries.files import FileView, file_of, read_file
from ccezone.cases.queries.upstream import DirectionView, OutageView, current_outages, past_outages, seen_of

__all__ = [
    "CaseFilter",
    "CaseView",
    "Colleague",
    "DirectionView",
    "FileView",
    "OutageView",
    "StepView",
    "Whose",
    "case",
    "cases_of",
    "cases_of_firm",
    "colleagues",
    "count_cases",
    "count_of_firm",
    "count_open",
    "count_whose",
    "current_outages",
    "file_of",
    "next_case",
    "past_outages",
    "read_file",
    "search_cases",
    "seen_of",
    "steps_of",
]
