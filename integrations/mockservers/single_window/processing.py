"""The single window at work: takes envelopes from the queue, runs the agenda, wakes waiting lists. One transaction a turn.

A turn's effects and the removal of its causes commit together, so that a kill at any moment repeats nothing and loses nothing.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import psycopg

from ccezone.kernel.clock import Clock, SystemClock
from ccezone.kernel.demo_clock import DemoClock
from integrations.mockservers.single_window import eport, intake
from integrations.mockservers.single_window.bodies import unpacked
from integrations.mockservers.single_window.database import Connection, Connections, array
from integrations.mockservers.single_window.desk import Desk
from integrations.mockservers.single_window.intake import Submission
from integrations.mockservers.single_window.plans import Step
from integrations.mockservers.single_window.reading import Incoming, Unreadable, read
from integrations.mockservers.single_window.receipts import format_complaint
from integrations.mockservers.single_window.records import Record
from integrations.mockservers.single_window.settings import Switchboard
from integrations.mockservers.single_window.switches import lifelike
from integrations.mockservers.single_window.texts import rule_text
from integrations.signatures.xmldsig import verify

_log = logging.getLogger(__name__)

MESSAGES_A_TURN = 16
AGENDA_A_TURN = 2000
_TURN_LOCK = 0x7475726E  # "turn": one processor at a time, whoever else was started by mistake
_IDLE_SECONDS = 0.2
_GATHER_SECONDS = 0.1  # what comes at about the same time shares a turn, whose fixed cost is that of a hundred documents
_BUSY, _GATHER_BUSY_SECONDS = 3, 0.3  # where several came at once, more are on their way
_TROUBLE_SECONDS = 0.5
_EXPORT_BILLS = {"order": "E01", "waybill": "E02"}
_IMPORT_BILLS = {"order": "I10", "payment": "I01", "waybill": "I11"}
_NEARLY_NOW, _LAST_BILLS = timedelta(minutes=1), timedelta(seconds=30)
_Queued = tuple[int, str, str, str, bytes]


class Processor:
    """The one thread that changes documents."""

    def __init__(
        self, connections: Connections, switchboard: Switchboard, trusted: Mapping[str, bytes], clock: Clock | None = None
    ) -> None:
        self._connections = connections
        self._switchboard = switchboard
        self._trusted = trusted
        self._clock = clock or SystemClock()
        self._behind = False
        self._wake = threading.Event()
        self._stop = threading.Event()
        self.delivered = threading.Condition()

    def wake(self) -> None:
        """Say that there is work."""
        self._wake.set()

    def stop(self) -> None:
        """End the loop after this turn."""
        self._stop.set()
        self._wake.set()

    def loop(self) -> None:
        """Work until stopped; a lost database is waited for."""
        while not self._stop.is_set():
            self._wake.clear()
            try:
                done = self.turn()
                if done < MESSAGES_A_TURN and self._wake.wait(_IDLE_SECONDS):
                    self._stop.wait(_GATHER_SECONDS if done < _BUSY else _GATHER_BUSY_SECONDS)
            except psycopg.OperationalError:
                _log.warning("mock_database_lost", exc_info=True)
                self._stop.wait(_TROUBLE_SECONDS)

    def turn(self) -> int:
        """Do what is to do now; return how much that was."""
        try:
            return self._turn(MESSAGES_A_TURN)
        except psycopg.OperationalError:
            raise
        except Exception:  # one message that breaks the turn must not hold up the others that share it
            _log.exception("mock_turn_failed: trying its messages one by one")
            return self._one_by_one()

    def _one_by_one(self) -> int:
        """Process single messages; set aside the one that cannot be processed, where ``/counts`` shows it."""
        try:
            return self._turn(1)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # what it is stands in the log and in /counts; going on is all that is left to do
            _log.exception("mock_message_set_aside")
            with self._connections.transaction() as connection:
                connection.execute(
                    "UPDATE inbox_queue SET stuck = %s WHERE id = (SELECT min(id) FROM inbox_queue WHERE stuck IS NULL)",
                    (repr(error),),
                )
            return 1

    def _turn(self, messages: int) -> int:
        with self._connections.transaction() as connection:
            desk = self._desk(connection)
            queued = _claim(connection, messages)
            submissions = [each for row in queued for each in self._open(desk, row)]
            intake.take_in(desk, submissions)
            done = len(queued) + _run_agenda(desk) + _wake_waiting(desk, submissions)
            _settle_rested(desk)
            if done:
                _finish(desk, queued)
        if done:
            with self.delivered:
                self.delivered.notify_all()
        return done

    def move(self, role: str, waybills: set[int]) -> int:
        """Let waybills arrive or depart by hand; return how many lists moved at once."""
        with self._connections.transaction() as connection:
            desk = self._desk(connection)
            moved = intake.move(desk, role, waybills)
            _finish(desk, [])
        with self.delivered:
            self.delivered.notify_all()
        return moved

    def _desk(self, connection: Connection) -> Desk:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_TURN_LOCK,))
        row = connection.execute("SELECT last FROM serial").fetchone()
        switches, now = self._switchboard.switches, self._clock.now()
        behind = isinstance(self._clock, DemoClock) and self._clock.behind > _NEARLY_NOW
        if self._behind and not behind:
            _hurry(connection, now)
        self._behind = behind
        return Desk(connection, lifelike(switches) if behind else switches, now, int(row[0]) if row else 0)

    def _open(self, desk: Desk, row: _Queued) -> list[Submission]:
        _, sender, cop_msg_id, _, stored = row
        body = unpacked(stored)
        try:
            message = read(body)
        except Unreadable as error:
            answer = format_complaint(cop_msg_id, error.message_type, body, error.text, desk.now)
            desk.answers[sender, "CEB900Message"].append(answer)
            return []
        bad = self._badly_signed(desk, message, body)
        return [Submission(message.layout, message.documents, sender, message.transmitter, bad)]

    def _badly_signed(self, desk: Desk, message: Incoming, body: bytes) -> bool:
        """Judge a signature as the ``trust`` switch says: any consistent one, or only one by the transmitter's published key."""
        believe = desk.switches.trust == "certificate"
        trusted = {} if believe else self._trusted
        verdict = verify(body, trusted, believe_certificate=believe, skeleton=message.root)
        return verdict.signed and not (verdict.valid and (believe or verdict.key_name == message.transmitter))


def _claim(connection: Connection, limit: int) -> Sequence[_Queued]:
    return connection.execute(
        "SELECT id, sender, cop_msg_id, message_type, body FROM inbox_queue WHERE stuck IS NULL ORDER BY id LIMIT %s",
        (limit,),
        binary=True,
    ).fetchall()


def _hurry(connection: Connection, now: datetime) -> None:
    """Once a demo's month has passed, nobody waits the hours that are left of it."""
    connection.execute("UPDATE agenda SET due_at = %s WHERE due_at > %s", (now, now))
    connection.execute("UPDATE waiting SET deadline = %s WHERE deadline > %s", (now + _LAST_BILLS, now + _LAST_BILLS))


def _finish(desk: Desk, queued: Sequence[_Queued]) -> None:
    desk.clear()
    desk.connection.execute("UPDATE serial SET last = %s WHERE last <> %s", (desk.last_number, desk.last_number))
    if queued:
        desk.connection.execute("DELETE FROM inbox_queue WHERE id = ANY(%s::bigint[])", (array(row[0] for row in queued),))


def _run_agenda(desk: Desk) -> int:
    """Send the receipts whose time has come."""
    due = desk.connection.execute(
        "DELETE FROM agenda WHERE id IN (SELECT id FROM agenda WHERE due_at <= %s ORDER BY due_at, id LIMIT %s)"
        " RETURNING due_at, id, key, code, words",
        (desk.now, AGENDA_A_TURN),
    ).fetchall()
    desk.fetch("key", {row[2] for row in due})
    for _, _, key, code, words in sorted(due):
        desk.carry_out(desk.records[key], [Step(code, words)])
    return len(due)


def _wake_waiting(desk: Desk, submissions: Sequence[Submission]) -> int:
    """Judge lists whose bills have come meanwhile; refuse those that waited long enough."""
    bills = [document for each in submissions if each.layout.role == "bill" for document in each.documents]
    orders = {bill.order_key for bill in bills}
    waybills = {bill.waybill_key for bill in bills}
    rows = desk.connection.execute(
        "SELECT key, order_key, deadline <= %s FROM waiting WHERE deadline <= %s"
        " OR order_key = ANY(%s::bigint[]) OR waybill_key = ANY(%s::bigint[])",
        (desk.now, desk.now, array(orders - {0}), array(waybills - {0})),
    ).fetchall()
    if not rows:
        return 0
    desk.fetch("key", {row[0] for row in rows})
    lists = [(desk.records[key], late) for key, _, late in rows]
    desk.fetch("key", {key for record, _ in lists for key in record.document.bill_keys})
    desk.fetch("order_key", {row[1] for row in rows})
    return sum(_judge_waiting(desk, record, late=late) for record, late in lists)


def _judge_waiting(desk: Desk, record: Record, *, late: bool) -> bool:
    missing = intake.bills_of(desk, record).missing(export=record.layout.number == 603)
    if missing and not late:
        return False
    desk.connection.execute("DELETE FROM waiting WHERE key = %s", (record.key,))
    if eport.ended(record.status):
        return True
    if missing:
        desk.carry_out(record, [Step(100, _absence(record, missing), wait=3)])
    else:
        effects = desk.switches.effects(record.layout.message_type, record.head)
        desk.carry_out(record, intake.verdict(desk, record, effects))
    return True


def _absence(record: Record, missing: Sequence[str]) -> str:
    rules = _EXPORT_BILLS if record.layout.number == 603 else _IMPORT_BILLS
    return ";".join(rule_text(rules[name]) for name in missing)


def _settle_rested(desk: Desk) -> None:
    """Carry on the lists that came to rest after their goods had moved already."""
    rested = {record.waybill_key: record for record in desk.rested if not desk.switches.auto_arrival}
    if not rested:
        return
    happened: dict[int, set[str]] = {}
    for waybill, kind in desk.connection.execute(
        "SELECT waybill_key, kind FROM movements WHERE waybill_key = ANY(%s::bigint[])", (array(rested),)
    ).fetchall():
        happened.setdefault(waybill, set()).add(kind)
    for waybill, kinds in happened.items():
        intake.advance(desk, rested[waybill], kinds)
