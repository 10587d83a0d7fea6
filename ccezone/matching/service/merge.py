"""Matching what deliveries touched, in large calls, and telling whoever files lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from ccezone.bills.service import BillsTakenIn
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.matching.rules import MergeTerms, Verdict
from ccezone.matching.service.statement import MERGE
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, run

# One merger at a time: two mergers could each hold half of an order's news and overwrite the other's verdict.
ONE_MERGER = "SELECT pg_advisory_xact_lock(7210163210051)"
_NOTE = """
INSERT INTO merge_queue (at, order_keys, order_no_keys, waybill_keys)
VALUES (%(at)s, %(orders)s::bigint[], %(numbers)s::bigint[], %(waybills)s::bigint[])
"""
_ORDERS_A_ROW = 500
_CLAIM = """
DELETE FROM merge_queue WHERE id IN (SELECT id FROM merge_queue ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING order_keys, order_no_keys, waybill_keys
"""


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """The merge's opinion of one order. Whether it ``changed`` is asked for conflicts and watched merchants only."""

    order_key: int
    flow: str
    verdict: Verdict
    fileable: bool
    merchant_id: UUID | None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class OrdersMerged:
    """News: these orders were matched again."""

    at: datetime
    outcomes: Sequence[MergeOutcome]


def note_touched(uow: UnitOfWork, news: BillsTakenIn) -> None:
    """Queue the keys a delivery touched, in the delivery's own transaction."""
    run(
        uow.connection,
        _NOTE,
        {
            "at": news.at,
            "orders": list(news.order_keys),
            "numbers": list(news.order_no_keys),
            "waybills": list(news.waybill_keys),
        },
    )


def note_orders(uow: UnitOfWork, order_keys: Sequence[int], at: datetime) -> None:
    """Queue orders to be matched again although no bill of theirs changed: what their lists need besides was mended."""
    for start in range(0, len(order_keys), _ORDERS_A_ROW):
        part = list(order_keys[start : start + _ORDERS_A_ROW])
        run(uow.connection, _NOTE, {"at": at, "orders": part, "numbers": [], "waybills": []})


def merge_touched(database: Database, clock: Clock, terms_on: Callable[[Connection, date], MergeTerms], limit: int = 200) -> int:
    """Match the orders of up to ``limit`` queued deliveries again; return how many deliveries that were.

    The verdicts, the lists prepared from them and their outbox rows commit together.
    """
    with database.begin() as uow:
        run(uow.connection, ONE_MERGER)
        claimed = fetch(uow.connection, _CLAIM, {"limit": limit})
        if claimed:
            now = clock.now()
            terms = terms_on(uow.connection, now.astimezone(SHANGHAI).date())
            outcomes = merge(uow, claimed, now, terms)
            uow.publish(OrdersMerged(now, outcomes))
        return len(claimed)


def merge(uow: UnitOfWork, touched: Sequence[Sequence[Sequence[int]]], at: datetime, terms: MergeTerms) -> list[MergeOutcome]:
    """Match the touched (orders, bare order numbers, waybills) and return each order's verdict."""
    keys = [sorted({key for row in touched for key in row[column]}) for column in range(3)]
    rows = fetch(uow.connection, MERGE, {"orders": keys[0], "numbers": keys[1], "waybills": keys[2], "at": at, **_terms(terms)})
    return [MergeOutcome(row[0], row[1], Verdict(row[2]), *row[3:]) for row in rows]


def _terms(terms: MergeTerms) -> Mapping[str, object]:
    return {
        **terms.tolerances,
        "import_payment": terms.import_gate.payment,
        "export_payment": terms.export_gate.payment,
        "share": terms.orders_share_waybill,
        "watched": list(terms.watched),
    }
