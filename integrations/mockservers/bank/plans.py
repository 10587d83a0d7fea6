"""How the mock bank behaves: its switches, and what it answers to an instruction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

OUTCOMES = ("confirm", "refuse", "silent")
FORMATS = ("mt940", "csv", "json")
_RATES = {"502": "7.1", "300": "7.7", "303": "9.1", "110": "0.91", "116": "0.047"}
_REFUSED = "账户状态异常，未办理。（模拟）"


class BadSwitch(Exception):
    """A switch is unknown, or set to what it cannot be."""


@dataclass(frozen=True, slots=True)
class Switches:
    """``by_reference`` goes before ``outcome``; ``rates`` are made up, yuan for one unit; ``lose_answers`` counts answers still to
    be lost after the work was done; ``format`` is that of statements, by turns when empty."""

    outcome: str = "confirm"
    delay_seconds: float = 2.0
    by_reference: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, str] = field(default_factory=lambda: dict(_RATES))
    format: str = ""
    down: bool = False
    lose_answers: int = 0

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
            good = self.outcome in OUTCOMES and 0 <= float(self.delay_seconds) <= 86_400 and self.format in ("", *FORMATS)
            good = good and all(each in OUTCOMES for each in self.by_reference.values()) and isinstance(self.down, bool)
            good = good and all(Decimal(rate) > 0 for rate in self.rates.values())
            good = good and isinstance(self.lose_answers, int) and self.lose_answers >= 0
        except (TypeError, ValueError, AttributeError, InvalidOperation):
            good = False
        if not good:
            raise BadSwitch("a value does not fit")

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told of an instruction."""

    outcome: str
    rate: str | None
    yuan: str | None
    note: str


def answer_to(switches: Switches, said: Mapping[str, object]) -> Answer | None:
    """Return what will be told of an instruction; ``None``: nothing, ever."""
    outcome = switches.by_reference.get(str(said["reference"]), switches.outcome)
    if outcome == "silent":
        return None
    rate = switches.rates.get(str(said["currency"]))
    if outcome == "refuse" or (said["converts"] and rate is None):
        return Answer("refused", None, None, _REFUSED)
    if said["action"] in ("pend", "return") or not said["converts"]:
        return Answer("confirmed", None, None, "")
    yuan = (Decimal(str(said["amount"])) * Decimal(str(rate))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Answer("confirmed", rate, f"{yuan:f}", "")
