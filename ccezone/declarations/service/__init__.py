"""Use cases of declaration lists: prepare, submit, follow receipts."""

from ccezone.declarations.service.following import ListAnswer, apply_answers
from ccezone.declarations.service.news import ListMove, ListReleased, ListsMoved
from ccezone.declarations.service.preparing import ListTerms, prepare_lists
from ccezone.declarations.service.rechecking import recheck_lists
from ccezone.declarations.service.submitting import submit_list, unfile

__all__ = [
    "ListAnswer",
    "ListMove",
    "ListReleased",
    "ListTerms",
    "ListsMoved",
    "apply_answers",
    "prepare_lists",
    "recheck_lists",
    "submit_list",
    "unfile",
]
