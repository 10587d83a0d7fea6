"""What the mock tax bureau keeps, in a SQLite file: messages taken, steps planned, notices told, switches. Kills lose nothing."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from integrations.mockservers.tax_bureau.plans import Planned, Switches, planned, repaid

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, claim TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS claim (reference TEXT PRIMARY KEY, amount TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT, claim TEXT NOT NULL, step TEXT NOT NULL, due TEXT NOT NULL, amount TEXT,
    note TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS notice (
    number INTEGER PRIMARY KEY AUTOINCREMENT, claim TEXT NOT NULL, step TEXT NOT NULL, at TEXT NOT NULL, amount TEXT,
    note TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS account (claim TEXT PRIMARY KEY, number TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS paid_to (notice INTEGER PRIMARY KEY, number TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS switches (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT NOT NULL);
"""


_TOLD = """
SELECT n.*, coalesce(p.number, '') AS account FROM notice n LEFT JOIN paid_to p ON p.notice = n.number
WHERE n.number > ? ORDER BY n.number LIMIT ?
"""


class Conflict(Exception):
    """A message's id came before with another content, or it speaks of a claim nobody filed."""


class BureauStore:
    """One file, one writer at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._lock = path, threading.Lock()
        with self._writing() as connection:
            connection.executescript(_SCHEMA)

    def begin_with(self, changes: Mapping[str, object]) -> None:
        """Set switches where none were ever thrown. Raises ``BadSwitch``."""
        with self._writing() as connection:
            if changes and connection.execute("SELECT 1 FROM switches").fetchone() is None:
                found = Switches().changed(changes)
                connection.execute("INSERT INTO switches VALUES (1, ?)", (json.dumps(found.to_json()),))

    def switches(self) -> Switches:
        """Return the switches in force."""
        with self._writing() as connection:
            return _switches(connection)

    def throw(self, changes: Mapping[str, object]) -> Switches:
        """Set some switches anew. Raises ``BadSwitch``."""
        with self._writing() as connection:
            found = _switches(connection).changed(changes)
            connection.execute("INSERT OR REPLACE INTO switches VALUES (1, ?)", (json.dumps(found.to_json()),))
            return found

    def take(self, message: Mapping[str, object], now: datetime) -> bool:
        """Take a message and plan what follows; return whether it is new. Raises ``Conflict``."""
        number, kind, claim = (str(message[name]) for name in ("id", "kind", "claim"))
        body = json.dumps(message["body"], sort_keys=True, ensure_ascii=False)
        with self._writing() as connection:
            known = connection.execute("SELECT kind, claim, body FROM message WHERE id = ?", (number,)).fetchone()
            if known is not None:
                if tuple(known) != (kind, claim, body):
                    raise Conflict("this message id came before with another content")
                return False
            amount = self._amount(connection, kind, claim, json.loads(body))
            connection.execute("INSERT INTO message VALUES (?, ?, ?, ?, ?)", (number, kind, claim, body, now.isoformat()))
            if "pay_to" in message["body"]:  # type: ignore[operator]  # a mapping: the face has judged it
                account = str(json.loads(body)["pay_to"])
                connection.execute("INSERT OR REPLACE INTO account VALUES (?, ?)", (claim, account))
            if kind == "account":
                return True
            if kind == "repay":
                offered = json.loads(body)
                plan = [repaid(str(offered["amount"]), str(offered.get("clawback", "")))]
                _plan(connection, claim, plan, _switches(connection), now)
                return True
            connection.execute("DELETE FROM plan WHERE claim = ?", (claim,))
            told = [row[0] for row in connection.execute("SELECT step FROM notice WHERE claim = ? ORDER BY number", (claim,))]
            switches = _switches(connection)
            written = datetime.fromisoformat(str(message.get("written_at") or now.isoformat()))
            _plan(connection, claim, planned(switches, kind, claim, amount, told), switches, now, written)
        return True

    def demand(self, claim: str, what: Planned, now: datetime) -> None:
        """Tell of a recovery or offset at once."""
        with self._writing() as connection:
            _plan(connection, claim, [what], replace(_switches(connection), delay_seconds=0), now)

    def notices(self, after: int, limit: int, now: datetime) -> Sequence[Mapping[str, object]]:
        """Tell what is due by now, and return the notices after a number, in order."""
        with self._writing() as connection:
            due = connection.execute("SELECT * FROM plan WHERE due <= ? ORDER BY due, id", (now.isoformat(),)).fetchall()
            for row in due:
                values = (row["claim"], row["step"], row["due"], row["amount"], row["note"])
                told = connection.execute("INSERT INTO notice (claim, step, at, amount, note) VALUES (?, ?, ?, ?, ?)", values)
                if row["step"] == "pay":
                    paid = "INSERT INTO paid_to SELECT ?, number FROM account WHERE claim = ?"
                    connection.execute(paid, (told.lastrowid, row["claim"]))
                connection.execute("DELETE FROM plan WHERE id = ?", (row["id"],))
            found = connection.execute(_TOLD, (after, limit))
            return [dict(row) for row in found]

    def counts(self) -> Mapping[str, int]:
        """Count what is kept."""
        with self._writing() as connection:
            tables = {name: f"SELECT count(*) FROM {name}" for name in ("message", "claim", "plan", "notice")}  # noqa: S608  # ours
            return {name: connection.execute(statement).fetchone()[0] for name, statement in tables.items()}

    def lost(self) -> bool:
        """Say whether this answer is to be lost, and count it."""
        with self._writing() as connection:
            left = _switches(connection)
            if not left.lose_answers:
                return False
            fewer = left.changed({"lose_answers": left.lose_answers - 1})
            connection.execute("INSERT OR REPLACE INTO switches VALUES (1, ?)", (json.dumps(fewer.to_json()),))
            return True

    def _amount(self, connection: sqlite3.Connection, kind: str, claim: str, body: Mapping[str, object]) -> Decimal:
        if kind == "submit":
            amount = Decimal(str(body["amount"]))
            connection.execute("INSERT OR REPLACE INTO claim VALUES (?, ?)", (claim, str(amount)))
            return amount
        known = connection.execute("SELECT amount FROM claim WHERE reference = ?", (claim,)).fetchone()
        if known is None:
            raise Conflict("no such claim")
        return Decimal(known[0])

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, closing(sqlite3.connect(self._path, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                yield connection


def _switches(connection: sqlite3.Connection) -> Switches:
    row = connection.execute("SELECT value FROM switches").fetchone()
    return Switches().changed(json.loads(row[0])) if row else Switches()


def _plan(
    connection: sqlite3.Connection,
    claim: str,
    steps: Sequence[Planned],
    switches: Switches,
    now: datetime,
    written: datetime | None = None,
) -> None:
    """Plan steps after delays from now; lifelike, those that would be over by now on the days they would have been taken."""
    for each in steps:
        lived = written + each.life if written and switches.lifelike and each.delays else now
        due = lived if lived < now else now + timedelta(seconds=switches.delay_seconds * each.delays)
        statement = "INSERT INTO plan (claim, step, due, amount, note) VALUES (?, ?, ?, ?, ?)"
        connection.execute(statement, (claim, each.step, due.astimezone(UTC).isoformat(), each.amount, each.note))
