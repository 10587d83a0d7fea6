"""Traces: what detectors look at. A trace is one narrow fact about a bill or list, in the bucket of what it shares with others.

People appear in buckets and values as keyed digests only (PIPL art. 51). Amounts and times are kept as texts: exact.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Stream(StrEnum):
    """What the traces of a bucket have in common."""

    BUYER = "buyer"  # import orders of one identity number
    CONTACT = "contact"  # import orders to one telephone
    HOURS = "hours"  # one merchant's orders, counted by the hour
    PARCEL = "parcel"  # waybills whose numbers read alike, and orders linked to them
    PRICE = "price"  # lines of one commodity code, country and unit
    QUOTA = "quota"  # import lists that count in one buyer's year
    PAYER = "payer"  # one merchant's payments by somebody else than the buyer
    TIMES = "times"  # one order, with the times its bills tell
    WEIGHT = "weight"  # lists of one waybill


@dataclass(frozen=True, slots=True)
class Trace:
    """One fact. ``subject`` is the bill's key or the list's id, ``part`` a line of it, ``number`` what people call it."""

    subject: int
    part: int
    bucket: int
    at: datetime
    kind: str
    number: str
    flow: str
    merchant: UUID | None
    values: Mapping[str, str] = field(default_factory=dict)

    def amount(self, name: str) -> Decimal:
        """Return a value as a number, nought when it is absent."""
        return Decimal(self.values.get(name) or 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """Traces that a detector holds to be suspicious together, the last of them newest, and the figures that say why."""

    traces: Sequence[Trace]
    measures: Mapping[str, str]

    @property
    def bucket(self) -> int:
        return self.traces[0].bucket

    @property
    def at(self) -> datetime:
        """When it came about: with its last trace."""
        return max(trace.at for trace in self.traces)

    @property
    def subjects(self) -> frozenset[int]:
        return frozenset(trace.subject for trace in self.traces)


@dataclass(frozen=True, slots=True)
class Law:
    """Limits of law by day, from the dated parameters: yuan of one import order, yuan of one buyer's year."""

    single: Callable[[date], Decimal]
    annual: Callable[[date], Decimal]


Thresholds = Mapping[str, Decimal]
Detector = Callable[[Sequence[Trace], Thresholds, Law], Sequence[Finding]]
"""Looks at all traces of one bucket, ordered by time, and returns what it finds. Depends on nothing else."""

_LOOKALIKES = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2"})


def alike(number: str) -> str:
    """Bring a waybill number to what the eye reads: no signs between, capitals, letters that pass for digits as digits."""
    folded = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in folded if character.isalnum()).translate(_LOOKALIKES)
