"""A firm's own released goods behind a number of its explorer: from its own facts, nobody else's."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from ccezone.statistics.queries.monitor import GOODS_PAGE, Goods, GoodsRow, Sum
from ccezone.statistics.rules import YUAN
from ccezone.storage.copying import fetch

_OWN = "f.merchant_id = %(firm)s"


def firm_goods_rows(connection: Connection, firm: UUID, goods: Goods, after: str = "", limit: int = 50) -> Sequence[GoodsRow]:
    """Return a firm's released goods, the last first. Raises ``KeyError``: no such criterion, ``ValueError``: no cursor."""
    day, _, number = after.rpartition("_")
    rows = fetch(
        connection,
        f"""WITH page AS (
            SELECT f.* FROM list_fact f WHERE {_OWN} AND {goods.conditions}
                AND (%(id)s::bigint IS NULL OR (f.counted_on, f.id) < (%(day)s::date, %(id)s::bigint))
            ORDER BY f.counted_on DESC, f.id DESC LIMIT %(limit)s
        ) {GOODS_PAGE}""",  # noqa: S608  # our own names
        {
            **_values(firm, goods),
            "id": int(number) if after else None,
            "day": date.fromisoformat(day) if after else None,
            "limit": limit,
        },
    )
    return [GoodsRow(*row) for row in rows]


def firm_goods_sum(connection: Connection, firm: UUID, goods: Goods) -> Sum:
    """Return what a firm's released goods come to: in yuan, and in other currencies what has no rate. Raises ``KeyError``."""
    rows = fetch(
        connection,
        f"""SELECT CASE WHEN f.cny IS NULL THEN f.currency ELSE '{YUAN}' END, count(*), sum(coalesce(f.cny, f.worth))
        FROM list_fact f WHERE {_OWN} AND {goods.conditions} GROUP BY 1""",  # noqa: S608  # our own names
        _values(firm, goods),
    )
    return Sum(sum(row[1] for row in rows), {currency: worth for currency, _lists, worth in rows})


def _values(firm: UUID, goods: Goods) -> dict[str, object]:
    return {"firm": firm, "since": goods.since, "until": goods.until, "key": goods.key}
