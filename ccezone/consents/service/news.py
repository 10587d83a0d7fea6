"""News of consents, for whoever tells people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ccezone.consents.rules import ConsentState, Outcome


@dataclass(frozen=True, slots=True)
class ConsentMoved:
    """News: a consent was asked for, granted, refused or withdrawn."""

    consent_id: UUID
    enterprise_id: UUID
    bank: str
    state: ConsentState
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """News: a bank decided under a consent."""

    consent_id: UUID
    enterprise_id: UUID
    bank: str
    outcome: Outcome
    reference: str
    at: datetime
