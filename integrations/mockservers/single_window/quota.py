"""The national buyer-quota ledger: what each released or pending list took from its buyer's calendar year.

Append-only; a cancelled list gives its part back with a reversing entry.
"""

from collections.abc import Iterable
from decimal import Decimal

from integrations.mockservers.single_window.database import Connection, array

_USED = """
SELECT buyer_key, list_key, sum(amount) FROM quota_entries WHERE buyer_key = ANY(%s::bigint[]) AND year = %s GROUP BY 1, 2
"""


class QuotaLedger:
    """The ledger of one year, as far as one batch looks at it."""

    def __init__(self, connection: Connection, year: int) -> None:
        self._connection = connection
        self._year = year
        self._taken: dict[int, dict[int, Decimal]] = {}
        self._entries: list[tuple[int, int, int, Decimal]] = []

    def fetch(self, buyers: Iterable[int]) -> None:
        """Look up several buyers at once."""
        wanted = set(buyers) - self._taken.keys()
        if not wanted:
            return
        self._taken |= {buyer: {} for buyer in wanted}
        for buyer, list_key, amount in self._connection.execute(_USED, (array(wanted), self._year)).fetchall():
            self._taken[buyer][list_key] = amount

    def used(self, buyer: int, but_for: int) -> Decimal:
        """Return what a buyer has used of the year, leaving out one list."""
        self.fetch([buyer])
        return sum((amount for key, amount in self._taken[buyer].items() if key != but_for), Decimal(0))

    def set(self, buyer: int, list_key: int, amount: Decimal) -> None:
        """Enter what is missing for a list to take ``amount``."""
        self.fetch([buyer])
        missing = amount - self._taken[buyer].get(list_key, Decimal(0))
        if missing:
            self._taken[buyer][list_key] = amount
            self._entries.append((buyer, self._year, list_key, missing))

    def save(self) -> None:
        """Write the new entries down."""
        if self._entries:
            with self._connection.cursor() as cursor, cursor.copy("COPY quota_entries FROM STDIN") as copy:
                for entry in self._entries:
                    copy.write_row(entry)
            self._entries.clear()
