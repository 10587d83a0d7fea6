"""Rows of declarations: lists and what is filed about them, and the applications that follow released ones."""

from ccezone.declarations.tables.applications import (
    ApplicationFiling,
    CustomsApplication,
    GoodsReturn,
    GoodsReturnLine,
    ReturnedQuantity,
    SummaryDeclaration,
    SummaryEntry,
    SummaryEntryLine,
    SummaryList,
)
from ccezone.declarations.tables.lists import (
    DECLARATION_ID,
    Cancellation,
    DeclarationDraft,
    DeclarationList,
    DeclarationState,
    DeclarationWish,
    GeneralDeclaration,
    ListChange,
    Submission,
    SubmissionMessage,
)

__all__ = [
    "DECLARATION_ID",
    "ApplicationFiling",
    "Cancellation",
    "CustomsApplication",
    "DeclarationDraft",
    "DeclarationList",
    "DeclarationState",
    "DeclarationWish",
    "GeneralDeclaration",
    "GoodsReturn",
    "GoodsReturnLine",
    "ListChange",
    "ReturnedQuantity",
    "Submission",
    "SubmissionMessage",
    "SummaryDeclaration",
    "SummaryEntry",
    "SummaryEntryLine",
    "SummaryList",
]
