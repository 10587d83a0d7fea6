"""Filed claims as the tax bureau sees them: what a firm has not filed yet, or never did, is its own business."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from uuid import UUID

from ccezone.storage import Connection
from ccezone.storage.copying import fetch
from ccezone.tax_refunds.queries.claims import TABS, ClaimRow, ClaimView, claim
from ccezone.tax_refunds.rules.claims import State, Step

BUREAU_TABS: Mapping[str, Sequence[State]] = {
    "bureau": TABS["bureau"],
    "doubt": TABS["doubt"],
    "paid": TABS["paid"],
    "ended": (*TABS["ended"], State.NOT_ACCEPTED),
}
_COLUMNS = ", ".join(f"c.{each.name}" for each in fields(ClaimRow))
_FILED = """
FROM refund_claim c JOIN enterprise e ON e.id = c.merchant_id
WHERE EXISTS (SELECT FROM refund_step s WHERE s.claim_id = c.id AND s.step = 'submit')
    AND (%(text)s = '' OR 'TR' || lpad(c.number::text, 8, '0') = upper(%(text)s) OR c.period = %(text)s OR e.uscc = upper(%(text)s)
        OR strpos(lower(e.name), lower(%(text)s)) > 0)
"""
_LIST = f"""
SELECT {_COLUMNS} {_FILED} AND c.state = ANY(%(states)s) AND (%(after)s::uuid IS NULL OR c.id < %(after)s)
ORDER BY c.id DESC LIMIT %(limit)s
"""  # our own names
_COUNTS = f"SELECT c.state, count(*) {_FILED} GROUP BY 1"  # our own names


def filed_claims(
    connection: Connection, tab: str, text: str = "", after: UUID | None = None, limit: int = 50
) -> Sequence[ClaimRow]:
    """Return the filed claims of a tab, the newest first; ``text`` is a reference, a period, a firm's code or part of its name."""
    states = [str(state) for state in BUREAU_TABS[tab]]
    values = {"states": states, "text": text, "after": after, "limit": limit}
    return [ClaimRow(*row) for row in fetch(connection, _LIST, values)]


def count_filed(connection: Connection, text: str = "") -> Mapping[str, int]:
    """Count what ``filed_claims`` gives for each tab."""
    found = {State(state): number for state, number in fetch(connection, _COUNTS, {"text": text})}
    return {tab: sum(found.get(state, 0) for state in states) for tab, states in BUREAU_TABS.items()}


def filed_claim(connection: Connection, claim_id: UUID) -> ClaimView | None:
    """Return one filed claim with all that belongs to it; one that was never filed looks like none."""
    found = claim(connection, None, claim_id)
    return found if found and any(each.step == Step.SUBMIT for each in found.steps) else None
