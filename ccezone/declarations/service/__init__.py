"""Use cases of declaration lists: prepare, submit, follow receipts."""

from ccezone.declarations.service.following import ListAnswer, ListReleased, apply_answers
from ccezone.declarations.service.preparing import ListTerms, prepare_lists
from ccezone.declarations.service.rechecking import recheck_lists
from ccezone.declarations.service.submitting import submit_list, unfile

__all__ = ["ListAnswer", "ListReleased", "ListTerms", "apply_answers", "prepare_lists", "recheck_lists", "submit_list", "unfile"]
