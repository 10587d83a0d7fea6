"""Use cases of the bills: taking in a batch, locking released orders."""

from ccezone.bills.service.intake import take_in
from ccezone.bills.service.locks import lock_orders
from ccezone.bills.service.shapes import Batch, BatchOutcome, BillsTakenIn, IntakeDocument

__all__ = ["Batch", "BatchOutcome", "BillsTakenIn", "IntakeDocument", "lock_orders", "take_in"]
