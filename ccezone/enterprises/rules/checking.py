"""What the hub finds out about an application beside what it states: the "second check" an officer decides by.

A finding never decides: it says what agrees, what deserves a look and what cannot be right.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date, timedelta
from enum import StrEnum

from ccezone.enterprises.rules.applying import Facts, Licence
from ccezone.enterprises.rules.parties import Role
from ccezone.kernel.check_digits import check_customs_registration_code, check_uscc
from ccezone.kernel.uscc_parts import parts_of

SOON = timedelta(days=60)


class Tone(StrEnum):
    """How a finding reads."""

    GOOD = "good"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found about a field. ``code`` names its text, ``params`` fill it."""

    field: str
    tone: Tone
    code: str
    params: Mapping[str, str] = made_by(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the register knows already: others with the same code, name or mail, and open applications of the same code."""

    same_uscc: str = ""
    same_customs_code: str = ""
    same_name: str = ""
    open_applications: Sequence[str] = ()
    login_taken: bool = False
    place_prefix: str = ""


def findings(
    facts: Facts, roles: Collection[str], licences: Sequence[Licence], required: Collection[str], known: Known, today: date
) -> list[Finding]:
    """Return what was found, by field."""
    found = [*_uscc_findings(facts, roles, known), *_customs_findings(facts, known), *_name_findings(known)]
    for licence in licences:
        found += _licence_findings(licence, facts, licence.kind in required, today)
    missing = sorted(set(required) - {licence.kind for licence in licences})
    found += [Finding("licences", Tone.BAD, "licence_missing", {"kind": kind}) for kind in missing]
    if known.login_taken:
        found.append(Finding("contact_mail", Tone.BAD, "login_taken"))
    return found


def _uscc_findings(facts: Facts, roles: Collection[str], known: Known) -> list[Finding]:
    uscc = str(facts.get("uscc", ""))
    verdict = check_uscc(uscc)
    if not verdict:
        return [Finding("uscc", Tone.BAD, "uscc_wrong", {"zh": verdict.reason_zh, "en": verdict.reason_en})]
    parts = parts_of(uscc)
    found = [
        Finding("uscc", Tone.GOOD, "uscc_right"),
        Finding("uscc", Tone.INFO, "uscc_authority", {"authority": parts.authority, "kind": parts.authority + parts.kind}),
        Finding("uscc", Tone.INFO if parts.place else Tone.WARN, "uscc_place", {"code": parts.region, "place": parts.place}),
    ]
    if known.place_prefix and not parts.region.startswith(known.place_prefix):
        found.append(Finding("uscc", Tone.WARN, "uscc_elsewhere", {"prefix": known.place_prefix}))
    trader = parts.authority + parts.kind == "92"
    if (Role.TRADER in roles) != trader:
        found.append(Finding("uscc", Tone.WARN, "not_a_trader_code" if Role.TRADER in roles else "trader_code"))
    if known.same_uscc:
        found.append(Finding("uscc", Tone.BAD, "uscc_registered", {"name": known.same_uscc}))
    found += [Finding("uscc", Tone.WARN, "applied_twice", {"reference": each}) for each in known.open_applications]
    return found


def _customs_findings(facts: Facts, known: Known) -> list[Finding]:
    code, uscc = str(facts.get("customs_code", "")), str(facts.get("uscc", ""))
    if not code:
        return []
    verdict = check_customs_registration_code(code)
    if not verdict:
        return [Finding("customs_code", Tone.BAD, "customs_code_wrong", {"zh": verdict.reason_zh, "en": verdict.reason_en})]
    found = []
    if len(uscc) == 18:
        same = code[:4] == uscc[2:6]
        where = {"customs": code[:4], "uscc": uscc[2:6]}
        found.append(Finding("customs_code", Tone.GOOD if same else Tone.WARN, "same_place" if same else "other_place", where))
    if known.same_customs_code:
        found.append(Finding("customs_code", Tone.BAD, "customs_code_registered", {"name": known.same_customs_code}))
    return found


def _name_findings(known: Known) -> list[Finding]:
    return [Finding("name", Tone.WARN, "same_name", {"uscc": known.same_name})] if known.same_name else []


def _licence_findings(licence: Licence, facts: Facts, required: bool, today: date) -> list[Finding]:
    found = []
    if licence.kind == "business_licence":
        same = licence.number.strip().upper() == facts.get("uscc")
        tone, code = (Tone.GOOD, "licence_number_agrees") if same else (Tone.WARN, "licence_number_differs")
        found.append(Finding("licences", tone, code, {"number": licence.number}))
    day = {"kind": licence.kind, "day": licence.expires_on.isoformat() if licence.expires_on else ""}
    if licence.expired(today):
        found.append(Finding("licences", Tone.BAD if required else Tone.WARN, "licence_has_expired", day))
    elif licence.expires_on is not None and licence.expires_on - today <= SOON:
        found.append(Finding("licences", Tone.WARN, "licence_expires_soon", day))
    return found
