"""What the mock bank keeps, in a SQLite file: instructions taken, answers planned and told, money booked, statements made."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from integrations.mockservers.bank.plans import Switches, answer_to

_SCHEMA = """
CREATE TABLE IF NOT EXISTS instruction (id TEXT PRIMARY KEY, said TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT, instruction TEXT NOT NULL UNIQUE, due TEXT NOT NULL, outcome TEXT NOT NULL, rate TEXT,
    yuan TEXT, note TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS notice (
    number INTEGER PRIMARY KEY AUTOINCREMENT, instruction TEXT NOT NULL, outcome TEXT NOT NULL, at TEXT NOT NULL, rate TEXT,
    yuan TEXT, note TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS booking (
    reference TEXT PRIMARY KEY, account TEXT NOT NULL, currency TEXT NOT NULL, day TEXT NOT NULL, said TEXT NOT NULL,
    statement INTEGER
);
CREATE TABLE IF NOT EXISTS statement (
    number INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, currency TEXT NOT NULL, sequence INTEGER NOT NULL,
    day TEXT NOT NULL, closing TEXT NOT NULL, content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS switches (one INTEGER PRIMARY KEY CHECK (one = 1), value TEXT NOT NULL);
"""


class Conflict(Exception):
    """An id or a reference came before with another content."""


class BankStore:
    """One file, one writer at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._lock = path, threading.Lock()
        with self.writing() as connection:
            connection.executescript(_SCHEMA)

    def begin_with(self, changes: Mapping[str, object]) -> None:
        """Set switches where none were ever thrown. Raises ``BadSwitch``."""
        with self.writing() as connection:
            if changes and connection.execute("SELECT 1 FROM switches").fetchone() is None:
                _throw(connection, Switches().changed(changes))

    def switches(self) -> Switches:
        """Return the switches in force."""
        with self.writing() as connection:
            return _switches(connection)

    def throw(self, changes: Mapping[str, object]) -> Switches:
        """Set some switches anew. Raises ``BadSwitch``."""
        with self.writing() as connection:
            found = _switches(connection).changed(changes)
            _throw(connection, found)
            return found

    def take(self, said: Mapping[str, object], now: datetime) -> bool:
        """Take an instruction and plan its answer; return whether it is new. Raises ``Conflict``."""
        number, body = str(said["id"]), json.dumps(said, sort_keys=True, ensure_ascii=False)
        with self.writing() as connection:
            known = connection.execute("SELECT said FROM instruction WHERE id = ?", (number,)).fetchone()
            if known is not None:
                if known["said"] != body:
                    raise Conflict("this instruction id came before with another content")
                return False
            connection.execute("INSERT INTO instruction VALUES (?, ?, ?)", (number, body, now.isoformat()))
            switches = _switches(connection)
            if answer := answer_to(switches, said):
                due = (now + timedelta(seconds=switches.delay_seconds)).isoformat()
                values = (number, due, answer.outcome, answer.rate, answer.yuan, answer.note)
                connection.execute(
                    "INSERT INTO plan (instruction, due, outcome, rate, yuan, note) VALUES (?, ?, ?, ?, ?, ?)", values
                )
        return True

    def notices(self, after: int, limit: int, now: datetime) -> Sequence[Mapping[str, object]]:
        """Tell what is due by now, and return the notices after a number, in order."""
        with self.writing() as connection:
            due = "SELECT * FROM plan WHERE NOT told AND due <= ? ORDER BY due, id"
            for row in connection.execute(due, (now.isoformat(),)).fetchall():
                values = (row["instruction"], row["outcome"], row["due"], row["rate"], row["yuan"], row["note"])
                connection.execute(
                    "INSERT INTO notice (instruction, outcome, at, rate, yuan, note) VALUES (?, ?, ?, ?, ?, ?)", values
                )
                connection.execute("UPDATE plan SET told = 1 WHERE id = ?", (row["id"],))
            found = connection.execute("SELECT * FROM notice WHERE number > ? ORDER BY number LIMIT ?", (after, limit))
            return [dict(row) for row in found]

    def book(self, said: Mapping[str, str]) -> bool:
        """Book money on an account, to stand in its day's statement; return whether it is new. Raises ``Conflict``."""
        body = json.dumps(said, sort_keys=True, ensure_ascii=False)
        with self.writing() as connection:
            known = connection.execute("SELECT said FROM booking WHERE reference = ?", (said["bank_reference"],)).fetchone()
            if known is not None and known["said"] != body:
                raise Conflict("this bank reference came before with another content")
            if known is None:
                values = (said["bank_reference"], said["account"], said["currency"], said["value_date"], body)
                connection.execute("INSERT INTO booking VALUES (?, ?, ?, ?, ?, NULL)", values)
            return known is None

    def unstated(self, connection: sqlite3.Connection, until: date) -> Sequence[sqlite3.Row]:
        """Return what stands in no statement yet, up to a day."""
        statement = "SELECT * FROM booking WHERE statement IS NULL AND day <= ? ORDER BY account, currency, day, reference"
        return connection.execute(statement, (until.isoformat(),)).fetchall()

    def statements(self, after: int, limit: int) -> Sequence[Mapping[str, object]]:
        """Return the statements after a number, in order."""
        with self.writing() as connection:
            found = connection.execute("SELECT * FROM statement WHERE number > ? ORDER BY number LIMIT ?", (after, limit))
            return [dict(row) for row in found]

    def counts(self) -> Mapping[str, int]:
        """Count what is kept."""
        with self.writing() as connection:
            tables = ("instruction", "plan", "notice", "booking", "statement")
            statements = {name: f"SELECT count(*) FROM {name}" for name in tables}  # noqa: S608  # ours
            return {name: connection.execute(statement).fetchone()[0] for name, statement in statements.items()}

    def lost(self) -> bool:
        """Say whether this answer is to be lost, and count it."""
        with self.writing() as connection:
            left = _switches(connection)
            if left.lose_answers:
                _throw(connection, left.changed({"lose_answers": left.lose_answers - 1}))
            return bool(left.lose_answers)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open the one transaction there is at a time."""
        with self._lock, closing(sqlite3.connect(self._path, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                yield connection


def _switches(connection: sqlite3.Connection) -> Switches:
    row = connection.execute("SELECT value FROM switches").fetchone()
    return Switches().changed(json.loads(row[0])) if row else Switches()


def _throw(connection: sqlite3.Connection, switches: Switches) -> None:
    connection.execute("INSERT OR REPLACE INTO switches VALUES (1, ?)", (json.dumps(switches.to_json()),))
