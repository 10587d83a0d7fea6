"""What happens to a document after it was accepted, as steps: which code, with which words, after how long.

The order of codes follows ``status_transitions``; waiting times are those of the quoted live runs where there are any.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from integrations.mockservers.single_window.records import Record
from integrations.mockservers.single_window.switches import Rule
from integrations.mockservers.single_window.texts import status_text

DELETED = 430  # the status that says "cancelled"; a deleted bill is kept under it too, no receipt carries it
WAITING_FOR_ARRIVAL = 400
RELEASED = 800
CLOSED = 899

_HOUR = 3600.0
_REJECTED = "[Code:100;Desc:按开关退单(模拟环境)]"


class Step(NamedTuple):
    """One receipt to come: ``wait`` seconds of life (stretched by the time scale), ``delay`` seconds of the clock."""

    code: int
    text: str = ""
    wait: float = 0.0
    delay: float = 0.0

    @property
    def words(self) -> str:
        return self.text or status_text(self.code)


_HANDED_OVER = Step(3, wait=1)
_STORED = Step(120, wait=3)
REFUSED = Step(100, _REJECTED, wait=3)


def accepted(record: Record) -> list[Step]:
    """The e-port's own receipts: taken in, handed to customs (an import list shows no 3, as the live run showed none)."""
    taken = Step(2, f"新增申报成功[{record.head['guid']}]")
    return [taken] if record.layout.number == 621 else [taken, _HANDED_OVER]


def stored() -> list[Step]:
    """A bill that customs stored."""
    return [_STORED]


def closed(record: Record) -> list[Step]:
    """An application that customs simply approves."""
    imported = record.layout.definition.flow == "I"
    return [*([Step(120, wait=3)] if imported else []), Step(399, wait=2)]


def clearance(record: Record, effects: Mapping[str, Rule], *, arrival: bool, departure: bool) -> Sequence[Step]:
    """A list that passed the cross-checks, to its end or to where a switch or a missing arrival lets it rest."""
    return _clearance(record.layout.number == 603, tuple(effects.items()), arrival=arrival, departure=departure)


@lru_cache(maxsize=256)
def _clearance(export: bool, named: Sequence[tuple[str, Rule]], *, arrival: bool, departure: bool) -> Sequence[Step]:
    effects = dict(named)
    if "drop_after_acceptance" in effects:
        return ()
    steps = _exported(effects, arrival=arrival, departure=departure) if export else _imported(effects)
    late = effects.get("delay")
    if late is not None and steps:
        steps[0] = steps[0]._replace(delay=late.seconds)
    return tuple(steps)


def _exported(effects: Mapping[str, Rule], *, arrival: bool, departure: bool) -> list[Step]:
    if "reject" in effects:
        return [REFUSED]
    steps = [Step(120, wait=3)]
    if not _through(steps, effects, ("suspend", 600), ("manual_review", 300)):
        return steps
    steps += [Step(399, wait=2), Step(WAITING_FOR_ARRIVAL, wait=1)]
    if not arrival:
        return steps
    if not _through(steps, effects, ("inspection", 500)):
        return steps
    return steps + movement(departure=departure)


def movement(*, departure: bool) -> list[Step]:
    """From arrival at the site to departure."""
    return [Step(RELEASED, wait=4 * _HOUR), *([Step(CLOSED, wait=20 * _HOUR)] if departure else [])]


def arrived(effects: Mapping[str, Rule], *, departure: bool) -> list[Step]:
    """What an arrival brings to an export list that waits for it."""
    steps: list[Step] = []
    if not _through(steps, effects, ("inspection", 500)):
        return steps
    return steps + movement(departure=departure)


def _imported(effects: Mapping[str, Rule]) -> list[Step]:
    if "reject" in effects:
        return [REFUSED]
    steps = [Step(120, wait=3)]
    if not _through(steps, effects, ("suspend", 600), ("manual_review", 300)):
        return steps
    if "manual_review" in effects:
        steps.append(Step(399, wait=1))
    if not _through(steps, effects, ("inspection", 500), failed=700):
        return steps
    return [*steps, Step(RELEASED, wait=1)]


def _through(steps: list[Step], effects: Mapping[str, Rule], *gates: tuple[str, int], failed: int = 100) -> bool:
    """Add the stops that switches ask for; say whether the list goes on after them."""
    for effect, code in gates:
        rule = effects.get(effect)
        if rule is None:
            continue
        steps.append(Step(code, wait=60))
        if rule.outcome == "fail":
            steps.append(Step(failed, wait=_HOUR))
        if rule.outcome != "pass":
            return False
    return True
