"""Reconciling a day: ask every ledger for its balance, keep the answers. Doing it again adds a look and changes nothing.

Yesterday is looked at once it is over; a day that did not add up is looked at again, so that what was mended closes its case.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from psycopg.types.json import Jsonb

from ccezone.kernel.balances import Balance
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.ids import key8, uuidv7
from ccezone.reconciliation.ports import Ledger
from ccezone.reconciliation.queries import open_days, reconciled_since
from ccezone.storage import Connection, Database
from ccezone.storage.copying import copy_rows, run

MOST_ITEMS = 1000
"""As many items of a balance as are kept: a ledger that is wholly wrong is seen by its gap."""
AGAIN = timedelta(hours=1)
"""How long a day that did not add up rests before it is looked at again."""
_RUN = """
INSERT INTO reconciliation_run (id, day, at, balances, differences)
VALUES (%(id)s, %(day)s, %(at)s, %(balances)s, %(differences)s)
"""
_BALANCE = """
INSERT INTO reconciliation_balance (id, run_id, place, ledger, unit, whole, parts, gap)
VALUES (%(id)s, %(run)s, %(place)s, %(ledger)s, %(unit)s, %(whole)s, %(parts)s, %(gap)s)
"""
_ITEM_COLUMNS = ("id", "run_id", "ledger", "unit", "kind", "number", "merchant", "subject", "expected", "found")
_LOCK = "SELECT pg_advisory_xact_lock(7_041_518)"


def reconcile(database: Database, ledgers: Sequence[Ledger], day: date, clock: Clock) -> Sequence[Balance]:
    """Look at a day in one transaction, keep and return the balances."""
    with database.begin() as uow:
        run(uow.connection, _LOCK, {})
        balances = [balance for ledger in ledgers for balance in ledger(uow.connection, day)]
        _keep(uow.connection, balances, day, clock)
    return balances


def reconcile_due(database: Database, ledgers: Sequence[Ledger], clock: Clock) -> int:
    """Look at yesterday unless it was, and again at days that do not add up; return how many days were looked at."""
    now = clock.now()
    yesterday = now.astimezone(SHANGHAI).date() - timedelta(days=1)
    with database.reading() as connection:
        midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        due = [] if reconciled_since(connection, yesterday, midnight) else [yesterday]
        due += [day for day in open_days(connection, now - AGAIN) if day not in due]
    for day in due:
        reconcile(database, ledgers, day, clock)
    return len(due)


def subject_of(ledger: str, kind: str, number: str) -> int:
    """Return what an exception case about an item is kept by."""
    return key8("reconciliation", ledger, kind, number)


def _keep(connection: Connection, balances: Sequence[Balance], day: date, clock: Clock) -> None:
    run_id, differing = uuidv7(), sum(len(each.differences) or (not each.stands) for each in balances)
    values = {"id": run_id, "day": day, "at": clock.now(), "balances": len(balances), "differences": differing}
    run(connection, _RUN, values)
    for place, each in enumerate(balances):
        parts = Jsonb([[part.name, str(part.amount)] for part in each.parts])
        stated = {"ledger": each.ledger, "unit": each.unit, "whole": each.whole, "parts": parts, "gap": each.gap}
        run(connection, _BALANCE, {"id": uuidv7(), "run": run_id, "place": place, **stated})
    rows = [row for each in balances for row in _items(run_id, each)]
    if rows:
        copy_rows(connection, "reconciliation_item", _ITEM_COLUMNS, rows)


def _items(run_id: UUID, balance: Balance) -> Sequence[Sequence[object]]:
    """The items of a balance; one that does not add up without saying why is an item itself."""
    head = (run_id, balance.ledger, balance.unit)
    if not balance.differences and not balance.stands:
        number = f"{balance.day.isoformat()} {balance.unit}"
        found = sum((part.amount for part in balance.parts), Decimal(0))
        subject = subject_of(balance.ledger, "gap", number)
        return [(uuidv7(), *head, "gap", number, "", subject, balance.whole, found)]
    return [
        (uuidv7(), *head, each.kind, each.number, each.merchant, subject_of(balance.ledger, each.kind, each.number),
         each.expected, each.found)
        for each in balance.differences[:MOST_ITEMS]
    ]  # fmt: skip
