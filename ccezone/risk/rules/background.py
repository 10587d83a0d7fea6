"""What banks and insurers report of a firm's background: who checked, what for, and how it came out."""

from datetime import date
from enum import StrEnum

from ccezone.kernel.errors import Fault


class Checker(StrEnum):
    """Kinds of institutions that check."""

    BANK = "bank"
    INSURER = "insurer"


class Purpose(StrEnum):
    """What they check a firm for."""

    SETTLEMENT = "settlement"
    LOAN = "loan"
    INSURANCE = "insurance"


class Outcome(StrEnum):
    """How it came out."""

    CLEAR = "clear"
    CONCERN = "concern"
    REFUSED = "refused"


_CHOICES = {"kind": Checker, "purpose": Purpose, "outcome": Outcome}


def background_faults(said: dict[str, str], checked_on: date, valid_to: date | None, today: date) -> list[Fault]:
    """Judge a report: institution and document named, known kinds, days in order and not from the future."""
    faults = [Fault(f"/{name}", "required") for name in ("institution", "document") if not said[name].strip()]
    faults += [
        Fault(f"/{name}", "required") for name, choices in _CHOICES.items() if said[name] not in {each.value for each in choices}
    ]
    if said["outcome"] != Outcome.CLEAR and not said["note"].strip():
        faults.append(Fault("/note", "required"))
    if checked_on > today:
        faults.append(Fault("/checked_on", "credit_from_future", {"day": checked_on.isoformat()}))
    if valid_to is not None and valid_to < checked_on:
        faults.append(Fault("/valid_to", "ends_before_begin"))
    return faults
