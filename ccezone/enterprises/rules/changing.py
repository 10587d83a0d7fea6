"""What changed between two statings of the same facts: a re-submission against the one before, wanted against registered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Stated = Mapping[str, str | Sequence[str]]
"""What was stated, flat: fields by name, licences and files as one line of text each."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field whose value changed; an empty side was or is not given."""

    field: str
    before: Sequence[str]
    after: Sequence[str]


def changes(before: Stated, after: Stated) -> list[Change]:
    """Return the fields that differ, in the order of the newer stating, those that went away last."""
    names = [*after, *(name for name in before if name not in after)]
    pairs = ((name, _several(before.get(name, "")), _several(after.get(name, ""))) for name in names)
    return [Change(name, old, new) for name, old, new in pairs if old != new]


def _several(value: str | Sequence[str]) -> Sequence[str]:
    if isinstance(value, str):
        return [value] if value else []
    return list(value)
