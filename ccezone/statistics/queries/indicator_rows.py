"""The rows behind an indicator of what became of a period: refunds, settlements, rejected lists, warehouses, registrations.

Each indicator names the kind of its rows (``BEHIND``); rows are chosen by the conditions the indicator is computed by
(``return_outcomes``), so that they add up to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ccezone.kernel.holidays import published_calendar
from ccezone.parameters.rules import ParameterBook
from ccezone.statistics.queries.return_outcomes import ABROAD, REFUNDED, SETTLED, SHANGHAI
from ccezone.statistics.rules import YUAN
from ccezone.statistics.tables import REJECTED
from ccezone.storage.copying import fetch

BEHIND: Mapping[str, str] = {
    "refund_total": "refunds",
    "refund_days": "refunds",
    "settled_total": "settlements",
    "settle_days": "settlements",
    "rejection_rate": "rejections",
    "registered": "registrations",
    "warehouses": "warehouses",
}
"""The kind of rows behind an indicator."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is of and whose; from when, until when, how many days by the indicator's calendar; money, and in yuan.

    ``cursor`` is where the next page begins, ``of`` the id of the thing to open.
    """

    cursor: str
    of: str
    document: str
    name: str | None
    began: date | None
    ended: date | None
    days: int | None = None
    currency: str = ""
    amount: Decimal | None = None
    yuan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """How rows of a kind are read: columns, whence, the key they are ordered by and its type, what a line becomes."""

    columns: str
    whence: str
    key: str
    type: str
    made: Callable[[ParameterBook, Sequence[Any]], Row]


def indicator_rows(
    connection: Connection, known: ParameterBook, kind: str, since: date, until: date, after: str = "", limit: int = 50
) -> Sequence[Row]:
    """Return a page of rows, both days included, the newest first. Raises ``KeyError``: no such kind, ``ValueError``: no cursor."""
    one = _KINDS[kind]
    if after:
        int(after) if one.type == "bigint" else UUID(after)
    statement = f"""SELECT {one.key}::text, {one.columns} {one.whence}
        AND (%(after)s = '' OR {one.key} < nullif(%(after)s, '')::{one.type})
        ORDER BY {one.key} DESC LIMIT %(limit)s"""
    values = {"since": since, "until": until, "after": after, "limit": limit}
    return [one.made(known, row) for row in fetch(connection, statement, values)]


def counted_rows(connection: Connection, kind: str, since: date, until: date) -> int:
    """Count the rows behind an indicator. Raises ``KeyError``."""
    return int(fetch(connection, f"SELECT count(*) {_KINDS[kind].whence}", {"since": since, "until": until})[0][0])


def _refund(_known: ParameterBook, row: Sequence[Any]) -> Row:
    key, number, name, accepted, paid, amount = row
    days = published_calendar().count(accepted, paid) if accepted else None
    return Row(key, key, f"TR{number:08d}", name, accepted, paid, days, YUAN, amount, amount)


def _settlement(known: ParameterBook, row: Sequence[Any]) -> Row:
    key, receipt, number, name, came, at, currency, amount = row
    rate = known.exchange_rate(currency, at)
    yuan = None if rate is None else amount * rate.cny
    return Row(key, str(receipt), f"FX{number:08d}", name, came, at, (at - came).days, currency, amount, yuan)


def _plain(_known: ParameterBook, row: Sequence[Any]) -> Row:
    key, of, document, name, began, ended = row
    return Row(key, str(of), document, name, began, ended)


_FIRM = "(SELECT e.name FROM enterprise e WHERE e.id = {0})"
_ORDER = "(SELECT d.order_no FROM declaration_list d WHERE d.id = f.id)"
_KINDS: Mapping[str, _Kind] = {
    "refunds": _Kind(
        f"c.number, {_FIRM.format('c.merchant_id')}, c.accepted_on, (c.paid_at {SHANGHAI})::date, c.paid",
        REFUNDED, "c.id", "uuid", _refund,
    ),
    "settlements": _Kind(
        f"r.id, r.number, {_FIRM.format('r.enterprise_id')}, r.value_date, (s.at {SHANGHAI})::date, r.currency, s.amount",
        SETTLED, "s.id", "uuid", _settlement,
    ),
    "rejections": _Kind(
        f"f.id, {_ORDER}, {_FIRM.format('f.merchant_id')}, f.day, NULL::date",
        f"FROM list_fact f WHERE f.day BETWEEN %(since)s AND %(until)s AND f.{REJECTED}", "f.id", "bigint", _plain,
    ),
    "registrations": _Kind(
        f"e.id, e.uscc, e.name, (e.created_at {SHANGHAI})::date, NULL::date",
        f"FROM enterprise e WHERE (e.created_at {SHANGHAI})::date BETWEEN %(since)s AND %(until)s", "e.id", "uuid", _plain,
    ),
    "warehouses": _Kind("n.id, n.code, n.name, n.open_from, n.open_to", ABROAD, "n.id", "uuid", _plain),
}  # fmt: skip
