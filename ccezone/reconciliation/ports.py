"""What the reconciliation runs over: functions of the ledgers that state their balance of a day."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import Connection

from ccezone.kernel.balances import Balance

Ledger = Callable[[Connection, date], Sequence[Balance]]
"""States what a ledger holds of a day, a balance for each unit; it only reads."""
