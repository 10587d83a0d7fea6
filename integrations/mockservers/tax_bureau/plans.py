"""What the mock does with a claim, by the switches: which steps follow a message, and after how many delays."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

OUTCOMES: Mapping[str, Sequence[str]] = {
    "approve": ("accept", "review", "approve", "treasury", "pay"),
    "doubt": ("accept", "review", "doubt"),
    "part": ("accept", "review", "approve_part", "treasury", "pay"),
    "refuse": ("accept", "review", "refuse"),
    "not_accept": ("not_accept",),
    "linger": ("accept", "review"),
}
_AFTER_ANSWER = ("approve", "treasury", "pay")
_LIFE_DAYS = (0, 1, 3, 8, 9, 10)
"""Days from a message to each step that follows it."""
DECIDED = frozenset(
    {"approve", "approve_part", "refuse", "treasury", "pay", "recover", "offset", "reverse", "not_accept", "withdraw"}
)
_NOTES = {
    "doubt": "请说明购进货物与出口货物名称不一致的原因，并提供运输单据。（模拟函）",
    "not_accept": "申报资料不完整，请补正后重新申报。（模拟）",
    "refuse": "经核查，供货企业未如实开具发票，不予退税。（模拟）",
    "approve_part": "部分货物资料不足，先行核准部分税额。（模拟）",
    "keep": "已审核完毕，不能撤回。（模拟）",
    "recover": "货物退运，请补缴已退税款。（模拟）",
    "offset": "货物退运，已在本期应退税额中抵减。（模拟）",
    "reverse": "复审发现部分发票不符合规定，冲回已核准的退税。（模拟）",
}


class BadSwitch(Exception):
    """A switch is unknown, or set to what it cannot be."""


@dataclass(frozen=True, slots=True)
class Switches:
    """How the bureau behaves. ``by_claim`` goes before ``outcome``; ``lose_answers`` counts answers still to be lost after the work
    was done. ``lifelike``: what was written days ago was dealt with in days, as far as these have passed (``Planned.life``)."""

    outcome: str = "approve"
    delay_seconds: float = 2.0
    part_share: str = "0.8"
    by_claim: Mapping[str, str] = field(default_factory=dict)
    down: bool = False
    lose_answers: int = 0
    lifelike: bool = False

    def changed(self, changes: Mapping[str, object]) -> "Switches":
        """Set some anew. Raises ``BadSwitch``."""
        unknown = set(changes) - {each.name for each in fields(self)}
        if unknown:
            raise BadSwitch(f"unknown: {', '.join(sorted(unknown))}")
        found = replace(self, **changes)  # type: ignore[arg-type]  # judged below
        found.judge()
        return found

    def judge(self) -> None:
        """Raises ``BadSwitch``."""
        try:
            good = self.outcome in OUTCOMES and 0 <= float(self.delay_seconds) <= 86_400 and 0 < Decimal(self.part_share) < 1
            good = good and all(each in OUTCOMES for each in self.by_claim.values()) and isinstance(self.down, bool)
            good = good and isinstance(self.lose_answers, int) and self.lose_answers >= 0
            good = good and isinstance(self.lifelike, bool)
        except (TypeError, ValueError, AttributeError, InvalidOperation):
            good = False
        if not good:
            raise BadSwitch("a value does not fit")

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Planned:
    """A step to be told after a number of delays, and as in life after ``life``."""

    step: str
    delays: int
    amount: str | None
    note: str

    @property
    def life(self) -> timedelta:
        """How long after the message a bureau takes this step in life: made up, within the days refunds are said to take."""
        return timedelta(days=_LIFE_DAYS[min(self.delays, len(_LIFE_DAYS) - 1)])


def planned(switches: Switches, kind: str, claim: str, amount: Decimal, told: Sequence[str]) -> Sequence[Planned]:
    """Return what follows a message about a claim; ``told`` are the steps told so far."""
    if kind == "withdraw":
        step = "keep" if told and told[-1] in DECIDED else "withdraw"
        return [Planned(step, 1, None, _NOTES.get(step, ""))]
    outcome = switches.by_claim.get(claim, switches.outcome)
    steps = _AFTER_ANSWER if kind == "answer" else OUTCOMES[outcome]
    part = (amount * Decimal(switches.part_share)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    share = {"approve_part": str(part), "approve": str(amount)}
    return [Planned(step, place, share.get(step), _NOTES.get(step, "")) for place, step in enumerate(steps, start=1)]


def repaid(amount: str, reference: str) -> Planned:
    """Return the recovery that follows a firm's own offer to repay."""
    return Planned("recover", 1, amount, f"{_NOTES['recover']} {reference}")


def recovery(amount: str, *, offset: bool) -> Planned:
    """Return the demand to pay a refund back, or its offset against another."""
    step = "offset" if offset else "recover"
    return Planned(step, 0, amount, _NOTES[step])


def reversal(amount: str) -> Planned:
    """Return what a second check takes off an approved or paid claim."""
    return Planned("reverse", 0, amount, _NOTES["reverse"])
