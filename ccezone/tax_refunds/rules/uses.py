"""What an exported item may be used for, as a pure table: a refund, an exemption without invoice, or nothing yet.

Exemption and refund exclude each other for the same goods (Caishui 2018 No.103 art. 1: exempt goods get no refund).
"""

from collections.abc import Sequence
from enum import StrEnum

from ccezone.kernel.errors import Fault, Refused


class Use(StrEnum):
    """What stands behind a released item. The ledger's parts: ``open``, ``claimed``, and ``exempt`` with or without filing."""

    OPEN = "open"
    CLAIMED = "claimed"
    EXEMPT = "exempt"
    EXEMPT_FILED = "exempt_filed"


class Turn(StrEnum):
    """What changes the use of an item."""

    CLAIM = "claim"
    LET_GO = "let_go"
    EXEMPT = "exempt"
    UNDO = "undo"
    FILE = "file"


_TABLE: dict[tuple[Use, Turn], Use] = {
    (Use.OPEN, Turn.CLAIM): Use.CLAIMED,
    (Use.CLAIMED, Turn.LET_GO): Use.OPEN,
    (Use.OPEN, Turn.EXEMPT): Use.EXEMPT,
    (Use.EXEMPT, Turn.UNDO): Use.OPEN,
    (Use.EXEMPT, Turn.FILE): Use.EXEMPT_FILED,
}
FAULTS = {
    Use.CLAIMED: "exemption_item_claimed",
    Use.EXEMPT: "exemption_item_exempt",
    Use.EXEMPT_FILED: "exemption_filed",
    Use.OPEN: "exemption_not_chosen",
}


def turned(use: Use, turn: Turn, subject: str = "") -> Use:
    """Return the use a turn leads to. Raises ``Refused`` with what stands in its way; ``subject`` names the goods."""
    found = _TABLE.get((use, turn))
    if found is None:
        raise Refused(Fault("/items", FAULTS[use], {"subject": subject}))
    return found


def turns_from(use: Use) -> Sequence[Turn]:
    """Return what may be done with an item that is used so."""
    return [turn for (known, turn) in _TABLE if known is use]
