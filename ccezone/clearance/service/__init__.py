"""Use cases of clearance: pack what waits, send it, take receipts in."""

from ccezone.clearance.service.packing import pack_outbox
from ccezone.clearance.service.receiving import receive, retry_parked
from ccezone.clearance.service.sending import send_waiting

__all__ = ["pack_outbox", "receive", "retry_parked", "send_waiting"]
