"""Pledges of refund accounts (出口退税账户托管) as a pure table: the bank asks, the firm agrees, the bank releases.

A firm alone neither makes nor ends one. While it lives refunds are paid to the pledged account only. No text of the rules that
banks and tax bureaus agree on is known to us: who says what is our reading of the zone's plan (unverified).
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ccezone.kernel.errors import Fault, Refused

_ACCOUNT = re.compile(r"[0-9]{8,30}")
LONGEST = 1000


class State(StrEnum):
    """Where a pledge stands."""

    ASKED = "asked"
    LIVE = "live"
    REFUSED = "refused"
    DROPPED = "dropped"
    RELEASED = "released"


class Step(StrEnum):
    """What can be said about it."""

    AGREE = "agree"
    REFUSE = "refuse"
    DROP = "drop"
    RELEASE = "release"


BANK_STEPS = frozenset({Step.DROP, Step.RELEASE})
"""Steps of the bank; the others are the firm's."""
_TABLE = {
    (State.ASKED, Step.AGREE): State.LIVE,
    (State.ASKED, Step.REFUSE): State.REFUSED,
    (State.ASKED, Step.DROP): State.DROPPED,
    (State.LIVE, Step.RELEASE): State.RELEASED,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a bank asks for: the account refunds shall go to, the contract, perhaps until when."""

    account_no: str
    contract_no: str
    note: str = ""
    until: date | None = None


def terms_faults(terms: Terms, today: date) -> list[Fault]:
    """Judge what a bank asks for."""
    faults = []
    if not _ACCOUNT.fullmatch(terms.account_no):
        faults.append(Fault("/account_no", "pledge_account_no", {"value": terms.account_no}))
    if not terms.contract_no.strip():
        faults.append(Fault("/contract_no", "required"))
    if len(terms.note) > LONGEST:
        faults.append(Fault("/note", "too_long", {"max": str(LONGEST), "actual": str(len(terms.note))}))
    if terms.until is not None and terms.until < today:
        faults.append(Fault("/until", "ends_before_begin"))
    return faults


def after(state: State, step: Step) -> State:
    """Return the state a step leads to. Raises ``Refused`` when the state does not allow it."""
    found = _TABLE.get((state, step))
    if found is None:
        raise Refused(Fault("", "pledge_step_not_allowed", {"state": str(state), "step": str(step)}))
    return found


def paid_elsewhere(pledged: str, account: str) -> bool:
    """Say whether a payment went past the pledged account; without a pledge it may go anywhere."""
    return bool(pledged) and account != pledged
