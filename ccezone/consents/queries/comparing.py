"""Digital comparison for a bank: what order, payment and waybill of each chosen order say, by the hub's own verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.queries import BillRow, bills_of_order
from ccezone.bills.queries.belonging import newest_of
from ccezone.bills.rules import BillKind
from ccezone.matching.queries import MatchRow, OpenedDifference, match, opened_differences
from ccezone.matching.rules import Verdict
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_ORDER = f"""
SELECT coalesce(v.actual_paid, v.goods_value + v.freight), v.currency FROM order_version v
WHERE v.order_key = %(key)s AND {newest_of(BillKind.ORDER, "v")}
"""  # noqa: S608  # our own names
AGREED = frozenset({Verdict.MATCHED, Verdict.WARNED})


@dataclass(frozen=True, slots=True)
class ComparedOrder:
    """One order beside its payments and waybills, and where they differ; personal values are masked."""

    match: MatchRow
    amount: Decimal | None
    currency: str
    payments: Sequence[BillRow]
    waybills: Sequence[BillRow]
    differences: Sequence[OpenedDifference]

    @property
    def agrees(self) -> bool:
        """Whether the three bills are there and nothing in them blocks."""
        return self.match.verdict in AGREED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Chosen orders, compared."""

    orders: Sequence[ComparedOrder]

    @property
    def agreeing(self) -> int:
        return sum(each.agrees for each in self.orders)

    @property
    def differing(self) -> int:
        return sum(each.match.verdict == Verdict.CONFLICT for each in self.orders)

    @property
    def waiting(self) -> int:
        return len(self.orders) - self.agreeing - self.differing


def compare(connection: Connection, vault: PersonalVault, enterprise_id: UUID, order_keys: Sequence[int]) -> Comparison:
    """Compare orders of a firm, in the order they were chosen; what is not the firm's is left out."""
    found = (match(connection, key, enterprise_id) for key in dict.fromkeys(order_keys))
    return Comparison([_compared(connection, vault, enterprise_id, each) for each in found if each is not None])


def _compared(connection: Connection, vault: PersonalVault, enterprise_id: UUID, known: MatchRow) -> ComparedOrder:
    stated = fetch(connection, _ORDER, {"key": known.order_key})
    amount, currency = stated[0] if stated else (None, "")
    rows = [row for row in bills_of_order(connection, known.order_key) if not row.deleted]
    payments = [row for row in rows if row.kind == BillKind.PAYMENT]
    waybills = [row for row in rows if row.kind == BillKind.WAYBILL]
    differences = opened_differences(connection, vault, known, enterprise_id)
    return ComparedOrder(known, amount, currency, payments, waybills, differences)
