"""What may be proposed as a parameter's value: of its kind, within its bounds, from a day to come, at odds with no other value.

The bounds (``bounds.csv``) are the hub's own: they refuse what cannot be meant, and are no law.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from ccezone.kernel.errors import Fault
from ccezone.parameters.rules import JsonValue, Kind, Parameter, in_force, read_value

DECIDED = "zone decision"
UNVERIFIED = "unverified"
STATUSES = (DECIDED, UNVERIFIED)
"""How sure a proposed value is: decided by the zone on the document named, or not verified yet."""
MOST_TEXT = 2_000


class Intent(StrEnum):
    """What is proposed: a value, or taking one back before its day."""

    SET = "set"
    CANCEL = "cancel"


class ProposalState(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which numbers a value lies, which words it is made of, or what each looks like; ``None`` and nothing: no bound."""

    least: Decimal | None = None
    most: Decimal | None = None
    words: frozenset[str] = frozenset()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A value as somebody typed it, for a key of one zone."""

    zone: str
    key: str
    value: str
    effective_from: date
    document: str
    effective_to: date | None = None
    status: str = DECIDED
    note: str = ""


def value_faults(kind: Kind, bounds: Bounds, text: str) -> list[Fault]:
    """Judge a typed value by kind and bounds."""
    if not text:
        return [Fault("/value", "required")]
    if len(text) > MOST_TEXT:
        return [Fault("/value", "too_long", {"max": str(MOST_TEXT), "actual": str(len(text))})]
    try:
        value = read_value(kind, text)
    except ValueError:
        return [Fault("/value", "parameter_kind", {"value": text, "kind": kind.value})]
    if kind in (Kind.DECIMAL, Kind.INTEGER):
        return _range_faults(bounds, Decimal(str(value)))
    return _word_faults(bounds, value)


def period_faults(proposed: Proposed, rows: Sequence[Parameter], today: date) -> list[Fault]:
    """Judge the days of a value against today and the other values of its key.

    A value that has an end keeps its days to itself; one without gives way to the next. Whoever ends a value must not leave
    the key without any.
    """
    begin, end = proposed.effective_from, proposed.effective_to
    if begin <= today:
        return [Fault("/effective_from", "parameter_begins_past", {"day": today.isoformat()})]
    if end is not None and end < begin:
        return [Fault("/effective_to", "ends_before_begin")]
    own = [row for row in rows if row.zone == proposed.zone and row.key == proposed.key]
    for row in own:
        if row.effective_from == begin:
            return [Fault("/effective_from", "parameter_begins_already", {"day": begin.isoformat()})]
        if row.effective_to is not None and row.effective_from < begin <= row.effective_to and not _replaced(row, own, begin):
            return [Fault("/effective_from", "parameter_overlaps", _span(row))]
        if end is not None and begin < row.effective_from <= end:
            return [Fault("/effective_to", "parameter_overlaps", _span(row))]
    return _gap_faults(proposed, rows)


def _range_faults(bounds: Bounds, number: Decimal) -> list[Fault]:
    if bounds.least is not None and number < bounds.least:
        return [Fault("/value", "parameter_too_small", {"value": f"{number:f}", "least": f"{bounds.least:f}"})]
    if bounds.most is not None and number > bounds.most:
        return [Fault("/value", "parameter_too_large", {"value": f"{number:f}", "most": f"{bounds.most:f}"})]
    return []


def _word_faults(bounds: Bounds, value: JsonValue) -> list[Fault]:
    said = value if isinstance(value, list) else [str(value)]
    unknown = [word for word in said if bounds.words and word not in bounds.words]
    known = " ".join(sorted(bounds.words))
    faults = [Fault("/value", "parameter_unknown_word", {"value": word, "known": known}) for word in unknown[:3]]
    strange = [word for word in said if bounds.pattern and not re.fullmatch(bounds.pattern, word)]
    return faults + [Fault("/value", "parameter_bad_form", {"value": word}) for word in strange[:3]]


def _replaced(row: Parameter, own: Iterable[Parameter], begin: date) -> bool:
    """Say whether a value had already given way to another one before a day."""
    return any(row.effective_from < other.effective_from < begin for other in own)


def _span(row: Parameter) -> dict[str, str]:
    return {"begin": row.effective_from.isoformat(), "end": row.effective_to.isoformat() if row.effective_to else "…"}


def _gap_faults(proposed: Proposed, rows: Sequence[Parameter]) -> list[Fault]:
    if proposed.effective_to is None:
        return []
    after = proposed.effective_to + timedelta(days=1)
    wanted = Parameter(proposed.zone, proposed.key, "", proposed.effective_from, proposed.effective_to)
    would = in_force([*rows, wanted], proposed.key, after, proposed.zone)
    if would is None and in_force(rows, proposed.key, after, proposed.zone) is not None:
        return [Fault("/effective_to", "parameter_leaves_gap", {"day": after.isoformat()})]
    return []
