"""Taking in a batch of bills: judge each document, copy the good ones in, answer for every one, tell the matching."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from ccezone.bills.ports import Batch, IntakeDocument, Values
from ccezone.bills.rules import AppType, BillKind, Known, Step, next_step
from ccezone.bills.service.parties import Parties, owners_of
from ccezone.bills.service.rows import TABLES, BillTable, Keys, content_digest, json_lines, text
from ccezone.bills.service.shapes import BatchOutcome, BatchTakenIn, BillsTakenIn, DocumentFault, LateCorrection
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault
from ccezone.kernel.ids import uuidv7
from ccezone.outbox.service import enqueue_batch
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import Row, array, copy_rows, fetch, run
from ccezone.storage.personal import PersonalVault

_COMMON = ("version", "flow", "app_type", "app_time", "batch_id", "position", "submitter_id", "content")
_BATCH = """
INSERT INTO intake_batch (id, submitter_id, actor, source, kind, flow, message_type, message_guid, received_at, documents,
    accepted, replayed, rejected, signed, bill_keys, raw, raw_sha256)
VALUES (%(id)s, %(submitter_id)s, %(actor)s, %(source)s, %(kind)s, %(flow)s, %(message_type)s, %(message_guid)s, %(received_at)s,
    %(documents)s, %(accepted)s, %(replayed)s, %(rejected)s, %(signed)s, %(bill_keys)s::bigint[], %(raw)s, %(raw_sha256)s)
"""
_TRIES = 5
_NEW = str(AppType.NEW.value)
_ORDER_LOCKED = "EXISTS (SELECT FROM order_lock l WHERE l.order_key = v.order_key)"
# The order of a waybill: the one a link names, else an import order of its number for the same consignee.
_WAYBILL_LOCKED = """(
    EXISTS (SELECT FROM link_version x JOIN order_lock l ON l.order_key = x.order_key
        WHERE x.waybill_key = v.waybill_key AND x.app_type <> 3)
    OR EXISTS (SELECT FROM order_version o JOIN order_lock l ON l.order_key = o.order_key
        WHERE o.order_no_key = v.order_no_key AND o.flow = v.flow AND o.consignee_digest = v.consignee_digest
          AND o.consignee_telephone_digest = v.consignee_telephone_digest))"""


def take_in(
    database: Database,
    vault: PersonalVault,
    clock: Clock,
    sender: EnterpriseView,
    actor: str,
    batch: Batch,
    *,
    alongside: Callable[[UnitOfWork, BatchOutcome], None] | None = None,
) -> BatchOutcome:
    """Store a batch of one kind of bill and say what became of every document. Durable when it returns.

    A document is refused when its schema, its sender's role, a party or its version is wrong; the others are kept.
    Nearly all documents are new, so the first try looks nothing up: what is not new meets its first version at the primary
    key, and everything is judged again with what is known. So do two deliveries of the same bill at once.
    ``alongside`` is done in the same transaction, at every attempt: a job notes its checkpoint there.
    """
    for attempt in range(_TRIES):
        try:
            with database.begin() as uow:
                outcome = _Intake(uow, vault, clock.now(), sender, actor, batch, trusting=attempt == 0).run()
                if alongside is not None:
                    alongside(uow, outcome)
                return outcome
        except UniqueViolation:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


@dataclass
class _Intake:
    """One attempt at one batch, inside one transaction."""

    uow: UnitOfWork
    vault: PersonalVault
    at: datetime
    sender: EnterpriseView
    actor: str
    batch: Batch
    trusting: bool = False
    """Whether bills that say they are new are taken for new; the primary key objects to those that are not."""
    batch_id: UUID = field(default_factory=uuidv7)
    faults: list[DocumentFault] = field(default_factory=list)
    stored: list[tuple[IntakeDocument, Values, Keys]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    replays: list[int] = field(default_factory=list)

    def run(self) -> BatchOutcome:
        """Judge, store, queue, tell."""
        owners = owners_of(self.uow.connection, self.sender, self.batch.flow, self.at)
        self.parties = Parties(directory(self.uow.connection), self.sender, self.batch.kind, self.batch.flow, owners)
        self.ids = str(self.batch_id), str(self.sender.id)
        table = TABLES[self.batch.kind]
        flow, canonical = self.batch.flow, self.parties.canonical
        good = [(document, values) for document in self.batch.documents if (values := self._accepted(document, table)) is not None]
        keyed = [(document, values, table.keys(flow, values, canonical)) for document, values in good]
        asked = [keys.own for _, values, keys in keyed if not self.trusting or values["app_type"] != _NEW]
        known = self._known(table, asked)
        for document, values, keys in keyed:
            self._place(table, document, values, keys, known)
        if self.rows:
            copy_rows(self.uow.connection, table.name, (table.key_column, *_COMMON, *table.columns), self.rows)
        self._write_batch()
        if self.stored:
            self._forward()
            self._tell()
        rejected = len({fault.position for fault in self.faults})
        documents = len(self.batch.documents)
        news = BatchTakenIn(self.batch_id, self.at, self.sender.id, self.batch.kind, documents, documents - rejected, rejected)
        self.uow.publish(news)
        return BatchOutcome(self.batch_id, documents - rejected, len(self.replays), rejected, self.faults, self.replays)

    def _accepted(self, document: IntakeDocument, table: BillTable) -> Values | None:
        """Return the values of a document that its schema and its parties allow."""
        values = document.values
        faults = document.faults if values is None or document.faults else self.parties.faults(values)
        if not faults:
            return values
        title = table.title(values) if values else ""
        self.faults += [DocumentFault(document.position, title, fault) for fault in faults]
        return None

    def _known(self, table: BillTable, keys: Sequence[int]) -> dict[int, tuple[Known, int | None]]:
        """Return the newest version of each bill, and the order (of a waybill: the bare order number) it belonged to."""
        waybill = self.batch.kind == BillKind.WAYBILL
        belongs, locked = ("v.order_no_key", _WAYBILL_LOCKED) if waybill else ("v.order_key", _ORDER_LOCKED)
        statement = f"""
            SELECT v.{table.key_column}, v.version, v.app_type, v.app_time, v.content, {locked}, {belongs}
            FROM unnest(%(keys)s::bigint[]) AS k
            CROSS JOIN LATERAL (SELECT * FROM {table.name} WHERE {table.key_column} = k ORDER BY version DESC LIMIT 1) v
        """  # noqa: S608  # table and column names are our own constants
        found = fetch(self.uow.connection, statement, {"keys": list(keys)}) if keys else []
        return {row[0]: (Known(*row[1:6]), row[6]) for row in found}

    def _place(
        self, table: BillTable, document: IntakeDocument, values: Values, keys: Keys, known: dict[int, tuple[Known, int | None]]
    ) -> None:
        """Decide what becomes of a document, and make its row when it is to be stored."""
        previous, belonged = known.get(keys.own, (None, None))
        app_type, app_time = int(text(values, "app_type")), text(values, "app_time")
        lines = json_lines(values)
        content = content_digest(values, lines)
        step = next_step(previous, app_type, app_time, content, table.reusable)
        if step == Step.REPLAY:
            self.replays.append(document.position)
            return
        if step != Step.STORE:
            self._refuse(table, document, values, keys, step)
            return
        version = previous.version + 1 if previous else 1
        belongs = keys.order_no if self.batch.kind == BillKind.WAYBILL else keys.order
        known[keys.own] = (Known(version, app_type, app_time, content), belongs)
        if belonged is not None and belonged != belongs:
            self.left.append(belonged)
        batch_id, sender_id = self.ids
        common = (keys.own, version, self.batch.flow, app_type, app_time, batch_id, document.position, sender_id, content)
        self.rows.append((*common, *table.row(values, keys, self.parties, self.vault, lines.decode())))
        self.stored.append((document, values, keys))

    def _refuse(self, table: BillTable, document: IntakeDocument, values: Values, keys: Keys, step: Step) -> None:
        fault = Fault("", step.value, {"number": table.title(values), "app_time": str(values["app_time"])})
        self.faults.append(DocumentFault(document.position, table.title(values), fault))
        if step == Step.LOCKED and keys.order is not None:
            self.uow.publish(LateCorrection(keys.order, text(values, "order_no"), self.batch.kind, self.at, self.sender.id))

    def _write_batch(self) -> None:
        batch, rejected = self.batch, len({fault.position for fault in self.faults})
        row = {
            "id": self.batch_id, "submitter_id": self.sender.id, "actor": self.actor, "source": batch.source,
            "kind": batch.kind.value, "flow": batch.flow, "message_type": batch.message_type, "message_guid": batch.message_guid,
            "received_at": self.at, "documents": len(batch.documents), "accepted": len(batch.documents) - rejected,
            "replayed": len(self.replays), "rejected": rejected, "signed": batch.signed,
            "bill_keys": array({keys.own for _, _, keys in self.stored}),
            "raw": self.vault.seal_bytes(batch.raw), "raw_sha256": hashlib.sha256(batch.raw).digest(),
        }  # fmt: skip
        run(self.uow.connection, _BATCH, row)
        faults = [
            (
                self.batch_id,
                item.position,
                item.document,
                item.fault.pointer,
                item.fault.code,
                Jsonb(dict(item.fault.params)),
            )
            for item in self.faults
        ]
        if faults:
            fault_columns = ("batch_id", "position", "document", "pointer", "code", "params")
            copy_rows(self.uow.connection, "batch_fault", fault_columns, faults)

    def _forward(self) -> None:
        """Customs hears of every bill; a message whose documents all went in travels on byte for byte."""
        if self.batch.kind == BillKind.LINK:
            return  # the hub's own document: customs knows no shipping link
        for code, positions in self._by_transmitter().items():
            # what an agent sends for a firm travels in that firm's name, so that it is packed anew
            whole = self.batch.forwardable and len(positions) == len(self.batch.documents) and self.parties.is_sender(code)
            chosen = None if whole else positions
            enqueue_batch(self.uow, self.batch.message_type, code, self.batch_id, chosen, self.at)

    def _by_transmitter(self) -> Mapping[str, list[int]]:
        """Return the stored nodes by the code in whose name they travel; only an agent's differ within one batch."""
        if not self.parties.entrusted:
            return {self.parties.transmitter(self.stored[0][1]): [document.node for document, _, _ in self.stored]}
        nodes: dict[str, list[int]] = defaultdict(list)
        for document, values, _ in self.stored:
            nodes[self.parties.transmitter(values)].append(document.node)
        return nodes

    def _tell(self) -> None:
        keys = [keys for _, _, keys in self.stored]
        orders = {key.order for key in keys if key.order is not None}
        # an import order changes which waybills of its bare number are unambiguous
        numbers = {key.order_no for key in keys if key.order_no is not None and self.batch.flow == "I"}
        waybills = {key.waybill for key in keys if key.waybill is not None}
        (numbers if self.batch.kind == BillKind.WAYBILL else orders).update(self.left)  # where a changed bill was before
        self.uow.publish(BillsTakenIn(self.batch_id, self.at, tuple(orders), tuple(numbers), tuple(waybills)))
