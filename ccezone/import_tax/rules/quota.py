"""Movements of a buyer's yearly quota: used when a list is filed, given back when it is cancelled or returned.

The ledger counts what was filed through this hub; customs' national ledger decides (Caiguanshui 2018 No. 49).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class QuotaKind(StrEnum):
    """The direction of a movement; amounts are never negative."""

    USE = "use"
    GIVE_BACK = "give_back"


@dataclass(frozen=True, slots=True)
class QuotaEntry:
    """One movement. ``buyer_digest`` is the keyed digest of the buyer's identity, ``year`` the calendar year in China.

    ``cause``: 0 for the list itself, else the digest of the return or cancellation, so that two partial returns of one
    list both count, and each counts once.
    """

    buyer_digest: int
    year: int
    declaration_id: int
    amount: Decimal
    kind: QuotaKind = QuotaKind.USE
    cause: int = 0
