"""What an enterprise exported and was paid in a time, in US dollars, for the indicators.

Exports are released orders, receipts what came less what was sent back; imports and payments of these firms pass no ledger of the
hub's and count nought. ``missing`` names currencies without a rate, whose amounts are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from ccezone.fx.queries.gates import in_usd
from ccezone.fx.rules.indicators import Flows
from ccezone.parameters.rules import ParameterBook
from ccezone.storage import Connection
from ccezone.storage.copying import fetch

_FLOWS = """
SELECT enterprise_id, kind, currency, sum(amount) FROM (
    SELECT o.enterprise_id, 'exports' AS kind, o.currency, o.expected AS amount FROM fx_order o
    WHERE o.exported_on BETWEEN %(since)s AND %(until)s AND (%(firm)s::uuid IS NULL OR o.enterprise_id = %(firm)s)
    UNION ALL
    SELECT r.enterprise_id, 'receipts', r.currency, r.amount - r.returned FROM fx_receipt r
    WHERE r.value_date BETWEEN %(since)s AND %(until)s AND (%(firm)s::uuid IS NULL OR r.enterprise_id = %(firm)s)
    UNION ALL
    SELECT c.enterprise_id, 'credit', c.currency, c.amount FROM fx_credit_report c
    WHERE c.withdrawn_at IS NULL AND c.reported_on BETWEEN %(since)s AND %(until)s
        AND (%(firm)s::uuid IS NULL OR c.enterprise_id = %(firm)s)
) flows GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class FirmFlows:
    """An enterprise's flows, and the currencies that could not be converted."""

    enterprise_id: UUID
    flows: Flows
    missing: Sequence[str]


def firm_flows(connection: Connection, firm: UUID | None, since: date, until: date, book: ParameterBook) -> Sequence[FirmFlows]:
    """Return the flows of a firm, or of every firm that has any, the largest total difference first."""
    sums: dict[UUID, dict[str, Decimal]] = {}
    missing: dict[UUID, list[str]] = {}
    for enterprise, kind, currency, amount in fetch(connection, _FLOWS, {"firm": firm, "since": since, "until": until}):
        worth = in_usd(book, amount, currency, until)
        if worth is None:
            missing.setdefault(enterprise, []).append(currency)
            continue
        own = sums.setdefault(enterprise, {})
        own[kind] = own.get(kind, Decimal(0)) + worth
    found = [FirmFlows(each, Flows(**sums.get(each, {})), missing.get(each, ())) for each in {*sums, *missing}]
    return sorted(found, key=lambda each: (-abs(each.flows.difference), str(each.enterprise_id)))
