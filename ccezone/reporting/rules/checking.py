"""What a report asks for (``indicators.csv``), how typed figures are read, and what is doubtful about them.

A figure's key is its indicator's, with the country behind a point where it is split by country: ``export_country.502``.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ccezone.kernel.errors import Fault

COUNTRY = "country"
_MOST = Decimal(10) ** 15
Figures = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of a report. ``rolls``: ``sum`` over a period, or ``stock`` at its end; ``part_of`` a total, by one ``split``."""

    key: str
    label_zh: str
    label_en: str
    unit_zh: str
    unit_en: str
    decimals: int
    rolls: str
    part_of: str
    split: str
    fact: str
    kinds: Collection[str]

    @property
    def by_country(self) -> bool:
        """Whether it has a figure for each country."""
        return self.split == COUNTRY


class Check(StrEnum):
    """What is looked at when a report comes in."""

    BALANCE = "balance"
    JUMP = "jump"
    MISSING = "missing"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Variance:
    """One doubt: the figure as reported, and what it was held against (the parts, the period before, the hub's own)."""

    check: Check
    key: str
    reported: Decimal | None
    expected: Decimal | None

    @property
    def name(self) -> str:
        """Name it within its report: explanations are kept by that."""
        return f"{self.check}:{self.key}"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which change to the period before, and which distance to the hub's own figure, on a figure is doubted, in %."""

    jump: Decimal
    tolerance: Decimal


@dataclass(frozen=True, slots=True)
class Beside:
    """What figures are held against: those accepted for the period before, and what the hub itself knows of the period."""

    former: Figures
    facts: Figures


def read_figures(
    asked: Sequence[Indicator], typed: Mapping[str, str], countries: Collection[str]
) -> tuple[dict[str, Decimal], list[Fault]]:
    """Read typed figures; what is left empty is left out. Faults point to the figure's key."""
    known, figures, faults = {each.key: each for each in asked}, {}, []
    for key, text in typed.items():
        indicator, country = known.get(key.partition(".")[0]), key.partition(".")[2]
        if indicator is None or indicator.by_country != bool(country):
            faults.append(Fault(f"/{key}", "report_unknown_indicator", {"value": key}))
        elif country and country not in countries:
            faults.append(Fault(f"/{key}", "report_unknown_country", {"value": country}))
        elif text.strip():
            value, fault = _number(indicator, text.strip())
            if fault:
                faults.append(Fault(f"/{key}", fault, {"value": text.strip(), "decimals": str(indicator.decimals)}))
            else:
                figures[key] = value
    return figures, faults


def variances(asked: Sequence[Indicator], figures: Figures, beside: Beside, limits: Limits) -> list[Variance]:
    """Return everything that is doubtful about figures, in the order of the report."""
    found: list[Variance] = []
    for each in asked:
        if each.by_country:
            continue
        reported = figures.get(each.key)
        if reported is None:
            found.append(Variance(Check.MISSING, each.key, None, beside.facts.get(each.key)))
            continue
        found += _unbalanced(each, asked, figures)
        before, fact = beside.former.get(each.key), beside.facts.get(each.key)
        if not each.part_of and before and _apart(reported, before, limits.jump):
            found.append(Variance(Check.JUMP, each.key, reported, before))
        if fact and _apart(reported, fact, limits.tolerance):
            found.append(Variance(Check.CONTRADICTION, each.key, reported, fact))
    return found


def added(asked: Sequence[Indicator], reports: Sequence[Figures]) -> dict[str, Decimal]:
    """Add the figures of several reports up, key by key, in the order of the report; what nobody reported is left out."""
    order = {each.key: place for place, each in enumerate(asked)}
    keys = {key for figures in reports for key in figures if key.partition(".")[0] in order}
    ranked = sorted(keys, key=lambda key: (order[key.partition(".")[0]], key))
    return {key: sum((figures[key] for figures in reports if key in figures), Decimal(0)) for key in ranked}


def _unbalanced(total: Indicator, asked: Sequence[Indicator], figures: Figures) -> list[Variance]:
    found = []
    for split in dict.fromkeys(each.split for each in asked if each.part_of == total.key):
        parts = {each.key for each in asked if (each.part_of, each.split) == (total.key, split)}
        given = [value for key, value in figures.items() if key.partition(".")[0] in parts]
        if (given or figures[total.key]) and sum(given, Decimal(0)) != figures[total.key]:
            key = next(iter(parts)) if split == COUNTRY else total.key
            found.append(Variance(Check.BALANCE, key, figures[total.key], sum(given, Decimal(0))))
    return found


def _apart(one: Decimal, other: Decimal, percent: Decimal) -> bool:
    return abs(one - other) * 100 > percent * abs(other)


def _number(indicator: Indicator, text: str) -> tuple[Decimal, str]:
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return Decimal(0), "not_a_number"
    if not value.is_finite() or "e" in text.lower():
        return Decimal(0), "not_a_number"
    if value < 0 or value >= _MOST:
        return Decimal(0), "report_out_of_range"
    if value != round(value, indicator.decimals):
        return Decimal(0), "report_decimals"
    return value, ""
