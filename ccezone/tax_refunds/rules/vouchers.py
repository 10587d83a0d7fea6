"""A promotion-cost voucher as a pure table of steps: recorded by the firm, certified or sent back by an officer, used once.

The plan names the vouchers and says no more: who may use them for what is not ours to say (unverified).
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.errors import Fault, Refused

LONGEST = 500
MOST = Decimal(10) ** 10
_CENT = Decimal("0.01")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class State(StrEnum):
    """Where a voucher stands."""

    RECORDED = "recorded"
    CERTIFIED = "certified"
    SENT_BACK = "sent_back"
    USED = "used"


class Step(StrEnum):
    """What can be done with one: by an officer, and the last by the firm."""

    CERTIFY = "certify"
    SEND_BACK = "send_back"
    USE = "use"


_FROM = {
    (State.RECORDED, Step.CERTIFY): State.CERTIFIED,
    (State.RECORDED, Step.SEND_BACK): State.SENT_BACK,
    (State.CERTIFIED, Step.USE): State.USED,
}
OFFICE_STEPS = frozenset({Step.CERTIFY, Step.SEND_BACK})


@dataclass(frozen=True, slots=True)
class Voucher:
    """What a platform charged for promotion in a month (``YYYY-MM``), by which document."""

    platform: str
    period: str
    currency: str
    amount: Decimal
    document_no: str


def voucher_faults(voucher: Voucher, this_month: str) -> list[Fault]:
    """Judge a voucher to be recorded; ``this_month`` as ``YYYY-MM``."""
    named = {"/platform": voucher.platform, "/document_no": voucher.document_no}
    faults = [Fault(pointer, "required") for pointer, text in named.items() if not text.strip()]
    if not _MONTH.fullmatch(voucher.period):
        faults.append(Fault("/period", "bad_month", {"value": voucher.period}))
    elif voucher.period > this_month:
        faults.append(Fault("/period", "voucher_month_to_come", {"value": voucher.period}))
    if not _CENT <= voucher.amount <= MOST:
        faults.append(Fault("/amount", "out_of_range", {"low": f"{_CENT:f}", "high": f"{MOST:f}"}))
    elif voucher.amount != voucher.amount.quantize(_CENT):
        faults.append(Fault("/amount", "fx_cents", {"value": f"{voucher.amount.normalize():f}"}))
    return faults


def document_key(voucher: Voucher) -> str:
    """Return what tells a platform's document apart however it is spelled: no case, width, spaces or punctuation."""
    parts = (unicodedata.normalize("NFKC", text).casefold() for text in (voucher.platform, voucher.document_no))
    return "|".join("".join(letter for letter in part if letter.isalnum()) for part in parts)


def steps_from(state: State) -> list[Step]:
    """Return what may be done next."""
    return [step for known, step in _FROM if known is state]


def after(state: State, step: Step) -> State:
    """Return the state after a step. Raises ``Refused``: not from here."""
    reached = _FROM.get((state, step))
    if reached is None:
        raise Refused(Fault("", "voucher_step_not_allowed"))
    return reached
