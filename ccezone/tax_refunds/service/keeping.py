"""What follows claims by itself: refunds that are to be repaid, those that may come to it."""

from ccezone.kernel.clock import Clock
from ccezone.storage import Database
from ccezone.tax_refunds.service.clawback import keep_clawbacks
from ccezone.tax_refunds.service.leave import keep_prerefunds


def keep_repayments(database: Database, zone: str, clock: Clock) -> None:
    """Follow refunds that are to be repaid, and those that may come to it."""
    keep_clawbacks(database, clock)
    keep_prerefunds(database, zone, clock)
