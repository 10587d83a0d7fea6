"""Use cases of declaration lists: prepare, submit, follow receipts."""

from ccezone.declarations.service.composing import ListTerms
from ccezone.declarations.service.following import ListAnswer, apply_answers
from ccezone.declarations.service.general import GeneralEntry, amend_general, record_general, remove_general
from ccezone.declarations.service.news import ListMove, ListReleased, ListsMoved
from ccezone.declarations.service.preparing import prepare_lists
from ccezone.declarations.service.rechecking import recheck_lists
from ccezone.declarations.service.submitting import submit_list, unfile

__all__ = [
    "GeneralEntry",
    "ListAnswer",
    "ListMove",
    "ListReleased",
    "ListTerms",
    "ListsMoved",
    "amend_general",
    "apply_answers",
    "prepare_lists",
    "recheck_lists",
    "record_general",
    "remove_general",
    "submit_list",
    "unfile",
]
