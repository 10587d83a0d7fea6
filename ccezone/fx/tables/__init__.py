"""Rows of foreign exchange: money and its entries, and what firms report and are reminded of."""

from ccezone.fx.tables.borrowing import FxBorrowing, FxBorrowingStep
from ccezone.fx.tables.money import (
    FxAccount,
    FxInstruction,
    FxMark,
    FxMatch,
    FxMove,
    FxOrder,
    FxParkedNotice,
    FxReceipt,
    FxSettlementLine,
    FxStatement,
    FxStep,
)
from ccezone.fx.tables.reports import FxCreditReport, FxParkedLine, FxReminder

__all__ = [
    "FxAccount",
    "FxBorrowing",
    "FxBorrowingStep",
    "FxCreditReport",
    "FxInstruction",
    "FxMark",
    "FxMatch",
    "FxMove",
    "FxOrder",
    "FxParkedLine",
    "FxParkedNotice",
    "FxReceipt",
    "FxReminder",
    "FxSettlementLine",
    "FxStatement",
    "FxStep",
]
