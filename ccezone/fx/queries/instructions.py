"""Instructions to the bank, across receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ccezone.fx.queries.receipts import Asked
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

OUTCOMES = ("", "waiting", "confirmed", "refused")
_ROWS = """
SELECT r.id, r.number, r.currency, i.id, i.number, i.action, i.source, i.amount, i.converts, i.gate, i.note, i.created_at,
    i.attempts, i.last_error, i.sent_at, i.outcome, i.answered_at, i.rate, i.yuan, i.answer
FROM fx_instruction i JOIN fx_receipt r ON r.id = i.receipt_id
WHERE r.enterprise_id = %(firm)s AND (%(outcome)s = '' OR i.outcome = replace(%(outcome)s, 'waiting', ''))
    AND (%(after)s::uuid IS NULL OR i.id < %(after)s) AND (%(id)s::uuid IS NULL OR i.id = %(id)s)
ORDER BY i.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class AskedOf:
    """An instruction with the receipt whose money it moves."""

    receipt_id: UUID
    receipt_number: int
    currency: str
    asked: Asked


def search_instructions(
    connection: Connection, firm: UUID, outcome: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[AskedOf]:
    """Return a firm's instructions, the newest first, older than the cursor; ``waiting`` ones have no answer yet."""
    return _found(connection, {"firm": firm, "outcome": outcome, "after": after, "id": None, "limit": limit})


def instruction(connection: Connection, firm: UUID, number: UUID) -> AskedOf | None:
    """Return one; another firm's looks like none."""
    found = _found(connection, {"firm": firm, "outcome": "", "after": None, "id": number, "limit": 1})
    return found[0] if found else None


def _found(connection: Connection, values: dict[str, object]) -> Sequence[AskedOf]:
    return [AskedOf(row[0], row[1], row[2], Asked(*row[3:])) for row in fetch(connection, _ROWS, values)]
