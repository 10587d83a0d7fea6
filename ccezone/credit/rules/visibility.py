"""Who sees which field of a credit record: everybody, agencies, or only the enterprise itself (dated parameters)."""

from collections.abc import Mapping
from enum import StrEnum


class Reach(StrEnum):
    """How far a field is shown."""

    PUBLIC = "public"
    AGENCY = "agency"
    SELF = "self"


class Viewer(StrEnum):
    """Who looks."""

    PUBLIC = "public"
    AGENCY = "agency"
    SELF = "self"


FIELDS = (
    "identity", "roles", "registered_on", "grade", "score", "customs_class", "tax_class", "fx_class", "market_risk", "third_party",
    "platform", "negative_list", "red_list", "goods", "trade",
)  # fmt: skip
_SEES: Mapping[Viewer, frozenset[Reach]] = {
    Viewer.PUBLIC: frozenset({Reach.PUBLIC}),
    Viewer.AGENCY: frozenset({Reach.PUBLIC, Reach.AGENCY}),
    Viewer.SELF: frozenset(Reach),
}


def visible(reaches: Mapping[str, Reach], viewer: Viewer) -> frozenset[str]:
    """Return the fields somebody sees; a field without a reach is shown to nobody but the enterprise itself."""
    return frozenset(field for field in FIELDS if reaches.get(field, Reach.SELF) in _SEES[viewer])
