"""The gate of settlement: which ways a receipt may go now, how much of it, by which dated rule, and what stands in the way.

Individuals settle matched money only (Huifa 2020 No.11). Since Huifa 2019 No.28 the pending-check account is the free choice of
class A; before it the zone plans let class-A foreign-trade service enterprises with complete data settle directly. That classes B
and C, and firms without a class, go to the pending-check account is unverified. Yuan is no foreign exchange: it is neither
settled nor put on the pending-check account, but credited to the firm's yuan account once declared (our reading, unverified).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ccezone.fx.rules.parts import ZERO, Action, Part, Parts, spelled
from ccezone.kernel.errors import Fault

YUAN = "142"
OPTIONAL, SERVICE_ONLY, PENDING = "optional", "service_only", "pending"


@dataclass(frozen=True, slots=True)
class Rule:
    """The dated parameter a gate rests on."""

    key: str
    value: str
    document: str
    since: date
    status: str


@dataclass(frozen=True, slots=True)
class Firm:
    """What of a firm decides: its class in foreign exchange (``A``, ``B``, ``C`` or nothing), and what it is."""

    fx_class: str
    individual: bool = False
    service: bool = False
    special_area: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A receipt as the gate sees it. ``flaws`` are the faults of its orders' three flows that count.

    ``deferred`` is the longest time, in days, between an order's export and the money; ``in_usd`` the amount in US dollars,
    ``None`` without a rate.
    """

    parts: Parts
    currency: str
    declared: bool
    registration_no: str
    flaws: Sequence[Fault]
    deferred: int
    in_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits: from which deferral on SAFE must have registered it (class B, C), below which individuals need not declare."""

    deferred_days: int
    undeclared_usd: Decimal


@dataclass(frozen=True, slots=True)
class Gate:
    """What may be done: the most of each action, by which rule; ``reasons`` say why an action is closed."""

    rule: Rule
    most: Mapping[Action, Decimal]
    reasons: Mapping[Action, Sequence[Fault]] = field(default_factory=dict)
    warnings: Sequence[Fault] = ()
    converts: bool = True

    @property
    def choices(self) -> Sequence[Action]:
        """The actions that are open now."""
        return [action for action, amount in self.most.items() if amount > 0 and not self.reasons.get(action)]


def gate(firm: Firm, case: Case, rule: Rule, limits: Limits) -> Gate:
    """Judge a receipt. ``rule`` is the one in force for this firm today."""
    parts, yuan = case.parts, case.currency == YUAN
    most = {Action.SETTLE: parts.open, Action.PEND: parts.open, Action.RELEASE: min(parts.pending, parts.drawable)}
    if firm.individual:
        most |= {Action.SETTLE: min(parts.open, parts.drawable), Action.PEND: ZERO}
    most[Action.CREDIT] = most[Action.SETTLE] if yuan else ZERO
    common = _common(firm, case, limits)
    unmatched = [Fault("", "fx_not_matched")] if parts.matched < parts.amount - parts.leaving - parts.returned else []
    settle, warnings = list(common), list[Fault]()
    if firm.individual:
        settle += [*case.flaws]
    elif yuan:
        warnings += [*unmatched, *case.flaws]
    elif rule.value == PENDING:
        settle.append(Fault("", "fx_class_pends", {"class": firm.fx_class or "—"}))
    elif rule.value == SERVICE_ONLY:
        settle += [*([] if firm.service else [Fault("", "fx_service_only")]), *unmatched, *case.flaws]
    else:
        warnings += [*unmatched, *case.flaws]
    release = [*common, *case.flaws, *([Fault("", "fx_release_matched_only")] if parts.pending and not parts.drawable else [])]
    if yuan:
        other = [Fault("/action", "fx_yuan_is_credited")]
        reasons = {Action.CREDIT: settle, Action.SETTLE: other, Action.PEND: other, Action.RELEASE: other}
    else:
        other = [Fault("/action", "fx_credits_yuan_only")]
        reasons = {Action.SETTLE: settle, Action.RELEASE: release, Action.PEND: [], Action.CREDIT: other}
    return Gate(rule, most, reasons, warnings, converts=not yuan)


def rule_key(firm: Firm) -> str:
    """Return the parameter that rules a firm's way."""
    return "fx.routing.individual" if firm.individual else f"fx.routing.{firm.fx_class or 'none'}"


def source_of(action: Action) -> Part:
    """Return the part an action takes from; a refund abroad may take from others too."""
    return Part.PENDING if action is Action.RELEASE else Part.OPEN


def _common(firm: Firm, case: Case, limits: Limits) -> Sequence[Fault]:
    """What stands in the way of every settlement: no declaration, a long deferral of class B or C that SAFE has not registered."""
    faults = []
    small = firm.individual and case.in_usd is not None and case.in_usd < limits.undeclared_usd
    if not case.declared and not small:
        faults.append(Fault("/bop_code", "fx_undeclared"))
    if firm.fx_class in ("B", "C") and case.deferred > limits.deferred_days and not case.registration_no:
        told = {"days": str(case.deferred), "limit": str(limits.deferred_days)}
        faults.append(Fault("/registration_no", "fx_deferred_unregistered", told))
    return faults


@dataclass(frozen=True, slots=True)
class Refund:
    """Money to be sent back abroad: how much in US dollars, how long after it came, by the way it came or another."""

    in_usd: Decimal | None
    days: int
    original_route: bool
    registration_no: str


def refund_faults(firm: Firm, refund: Refund, special_days: int, bank_limit_usd: Decimal) -> Sequence[Fault]:
    """Judge a refund abroad (Huifa 2020 No.8, 2024 No.11): a special one needs SAFE's registration, unless the bank may handle it.

    Special: not by the original route, or more than ``special_days`` after the receipt. The bank handles one of class A up to
    ``bank_limit_usd``.
    """
    special = not refund.original_route or refund.days > special_days
    if not special or refund.registration_no:
        return []
    by_bank = firm.fx_class == "A" and refund.in_usd is not None and refund.in_usd <= bank_limit_usd
    told = {"days": str(refund.days), "special": str(special_days), "limit": spelled(bank_limit_usd)}
    return [] if by_bank else [Fault("/registration_no", "fx_special_refund", told)]
