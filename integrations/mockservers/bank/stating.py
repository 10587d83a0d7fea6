"""Making statements: each account's booked days, in turn, once they are over; numbers and balances go on from the last one."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from sqlite3 import Connection, Row

from integrations.mockservers.bank.plans import FORMATS
from integrations.mockservers.bank.store import BankStore
from schemas.statements import Entry, Statement, write_statement

_LAST = "SELECT sequence, closing FROM statement WHERE account = ? AND currency = ? ORDER BY sequence DESC LIMIT 1"
_ADD = "INSERT INTO statement (account, currency, sequence, day, closing, content) VALUES (?, ?, ?, ?, ?, ?) RETURNING number"


def make_statements(store: BankStore, until: date) -> int:
    """Make the statements of all days up to one; return how many are new."""
    form = store.switches().format
    with store.writing() as connection:
        days = groupby(store.unstated(connection, until), key=lambda row: (row["account"], row["currency"], row["day"]))
        return sum(_make(connection, *named, list(rows), form) for named, rows in days)


def _make(connection: Connection, account: str, currency: str, day: str, rows: Sequence[Row], form: str) -> int:
    last = connection.execute(_LAST, (account, currency)).fetchone()
    sequence, opening = (last["sequence"] + 1, Decimal(last["closing"])) if last else (1, Decimal("0.00"))
    entries = [_entry(json.loads(row["said"])) for row in rows]
    closing = opening + sum((entry.amount for entry in entries), Decimal(0))
    said = Statement(account, currency, sequence, date.fromisoformat(day), opening, closing, entries)
    content = write_statement(said, form or FORMATS[sequence % len(FORMATS)]).decode()
    number = connection.execute(_ADD, (account, currency, sequence, day, f"{closing:f}", content)).fetchone()[0]
    connection.executemany("UPDATE booking SET statement = ? WHERE reference = ?", [(number, row["reference"]) for row in rows])
    return 1


def _entry(said: dict[str, str]) -> Entry:
    amount = Decimal(said["amount"]).quantize(Decimal("0.01"))
    named = (said["bank_reference"], amount, date.fromisoformat(said["value_date"]), said["payer"], said["kind"])
    return Entry(*named, said.get("settlement_reference", ""))
