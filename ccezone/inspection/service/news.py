"""News of inspection, for whoever tells people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """News: an order was opened (``result`` empty) or concluded. ``number`` as people write it.

    ``automatic``: customs' receipts did it, which may be many at a time.
    """

    order_id: UUID
    number: str
    enterprise_id: UUID
    result: str
    at: datetime
    automatic: bool = False
