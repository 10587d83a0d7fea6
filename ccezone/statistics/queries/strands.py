"""What follows release: refunds and money from abroad; each stage says how many exported goods came that far.

The unit is an item of the goods ledger, which stands in one live claim at most; stages are a cohort, as the funnel of orders is:
the goods exported in a span, and how far they are now. Totals are read, no goods looked at. Money is that of the claims those
goods stand in, each counted once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.queries.totals import month_so_far, office_owners, owned, owned_values, places
from ccezone.statistics.rules import BUCKETS, stretches, within
from ccezone.storage.copying import fetch

STRANDS: Mapping[str, str] = {
    "exported": "",
    "claimed": "exported",
    "paid": "claimed",
    "collected": "exported",
    "settled": "collected",
}
"""Stages in their order, and which each follows: refunds and money from abroad both follow export, each on its own."""
TAKEN: Mapping[str, str] = {"exported": "true", **{name: f"f.{name}_at IS NOT NULL" for name in STRANDS if name != "exported"}}
"""What says of a fact ``f`` that an item took a stage."""
_TOOK = ", ".join(f"sum(f.took[{number}])::bigint" for number in range(1, BUCKETS + 1))
_CLAIMS = """
SELECT count(*), coalesce(sum(c.claimed), 0), count(c.paid_at), coalesce(sum(c.paid) FILTER (WHERE c.paid_at IS NOT NULL), 0)
FROM refund_claim c
WHERE EXISTS (SELECT FROM goods_claim_day k WHERE k.claim_id = c.id AND k.day BETWEEN %(since)s AND %(until)s)
"""


@dataclass(frozen=True, slots=True)
class Strand:
    """How many exported items took a stage; the money of their claims, in yuan; half of them took at most ``half`` seconds for it.

    ``after`` names the stage it follows.
    """

    name: str
    number: int
    after: str = ""
    claims: int = 0
    yuan: Decimal | None = None
    half: int | None = None


@dataclass(frozen=True, slots=True)
class StrandRow:
    """One exported item that took a stage, and the filed claim it stands in, if any."""

    item_id: UUID
    document_no: str | None
    merchant: str | None
    exported_on: date
    goods_name: str | None
    claim_id: UUID | None
    claim: int | None
    claimed: Decimal | None
    paid: Decimal | None
    submitted_at: datetime | None
    paid_at: datetime | None
    collected_at: datetime | None
    settled_at: datetime | None


def strands(connection: Connection, since: date, until: date) -> Sequence[Strand]:
    """Return how far the goods exported in a span came after their release."""
    owners, end = office_owners(connection), month_so_far(connection, "goods_total", until)
    rows = fetch(
        connection,
        f"""SELECT f.stage, sum(f.items)::bigint, {_TOOK} FROM goods_total f
        WHERE {owned(owners, "f.owner")} AND ({places(stretches(since, end))}) GROUP BY 1""",  # noqa: S608  # our own names and dates
        owned_values(owners),
    )
    counted = {stage: (number, took) for stage, number, *took in rows}
    [(claims, claimed, refunds, paid)] = fetch(connection, _CLAIMS, {"since": since, "until": until})
    money = {"claimed": (claims, claimed), "paid": (refunds, paid)}
    found = []
    for name, after in STRANDS.items():
        number, took = counted.get(name, (0, ()))
        held, yuan = money.get(name, (0, None))
        found.append(Strand(name, number, after, held, yuan, within(took, 0.5) if after else None))
    return found


def strand_rows(
    connection: Connection, stage: str, since: date, until: date, after: UUID | None = None, limit: int = 50
) -> Sequence[StrandRow]:
    """Return the items a stage counts, the newest first. Raises ``KeyError``: no such stage."""
    statement = f"""SELECT f.item_id, i.document_no, (SELECT e.name FROM enterprise e WHERE e.id = i.merchant_id), f.day,
        i.goods_name, c.id, c.number, c.claimed, c.paid, f.claimed_at, f.paid_at, f.collected_at, f.settled_at
        FROM goods_fact f LEFT JOIN goods_ledger_item i ON i.id = f.item_id LEFT JOIN refund_claim c ON c.id = f.claim_id
        WHERE f.day BETWEEN %(since)s AND %(until)s AND {TAKEN[stage]} AND (%(after)s::uuid IS NULL OR f.item_id < %(after)s)
        ORDER BY f.item_id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"since": since, "until": until, "after": after, "limit": limit}
    return [StrandRow(*row) for row in fetch(connection, statement, values)]
