"""Use cases of declaration lists: prepare, submit, follow receipts."""

from ccezone.declarations.service.cancelling import CancellationAnswer, apply_cancellations, cancel_list
from ccezone.declarations.service.changing import change_list
from ccezone.declarations.service.composing import ListTerms
from ccezone.declarations.service.following import ListAnswer, apply_answers
from ccezone.declarations.service.forming import (
    Filed,
    Form,
    FormDesk,
    FormFault,
    FormPreview,
    ListPreview,
    file_form,
    lists_to_be,
    preview_form,
)
from ccezone.declarations.service.general import GeneralEntry, amend_general, record_general, remove_general
from ccezone.declarations.service.news import ListMove, ListReleased, ListsMoved
from ccezone.declarations.service.preparing import prepare_lists
from ccezone.declarations.service.rechecking import Rechecker, recheck_lists
from ccezone.declarations.service.refiling import file_list
from ccezone.declarations.service.submitting import submit_list, unfile
from ccezone.declarations.service.wishing import save_wish

__all__ = [
    "CancellationAnswer",
    "Filed",
    "Form",
    "FormDesk",
    "FormFault",
    "FormPreview",
    "GeneralEntry",
    "ListAnswer",
    "ListMove",
    "ListPreview",
    "ListReleased",
    "ListTerms",
    "ListsMoved",
    "Rechecker",
    "amend_general",
    "apply_answers",
    "apply_cancellations",
    "cancel_list",
    "change_list",
    "file_form",
    "file_list",
    "lists_to_be",
    "prepare_lists",
    "preview_form",
    "recheck_lists",
    "record_general",
    "remove_general",
    "save_wish",
    "submit_list",
    "unfile",
]
