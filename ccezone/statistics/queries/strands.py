"""What follows release: refunds and money from abroad; each stage says how many exported goods came that far.

The unit is an item of the goods ledger, which stands in one live claim at most; stages are a cohort, as the funnel of orders is:
the goods exported in a span, and how far they are now. ``STRANDS`` is the list the monitor shows: a further stage is a further
line. Money is that of the claims those goods stand in, each counted once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_SPAN = "i.exported_on BETWEEN %(since)s AND %(until)s"
_CLAIMED = f"""
FROM goods_ledger_item i
JOIN refund_claim_item x ON x.item_id = i.id AND x.live
JOIN refund_claim c ON c.id = x.claim_id
CROSS JOIN LATERAL (SELECT min(s.at) AS at FROM refund_step s WHERE s.claim_id = c.id AND s.step = 'submit') sent
WHERE {_SPAN} AND sent.at IS NOT NULL
"""  # our own names  # noqa: S608  # our own names
_PAID = f"{_CLAIMED} AND c.paid_at IS NOT NULL"
_COLLECTED = f"""
FROM goods_ledger_item i
JOIN declaration_list d ON d.id = CASE WHEN i.source = 'L' THEN i.source_id::bigint END
JOIN fx_order o ON o.order_key = d.order_key
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT m.receipt_id) AS receipts, max(m.at) AS at FROM fx_match m
    WHERE m.order_key = o.order_key AND m.kind = 'money' AND m.reverses IS NULL
        AND NOT EXISTS (SELECT FROM fx_match v WHERE v.reverses = m.id)
) money
CROSS JOIN LATERAL (
    SELECT max(s.at) AS at FROM fx_step s
    WHERE s.receipt_id = ANY (money.receipts) AND s.step IN ('confirmed_settle', 'confirmed_release')
) settled
WHERE {_SPAN} AND o.received + o.netted >= o.expected AND money.at IS NOT NULL
"""  # our own names  # noqa: S608  # our own names
_SETTLED = f"""{_COLLECTED} AND settled.at IS NOT NULL AND NOT EXISTS (
    SELECT FROM fx_receipt r WHERE r.id = ANY (money.receipts) AND r.settled + r.returned < r.amount)"""
_EXPORTED_AT = "(i.exported_on::timestamp AT TIME ZONE 'Asia/Shanghai')"
_PLACES: Mapping[str, str] = {
    "exported": f"FROM goods_ledger_item i WHERE {_SPAN}",
    "claimed": _CLAIMED,
    "paid": _PAID,
    "collected": _COLLECTED,
    "settled": _SETTLED,
}
_WAITS: Mapping[str, str] = {
    "claimed": f"sent.at - {_EXPORTED_AT}",
    "paid": "c.paid_at - sent.at",
    "collected": f"money.at - {_EXPORTED_AT}",
    "settled": "settled.at - money.at",
}
_MONEY: Mapping[str, str] = {"claimed": "claimed", "paid": "paid"}


@dataclass(frozen=True, slots=True)
class Strand:
    """How many exported items took a stage; the money of their claims, in yuan; half of them took at most ``days`` for it.

    ``after`` names the stage it follows: refunds and money from abroad both follow export, each on its own.
    """

    name: str
    number: int
    after: str = ""
    claims: int = 0
    yuan: Decimal | None = None
    days: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StrandRow:
    """One exported item that took a stage, and the claim it stands in, if any."""

    item_id: UUID
    document_no: str
    merchant: str | None
    exported_on: date
    goods_name: str
    claim_id: UUID | None
    claim: int | None
    claimed: Decimal | None
    paid: Decimal | None
    submitted_at: datetime | None
    paid_at: datetime | None


Reader = Callable[[Connection, date, date], Strand]


def exported(connection: Connection, since: date, until: date) -> Strand:
    """Count the exported items of a span that are in the ledger: goods that customs released."""
    statement = f"SELECT count(*) {_PLACES['exported']}"  # our own names
    return Strand("exported", fetch(connection, statement, {"since": since, "until": until})[0][0])


def refund_claimed(connection: Connection, since: date, until: date) -> Strand:
    """Count those a refund has been claimed of."""
    return _refund(connection, "claimed", "exported", since, until)


def refund_paid(connection: Connection, since: date, until: date) -> Strand:
    """Count those whose refund has been paid."""
    return _refund(connection, "paid", "claimed", since, until)


def money_collected(connection: Connection, since: date, until: date) -> Strand:
    """Count those whose order's money came in whole, what was kept back from it included. Recorded declarations have no order."""
    return _money(connection, "collected", "exported", since, until)


def money_settled(connection: Connection, since: date, until: date) -> Strand:
    """Count those of them whose receipts of money the bank has settled in whole."""
    return _money(connection, "settled", "collected", since, until)


STRANDS: Sequence[Reader] = (exported, refund_claimed, refund_paid, money_collected, money_settled)
"""Stages after release, in their order."""


def strands(connection: Connection, since: date, until: date) -> Sequence[Strand]:
    """Return how far the goods exported in a span came after their release."""
    return [read(connection, since, until) for read in STRANDS]


def strand_rows(
    connection: Connection, stage: str, since: date, until: date, after: UUID | None = None, limit: int = 50
) -> Sequence[StrandRow]:
    """Return the items a stage of refunds counts, the newest first. Raises ``KeyError``: no such stage."""
    place = _PLACES[stage]
    claim = "c.id, c.number, c.claimed, c.paid, sent.at, c.paid_at"
    columns = (
        claim if stage in _MONEY else "NULL::uuid, NULL::bigint, NULL::numeric, NULL::numeric, NULL::timestamptz, NULL::timestamptz"
    )
    statement = f"""SELECT i.id, i.document_no, (SELECT e.name FROM enterprise e WHERE e.id = i.merchant_id), i.exported_on,
        i.goods_name, {columns} {place} AND (%(after)s::uuid IS NULL OR i.id < %(after)s) ORDER BY i.id DESC LIMIT %(limit)s"""  # noqa: S608  # our own names
    values = {"since": since, "until": until, "after": after, "limit": limit}
    return [StrandRow(*row) for row in fetch(connection, statement, values)]


def _money(connection: Connection, stage: str, after: str, since: date, until: date) -> Strand:
    half = f"round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM {_WAITS[stage]}) / 86400))::numeric, 1)"
    statement = f"SELECT count(*), {half} {_PLACES[stage]}"  # our own names
    [(number, days)] = fetch(connection, statement, {"since": since, "until": until})
    return Strand(stage, number, after, days=days)


def _refund(connection: Connection, stage: str, after: str, since: date, until: date) -> Strand:
    money = _MONEY[stage]
    rows = fetch(
        connection,
        f"""WITH taken AS (
            SELECT c.id, c.{money} AS money, extract(epoch FROM {_WAITS[stage]}) / 86400 AS days {_PLACES[stage]}
        )
        SELECT (SELECT count(*) FROM taken), count(*), coalesce(sum(money), 0),
            (SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY days)::numeric, 1) FROM taken)
        FROM (SELECT DISTINCT id, money FROM taken) AS claims""",  # noqa: S608  # our own names
        {"since": since, "until": until},
    )
    number, claims, yuan, days = rows[0]
    return Strand(stage, number, after, claims, yuan, days)
