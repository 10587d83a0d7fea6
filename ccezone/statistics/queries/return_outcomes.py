"""What became of a period's work, for indicators: rejections, refunds paid, money settled, warehouses abroad; each by its own date.

Refund times are working days by the published calendar; money settled is in yuan at customs' rate of the month it was settled in.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median

from sqlalchemy import Connection

from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.rules import ParameterBook
from ccezone.statistics.queries.totals import places
from ccezone.statistics.rules import stretches
from ccezone.storage.copying import fetch

SHANGHAI = "AT TIME ZONE 'Asia/Shanghai'"
REFUNDED = f"""FROM refund_claim c
WHERE c.updated_at >= %(since)s::date AND (c.paid_at {SHANGHAI})::date BETWEEN %(since)s AND %(until)s"""
"""Refunds paid in a span."""
SETTLED = f"""FROM fx_receipt r JOIN fx_step s ON s.receipt_id = r.id
WHERE r.updated_at >= %(since)s::date AND s.step = 'confirmed_settle' AND s.amount IS NOT NULL
    AND (s.at {SHANGHAI})::date BETWEEN %(since)s AND %(until)s"""
"""Money settled in a span."""
ABROAD = """FROM node n
WHERE n.kind = 'overseas' AND n.open_from <= %(until)s AND (n.open_to IS NULL OR n.open_to >= %(until)s)"""
"""Warehouses abroad in service at the end of a span."""
_REFUNDS = f"""
SELECT c.accepted_on, (c.paid_at {SHANGHAI})::date, c.paid {REFUNDED}"""
_SETTLED = f"""
SELECT r.currency, r.value_date, (s.at {SHANGHAI})::date, s.amount {SETTLED}"""
_ABROAD = f"SELECT count(*) {ABROAD}"


def outcomes(connection: Connection, known: ParameterBook, since: date, until: date) -> Mapping[str, Decimal | None]:
    """Return the indicators of a span's outcomes; ``None`` where nothing of the kind happened."""
    span = {"since": since, "until": until}
    refunds = fetch(connection, _REFUNDS, span)
    settled = fetch(connection, _SETTLED, span)
    calendar = published_calendar()
    return {
        "rejection_rate": _rejected(connection, since, until),
        "refund_total": sum((row[2] for row in refunds), Decimal(0)),
        "refund_days": _middle([calendar.count(accepted, paid) for accepted, paid, _sum in refunds if accepted]),
        "settled_total": _yuan(known, [(currency, at, amount) for currency, _came, at, amount in settled]),
        "settle_days": _middle([(at - came).days for _currency, came, at, _sum in settled]),
        "warehouses": Decimal(fetch(connection, _ABROAD, span)[0][0]),
    }


def _rejected(connection: Connection, since: date, until: date) -> Decimal | None:
    """Return the share of the lists prepared in a span that customs or the window rejected, from firms' totals."""
    statement = f"""SELECT coalesce(sum(t.lists), 0), coalesce(sum(t.rejected), 0) FROM enterprise e CROSS JOIN LATERAL (
        SELECT sum(f.lists) AS lists, sum(f.rejected) AS rejected FROM list_total f
        WHERE f.merchant_id = e.id AND f.criterion = 'every' AND ({places(stretches(since, until))})) t"""  # noqa: S608  # our own names and dates
    lists, rejected = fetch(connection, statement)[0]
    return Decimal(rejected) * 100 / Decimal(lists) if lists else None


def _yuan(known: ParameterBook, sums: Sequence[tuple[str, date, Decimal]]) -> Decimal:
    """Add sums up in yuan; what has no rate is left out."""
    rates = [(amount, known.exchange_rate(currency, at)) for currency, at, amount in sums]
    return sum((amount * rate.cny for amount, rate in rates if rate is not None), Decimal(0))


def _middle(days: Sequence[int]) -> Decimal | None:
    return Decimal(str(median(days))) if days else None
