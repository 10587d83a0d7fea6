"""Read models of the bills: lists, one bill with its versions, batches, faults in words."""

from ccezone.bills.queries.batches import BatchView, FaultRow, batch, batches_of, bills_of_batch, faults_of_batch, raw_message
from ccezone.bills.queries.belonging import stored_by_batch
from ccezone.bills.queries.detail import (
    KEY_FIELDS,
    PERSONAL,
    BillView,
    VersionView,
    bill,
    clear_values,
    key_of,
    sealed_value,
    visible,
)
from ccezone.bills.queries.explaining import Explained, explain
from ccezone.bills.queries.listing import BillRow, Cursor, Scope, Wanted, bills_of_order, search_bills

__all__ = [
    "KEY_FIELDS",
    "PERSONAL",
    "BatchView",
    "BillRow",
    "BillView",
    "Cursor",
    "Explained",
    "FaultRow",
    "Scope",
    "VersionView",
    "Wanted",
    "batch",
    "batches_of",
    "bill",
    "bills_of_batch",
    "bills_of_order",
    "clear_values",
    "explain",
    "faults_of_batch",
    "key_of",
    "raw_message",
    "sealed_value",
    "search_bills",
    "stored_by_batch",
    "visible",
]
