"""Use cases of the bills: taking in a batch, locking released orders."""

from ccezone.bills.service.intake import take_in
from ccezone.bills.service.locks import lock_orders
from ccezone.bills.service.shapes import BatchOutcome, BatchTakenIn, BillsTakenIn, DocumentFault, LateCorrection

__all__ = ["BatchOutcome", "BatchTakenIn", "BillsTakenIn", "DocumentFault", "LateCorrection", "lock_orders", "take_in"]
