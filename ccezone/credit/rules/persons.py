"""What may be on record about a person, and what somebody must say before a record opens (PIPL arts. 6, 28)."""

from datetime import date
from enum import StrEnum

from ccezone.kernel.check_digits import check_resident_id
from ccezone.kernel.errors import Fault

LEAST_REASON, MOST_REASON = 4, 500


class PersonKind(StrEnum):
    """Kinds of evidence: what a person is to an enterprise, and what was found about the person's conduct."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    RESPONSIBLE = "responsible"
    FALSE_TRADE = "false_trade"
    IDENTITY_LENT = "identity_lent"
    IDENTITY_STOLEN = "identity_stolen"
    JUDGMENT_UNPAID = "judgment_unpaid"
    MARKET_BAN = "market_ban"
    REPAIRED = "repaired"
    COMMENDED = "commended"


CAPACITIES = frozenset({PersonKind.LEGAL_REPRESENTATIVE, PersonKind.RESPONSIBLE})
ADVERSE = frozenset({PersonKind.FALSE_TRADE, PersonKind.IDENTITY_LENT, PersonKind.JUDGMENT_UNPAID, PersonKind.MARKET_BAN})


class PersonViewer(StrEnum):
    """For whom a record is opened: an officer's own task, or the person, who came and showed an identity document."""

    OFFICE = "office"
    SELF = "self"


def identity_faults(number: str) -> list[Fault]:
    """Judge a resident identity number by GB 11643-1999."""
    return [] if check_resident_id(number).valid else [Fault("/id_number", "credit_identity_wrong")]


def person_faults(
    name: str, number: str, kind: str, issuer: str, document: str, days: tuple[date, date | None], today: date
) -> list[Fault]:
    """Judge evidence about a person."""
    faults = identity_faults(number)
    if kind not in {each.value for each in PersonKind}:
        faults.append(Fault("/kind", "required"))
    named = {"name": name, "issuer": issuer, "document": document}
    faults += [Fault(f"/{field}", "required") for field, value in named.items() if not value.strip()]
    if days[0] > today:
        faults.append(Fault("/valid_from", "credit_from_future", {"day": days[0].isoformat()}))
    if days[1] is not None and days[1] < days[0]:
        faults.append(Fault("/valid_to", "ends_before_begin"))
    return faults


def reason_faults(reason: str, viewer: str) -> list[Fault]:
    """Judge why a record is to be opened: in words, and for whom."""
    faults = []
    if viewer not in {each.value for each in PersonViewer}:
        faults.append(Fault("/viewer", "required"))
    if len(reason.strip()) < LEAST_REASON:
        faults.append(Fault("/reason", "credit_reason_needed"))
    elif len(reason) > MOST_REASON:
        faults.append(Fault("/reason", "too_long", {"max": str(MOST_REASON), "actual": str(len(reason))}))
    return faults
