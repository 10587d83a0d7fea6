"""Consents as pure rules: what may be asked for, what follows what, and whether one holds on a day.

A firm's trade data is its own: a bank reads what the firm agreed to, for the purpose and days it agreed to, and no longer than it
wishes (Data Security Law art. 32; Personal Information Protection Law art. 14 and 15, where persons are concerned).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ccezone.kernel.errors import Fault

LONGEST = 1000
MOST_ORDERS = 50
"""Orders that are compared and decided on together."""


class DataKind(StrEnum):
    """What can be consented to."""

    ORDERS = "orders"
    PAYMENTS = "payments"
    LOGISTICS = "logistics"
    LISTS = "lists"
    CREDIT = "credit"
    CLAIMS = "claims"
    MONEY = "money"


THREE_BILLS = (DataKind.ORDERS, DataKind.PAYMENTS, DataKind.LOGISTICS)
"""What a digital comparison reads."""


class Purpose(StrEnum):
    """What it is wanted for; ``other`` is said in words."""

    SETTLEMENT = "settlement"
    LOAN = "loan"
    OTHER = "other"


class ConsentState(StrEnum):
    """What was last said about a consent."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """Where a consent stands on a day."""

    ASKED = "asked"
    FUTURE = "future"
    LIVE = "live"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OVER = frozenset({Standing.EXPIRED, Standing.REFUSED, Standing.WITHDRAWN})


class Outcome(StrEnum):
    """What a bank decided."""

    APPROVED = "approved"
    REFUSED = "refused"
    MORE_DOCUMENTS = "more_documents"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is consented to: kinds of data, a purpose with words, first and last day."""

    kinds: Collection[str]
    purpose: str
    note: str
    valid_from: date
    valid_to: date


def terms_faults(terms: Terms, today: date) -> list[Fault]:
    """Judge what is asked for or granted: known data and purpose, days in order and not over."""
    faults = [] if terms.kinds else [Fault("/kinds", "required")]
    known = {each.value for each in DataKind}
    faults += [Fault("/kinds", "unknown_choice", {"value": each}) for each in sorted({*terms.kinds} - known)]
    if terms.purpose not in {each.value for each in Purpose}:
        faults.append(Fault("/purpose", "required"))
    elif terms.purpose == Purpose.OTHER and not terms.note.strip():
        faults.append(Fault("/note", "required"))
    if len(terms.note) > LONGEST:
        faults.append(Fault("/note", "too_long", {"max": str(LONGEST), "actual": str(len(terms.note))}))
    if terms.valid_to < terms.valid_from:
        faults.append(Fault("/valid_to", "ends_before_begin"))
    elif terms.valid_to < today:
        faults.append(Fault("/valid_to", "consent_days_over"))
    return faults


def standing(state: str, valid_from: date, valid_to: date, today: date) -> Standing:
    """Return where a consent stands on a day; a question nobody answered is over with its last day."""
    if state in (ConsentState.REFUSED, ConsentState.WITHDRAWN):
        return Standing(state)
    if valid_to < today:
        return Standing.EXPIRED
    if state == ConsentState.ASKED:
        return Standing.ASKED
    return Standing.FUTURE if today < valid_from else Standing.LIVE


def decision_faults(outcome: str, reference: str, words: str) -> list[Fault]:
    """Judge a bank's decision: a known outcome, the bank's own reference, and words unless it approves."""
    faults = [] if outcome in {each.value for each in Outcome} else [Fault("/outcome", "required")]
    if not reference.strip():
        faults.append(Fault("/reference", "required"))
    if outcome != Outcome.APPROVED and not words.strip():
        faults.append(Fault("/words", "required"))
    if len(words) > LONGEST:
        faults.append(Fault("/words", "too_long", {"max": str(LONGEST), "actual": str(len(words))}))
    return faults
