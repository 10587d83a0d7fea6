"""Read models of declaration lists: what a firm or the office sees of them, and nothing that belongs to others."""

from ccezone.declarations.queries.detail import (
    CancellationView,
    ListDetail,
    SubmissionView,
    list_detail,
    list_numbers,
    lists_of_order,
    missing_fault,
    personal_value,
)
from ccezone.declarations.queries.general import GeneralView, general_declaration, search_general
from ccezone.declarations.queries.listing import (
    STAGES,
    ListFilter,
    ListRow,
    StageCount,
    count_lists,
    count_stages,
    find_lists,
    search_lists,
    tab_counts,
)
from ccezone.declarations.queries.scope import Scope, scope_of
from ccezone.declarations.queries.wishes import wish_of

__all__ = [
    "STAGES",
    "CancellationView",
    "GeneralView",
    "ListDetail",
    "ListFilter",
    "ListRow",
    "Scope",
    "StageCount",
    "SubmissionView",
    "count_lists",
    "count_stages",
    "find_lists",
    "general_declaration",
    "list_detail",
    "list_numbers",
    "lists_of_order",
    "missing_fault",
    "personal_value",
    "scope_of",
    "search_general",
    "search_lists",
    "tab_counts",
    "wish_of",
]
