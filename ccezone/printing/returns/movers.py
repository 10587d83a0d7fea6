"""Which rows of a return's tables rose and fell most, against the same period of the year before and the period before this one.

Said only against bases that the snapshot names as whole (``coverage.compared``): a preliminary return names none, nor one with
goods whose worth is unknown. A row's change is its amount less its base, both in the snapshot; its share is that of all rises,
or of all falls, of its table and flow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccezone.kernel.money import round_half_up
from ccezone.printing.documents import Locale
from ccezone.printing.returns.words import TABLES, Snapshot, money, say
from ccezone.statistics.rules.returns import FLOWS

_MOST = 2
_TABLES = ("country", "section", "park", "enterprise")


@dataclass(frozen=True, slots=True)
class Mover:
    """A row that moved: by how much, in yuan and above nought, and its share in per cent, to one decimal."""

    row: Mapping[str, Any]
    amount: Decimal
    share: Decimal


def movers(snapshot: Snapshot, locale: Locale) -> Sequence[str]:
    """Return a paragraph for each base that is whole; none where nothing moved."""
    compared: Sequence[str] = snapshot["coverage"].get("compared", ())
    told = []
    for base in compared:
        parts = [part for each in _printed(snapshot) if (part := _of_table(each, base, locale))]
        if parts:
            told.append(say(f"against_{base}", locale) + ("；" if locale == "zh" else "; ").join(parts) + say("stop", locale))
    return told


def moved(table: Mapping[str, Any], flow: str, base: str) -> tuple[Sequence[Mover], Sequence[Mover]]:
    """Return the rows of a table that rose most, and those that fell most; what is not stated is a row as any."""
    changes = [(row, Decimal(row["cells"][flow]["value"]) - Decimal(row["cells"][flow][base])) for row in table["rows"]]
    return _largest([each for each in changes if each[1] > 0]), _largest([(row, -by) for row, by in changes if by < 0])


def _largest(changes: Sequence[tuple[Mapping[str, Any], Decimal]]) -> Sequence[Mover]:
    whole = sum((by for _row, by in changes), Decimal(0))
    named = sorted(changes, key=lambda each: (-each[1], each[0]["key"]))[:_MOST]
    return [Mover(row, by, round_half_up(by * 100 / whole, Decimal("0.1"))) for row, by in named]


def _printed(snapshot: Snapshot) -> Sequence[Mapping[str, Any]]:
    held = {each["name"]: each for each in snapshot["tables"]}
    return [held[name] for name in _TABLES if name in held and name in TABLES[snapshot["kind"]]]


def _of_table(table: Mapping[str, Any], base: str, locale: Locale) -> str:
    parts = []
    for flow in FLOWS.values():
        rose, fell = moved(table, flow, base)
        parts += [_told(flow, way, found, locale) for way, found in (("rose", rose), ("fell", fell)) if found]
    if not parts:
        return ""
    return f"{say(table['name'], locale)}，{'，'.join(parts)}" if locale == "zh" else f"{_lower(table['name'])}, {', '.join(parts)}"


def _lower(name: str) -> str:
    text = say(name, "en")
    return text[:1].lower() + text[1:]


def _told(flow: str, way: str, found: Sequence[Mover], locale: Locale) -> str:
    if locale == "zh":
        verb = {"rose": "增加", "fell": "减少"}[way]
        named = "、".join(f"{each.row['zh']}（{verb} {money(each.amount)} 元，占{verb}额的 {each.share}%）" for each in found)
        return f"{say(flow, 'zh')}{verb}最多的是{named}"
    verb, noun = {"rose": ("rose", "rises"), "fell": ("fell", "falls")}[way]
    named = " and ".join(f"{each.row['en']} (by CNY {money(each.amount)}, {each.share}% of all {noun})" for each in found)
    return f"{say(flow, 'en').lower()}s {verb} most for {named}"
