"""What an order may be about, come from and end as; whether a conclusion agrees with the checks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ccezone.kernel.errors import Fault

SUBJECTS = ("list", "batch", "firm")
REASONS = ("drawn", "risk", "case", "receipt", "hand")
PASS, FAIL, CANCELLED = "pass", "fail", "cancelled"
RESULTS = (PASS, FAIL, CANCELLED)
INSPECT = 500
"""Customs' order to inspect (status codes, edition 202205)."""
RELEASED = frozenset({800, 899})
FOUND = frozenset({100, 501, 502, 503, 599, 700})
"""Customs found something: rejected, detained, returned (as ``clearance.queries.conduct`` counts finds)."""
CUSTOMS = "customs"


@dataclass(frozen=True, slots=True)
class Signed:
    """What an agency signed in; ``opinion`` is empty until it has."""

    agency: str
    opinion: str


def findings_faults(opinion: str, findings: Collection[str], known: Collection[str], pointer: str = "/findings") -> list[Fault]:
    """Judge what was found: a failure names at least one kind, everything else none, and every kind is known."""
    if opinion not in RESULTS:
        return [Fault("/opinion", "required")]
    strangers = sorted(set(findings) - set(known))
    if strangers:
        return [Fault(pointer, "inspection_finding_unknown", {"value": strangers[0]})]
    if (opinion == FAIL) != bool(findings):
        return [Fault(pointer, "inspection_finding_needed" if opinion == FAIL else "inspection_finding_unasked")]
    return []


def conclusion_faults(result: str, checks: Sequence[Signed]) -> list[Fault]:
    """Judge the one result against the checks: all are in, and what one agency failed nobody passes. Cancelling needs none."""
    if result == CANCELLED:
        return []
    missing = [check.agency for check in checks if not check.opinion]
    if missing:
        return [Fault("/result", "inspection_checks_missing", {"number": str(len(missing))})]
    if result == PASS and any(check.opinion == FAIL for check in checks):
        return [Fault("/result", "inspection_check_failed")]
    return []
