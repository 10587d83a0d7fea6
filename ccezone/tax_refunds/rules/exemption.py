"""VAT and consumption tax exemption of retail exports without purchase invoice (无票免税), Caishui 2018 No.103 art. 1."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ccezone.kernel.errors import Fault


class Condition(StrEnum):
    """The conditions, each of which must hold."""

    ZONE_REGISTERED = "zone_registered"
    ZONE_RECORDED = "zone_recorded"
    ZONE_CUSTOMS = "zone_customs"
    NOT_REFUND_CANCELLED = "not_refund_cancelled"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Where the conditions come from: the document, its first and last day, how sure the fact is."""

    document: str
    effective_from: date
    effective_to: date | None
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition with its verdict, and what it was judged by; ``None``: nobody knows yet, somebody must look."""

    condition: Condition
    met: bool | None
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ExemptionVerdict:
    """All conditions, and whether the goods are exempt. Without a basis (not in force that day) nothing is exempt."""

    findings: tuple[Finding, ...]
    basis: LegalBasis | None

    @property
    def exempt(self) -> bool:
        return self.basis is not None and all(finding.met for finding in self.findings)

    @property
    def undecided(self) -> bool:
        """Whether nothing speaks against the exemption, but something is not known."""
        return self.basis is not None and not self.failed and not self.exempt

    @property
    def failed(self) -> tuple[Condition, ...]:
        """The conditions that do not hold."""
        return tuple(finding.condition for finding in self.findings if finding.met is False)


def faults_of_choice(verdict: ExemptionVerdict, subject: str, *, confirmed: bool) -> list[Fault]:
    """Return what keeps goods from being taken as exempt. What nobody knows the firm may vouch for (``confirmed``), on record."""
    if verdict.basis is None:
        return [Fault("/items", "exemption_no_policy", {"subject": subject})]
    faults = [Fault("/items", f"exemption_{condition}", {"subject": subject}) for condition in verdict.failed]
    if not faults and verdict.undecided and not confirmed:
        faults.append(Fault("/confirmed", "exemption_unconfirmed", {"subject": subject}))
    return faults


def judge(
    required: Collection[Condition],
    met: Mapping[Condition, bool | None],
    basis: LegalBasis | None,
    evidence: Mapping[Condition, Mapping[str, str]] | None = None,
) -> ExemptionVerdict:
    """Judge the conditions that are in force (``required``); ``met`` says which hold, ``None`` of what is not known."""
    shown = evidence or {}
    findings = tuple(Finding(each, met[each], shown.get(each, {})) for each in Condition if each in required)
    return ExemptionVerdict(findings, basis)
