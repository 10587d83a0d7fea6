"""One batch on the desk: the documents it touches, the receipts it causes, and all of it written in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from ccezone.kernel.clock import SHANGHAI, wire_time_ms
from ccezone.kernel.ids import uuidv7
from integrations.mockservers.single_window import registry
from integrations.mockservers.single_window.bodies import packed
from integrations.mockservers.single_window.database import Connection
from integrations.mockservers.single_window.eport import Answer, sender_flaw
from integrations.mockservers.single_window.layout import Layout
from integrations.mockservers.single_window.plans import DELETED, RELEASED, WAITING_FOR_ARRIVAL, Step
from integrations.mockservers.single_window.quota import QuotaLedger
from integrations.mockservers.single_window.receipts import Parcel, around, official, opening, parcels, spoken
from integrations.mockservers.single_window.records import Document, Record
from integrations.mockservers.single_window.summing import RESULTS, SUMMARY_RESULT, results, serial
from integrations.mockservers.single_window.switches import Switches, drawn
from integrations.mockservers.single_window.tax import TAX_BILL, tax_bill

_COPY_MAILBOX = "COPY mailbox (receiver, message_type, guid, documents, body) FROM STDIN WITH (FORMAT BINARY)"


class Desk:
    """The state of one batch. Serial numbers go on from ``last_number``, which the caller keeps between batches."""

    def __init__(self, connection: Connection, switches: Switches, now: datetime, last_number: int) -> None:
        self.connection = connection
        self.switches = switches
        self.now = now
        self.last_number = last_number
        self.records: dict[int, Record] = {}
        self.answers: dict[tuple[str, str], list[bytes]] = defaultdict(list)
        self.rested: list[Record] = []
        self._of_order: dict[int, dict[int, Record]] = defaultdict(dict)
        self._of_waybill: dict[int, dict[int, Record]] = defaultdict(dict)
        self.quota = QuotaLedger(connection, int(f"{now.astimezone(SHANGHAI):%Y}"))
        self._agenda: list[tuple[int, datetime, int, str]] = []
        self._beats: dict[int, int] = {}
        self._senders: dict[tuple[int, str, Sequence[str]], Answer | None] = {}
        self._written: dict[tuple[int, int, int], tuple[bytes, bytes]] = {}
        self._times = [wire_time_ms(now)]
        self._day = f"{now.astimezone(SHANGHAI):%Y%m%d}"

    def fetch(self, by: str, values: Iterable[int]) -> None:
        """Bring documents onto the desk; what lies there already is newer and stays."""
        for record in registry.find(self.connection, by, values):
            if record.key not in self.records:
                self.put(record)

    def put(self, record: Record) -> None:
        """Lay a document on the desk."""
        self.records[record.key] = record
        if order := record.order_key:
            self._of_order[order][record.key] = record
        if record.layout.role == "list":
            self._of_waybill[record.waybill_key][record.key] = record

    def of_order(self, order_key: int) -> Iterator[Record]:
        """Give the documents on the desk that name an order number."""
        return iter(self._of_order.get(order_key, {}).values())

    def lists_of_waybill(self, waybill_key: int) -> Iterator[Record]:
        """Give the lists on the desk that name a waybill."""
        return iter(self._of_waybill.get(waybill_key, {}).values())

    def enter(self, document: Document, receiver: str) -> Record:
        """Take a submission into the books, under the serial number its document has; in place of a deleted one a new one."""
        earlier = self.records.get(document.key)
        if earlier is None or earlier.status == DELETED:
            self.last_number += 1
            record = Record.of(document, self.last_number, self._day, receiver)
        else:
            record = Record.of(document, earlier.number, earlier.day, receiver)
        if earlier is not None:
            self.forget_agenda(earlier.key)
            record.stored = earlier.stored
        self.put(record)
        return record

    def sender_flaw(self, document: Document, transmitter: str) -> Answer | None:
        """Judge who sends what, once for all documents of the same parties."""
        key = document.layout.number, transmitter, document.layout.parties(document.head)
        if key not in self._senders:
            self._senders[key] = sender_flaw(document, transmitter, self.switches)
        return self._senders[key]

    def forget_agenda(self, key: int) -> None:
        """Drop the receipts that were still to come for an earlier submission."""
        self.connection.execute("DELETE FROM agenda WHERE key = %s", (key,))
        self.connection.execute("DELETE FROM waiting WHERE key = %s", (key,))
        self._agenda = [entry for entry in self._agenda if entry[0] != key]

    def reply(self, document: Document, receiver: str, step: Step) -> None:
        """Answer a submission that is not taken into the books."""
        self._emit(Record.of(document, self.last_number + 1, self._day, receiver), [step])

    def carry_out(self, record: Record, steps: Sequence[Step]) -> None:
        """Send the receipts that are due and put the others on the agenda."""
        record.changed = True
        wait, scale, due = 0.0, self.switches.time_scale, 0
        for step in steps:
            wait += step.wait * scale + step.delay
            if wait > 0:
                moment = self.now + timedelta(seconds=wait)
                self._agenda.append((record.key, moment, step.code, step.words))
            else:
                due += 1
        if due:
            self._emit(record, steps[:due])
            reached = [step.code for step in steps[:due] if step.code not in RESULTS]
            record.status = reached[-1] if reached else record.status
            if record.status == WAITING_FOR_ARRIVAL:
                self.rested.append(record)

    def _emit(self, record: Record, steps: Sequence[Step]) -> None:
        start, layout = opening(record), record.layout
        answers = self.answers[record.receiver, layout.answer.type]
        beat = self._beats.get(record.key, 0)
        for step in steps:
            if step.code in RESULTS:
                self._tell_results(record, step.code, self._time(beat))
                beat += 1
                continue
            before, after = self._around(layout, step.code, beat)
            fragment = b"".join((start, before, spoken(step.text) if step.text else official(step.code), after))
            answers.append(fragment)
            if self.switches.duplicate and drawn(fragment) < self.switches.duplicate:
                answers.append(fragment)
            if step.code == RELEASED and layout.number == 621:
                bill = tax_bill(record, self._time(beat), str(uuidv7()).upper(), self.switches.single_limit)
                self.answers[record.receiver, TAX_BILL].append(bill)
            beat += 1
        self._beats[record.key] = beat

    def _tell_results(self, record: Record, stage: int, time: str) -> None:
        """Tell what a summary became: once more, with the numbers of this stage."""
        self.fetch("number", {serial(line["list_no"]) for line in record.lines})
        lists = {each.list_no: each for each in self.records.values() if each.layout.number == 603}
        summed = [lists[line["list_no"]] for line in record.lines if line["list_no"] in lists]
        for fragment in results(record, summed, stage, time):
            told = self.answers[record.receiver, SUMMARY_RESULT]
            told.append(fragment)
            if self.switches.duplicate and drawn(fragment) < self.switches.duplicate:
                told.append(fragment)

    def _around(self, layout: Layout, code: int, beat: int) -> tuple[bytes, bytes]:
        """Write the parts of a receipt that are the same for all documents of this batch."""
        key = layout.number, code, beat
        found = self._written.get(key)
        if found is None:
            found = self._written[key] = around(layout, code, self._time(beat))
        return found

    def _time(self, beat: int) -> str:
        """Spell the moment of a document's next receipt: a millisecond apart, so that their order shows."""
        while len(self._times) <= beat:
            self._times.append(wire_time_ms(self.now + timedelta(milliseconds=len(self._times))))
        return self._times[beat]

    def await_bills(self, record: Record) -> None:
        """Let a list wait for its bills."""
        deadline = self.now + timedelta(seconds=self.switches.bills_wait_seconds)
        self.connection.execute(
            "INSERT INTO waiting VALUES (%s, %s, %s, %s) ON CONFLICT (key) DO NOTHING",
            (record.key, record.order_key, record.waybill_key, deadline),
        )

    def clear(self) -> int:
        """Write everything down; return how many messages went to mailboxes."""
        registry.save(self.connection, self.records.values(), self.now)
        self.quota.save()
        with self.connection.cursor() as cursor:
            if self._agenda:
                cursor.executemany("INSERT INTO agenda (key, due_at, code, words) VALUES (%s, %s, %s, %s)", self._agenda)
            out = list(self._parcels())
            if out:
                with cursor.copy(_COPY_MAILBOX.encode()) as copy:
                    copy.set_types(("text", "text", "uuid", "int4", "bytea"))
                    for each in out:
                        copy.write_row((each.receiver, each.message_type, each.guid, each.documents, packed(each.body)))
        return len(out)

    def _parcels(self) -> Iterable[Parcel]:
        if not self.switches.reorder:
            return parcels(self.answers)
        shuffled = {key: sorted(fragments, key=drawn) for key, fragments in self.answers.items()}
        return sorted(parcels(shuffled), key=lambda parcel: drawn(str(parcel.guid)))
