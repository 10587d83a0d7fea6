"""Taking in a batch of bills: judge each document, copy the good ones in, answer for every one, tell the matching."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from ccezone.bills.ports import Batch, IntakeDocument, Values
from ccezone.bills.rules import SENDERS, BillKind, Known, Step, may_send, next_step
from ccezone.bills.service.rows import TABLES, BillTable, Keys, content_digest, text
from ccezone.bills.service.shapes import BatchOutcome, BatchTakenIn, BillsTakenIn, DocumentFault, LateCorrection
from ccezone.enterprises.queries import Directory, EnterpriseView, directory
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault
from ccezone.kernel.ids import uuidv7
from ccezone.outbox.service import enqueue_batch
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import Row, copy_rows, fetch
from ccezone.storage.personal import PersonalVault

_COMMON = ("version", "flow", "app_type", "app_time", "batch_id", "position", "submitter_id", "content")
_BATCH_TYPES = (
    "uuid", "uuid", "text", "text", "text", "text", "text", "text", "timestamptz", "int4", "int4", "int4", "int4", "bool",
    "bytea", "bytea",
)  # fmt: skip
_TRIES = 4
_ORDER_LOCKED = "EXISTS (SELECT FROM order_lock l WHERE l.order_key = v.order_key)"
# The order of a waybill: the one a link names, else an import order of its number for the same consignee.
_WAYBILL_LOCKED = """(
    EXISTS (SELECT FROM link_version x JOIN order_lock l ON l.order_key = x.order_key
        WHERE x.waybill_key = v.waybill_key AND x.app_type <> 3)
    OR EXISTS (SELECT FROM order_version o JOIN order_lock l ON l.order_key = o.order_key
        WHERE o.order_no_key = v.order_no_key AND o.flow = v.flow AND o.consignee_digest = v.consignee_digest
          AND o.consignee_telephone_digest = v.consignee_telephone_digest))"""


def take_in(
    database: Database, vault: PersonalVault, clock: Clock, sender: EnterpriseView, actor: str, batch: Batch
) -> BatchOutcome:
    """Store a batch of one kind of bill and say what became of every document. Durable when it returns.

    A document is refused when its schema, its sender's role, a party or its version is wrong; the others are kept.
    Two deliveries of the same bill at once meet at the primary key: the later one judges again with fresh eyes.
    """
    for attempt in range(_TRIES):
        try:
            with database.begin() as uow:
                return _Intake(uow, vault, clock.now(), sender, actor, batch).run()
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
    batch_id: UUID = field(default_factory=uuidv7)
    faults: list[DocumentFault] = field(default_factory=list)
    stored: list[tuple[IntakeDocument, Keys]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    replayed: int = 0

    def run(self) -> BatchOutcome:
        """Judge, store, queue, tell."""
        self.parties: Directory = directory(self.uow.connection)
        table = TABLES[self.batch.kind]
        good = [document for document in self.batch.documents if self._acceptable(document, table)]
        keyed = [(document, table.keys(self.batch.flow, self._values(document), self._canonical)) for document in good]
        known = self._known(table, [keys.own for _, keys in keyed])
        for document, keys in keyed:
            self._place(table, document, keys, known)
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
        return BatchOutcome(self.batch_id, documents - rejected, self.replayed, rejected, self.faults)

    def _values(self, document: IntakeDocument) -> Values:
        assert document.values is not None  # noqa: S101  # only documents that passed _acceptable come here
        return document.values

    def _canonical(self, code: str) -> str:
        """Customs and credit codes of one enterprise are one enterprise."""
        found = self.parties.find(code)
        return found.uscc if found else code

    def _acceptable(self, document: IntakeDocument, table: BillTable) -> bool:
        if document.values is None or document.faults:
            title = table.title(document.values) if document.values else ""
            self.faults += [DocumentFault(document.position, title, fault) for fault in document.faults]
            return False
        faults = self._party_faults(document.values)
        self.faults += [DocumentFault(document.position, table.title(document.values), fault) for fault in faults]
        return not faults

    def _party_faults(self, values: Values) -> list[Fault]:
        kind, flow = self.batch.kind, self.batch.flow
        faults = []
        if not may_send(kind, flow, values, self.sender.roles, self._is_sender):
            faults.append(Fault("", "sender_not_entitled", {"sender": self.sender.name}))
        if kind in (BillKind.ORDER, BillKind.LINK) or (kind == BillKind.PAYMENT and flow == "E"):
            code = text(values, "merchant_code")
            merchant = self.parties.find(code)
            if merchant is None or not merchant.active or "merchant" not in merchant.roles:
                faults.append(Fault("/merchant_code", "party_not_registered", {"code": code}))
        return faults

    def _is_sender(self, code: str) -> bool:
        return bool(code) and self._canonical(code) == self.sender.uscc

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

    def _place(self, table: BillTable, document: IntakeDocument, keys: Keys, known: dict[int, tuple[Known, int | None]]) -> None:
        values = self._values(document)
        previous, belonged = known.get(keys.own, (None, None))
        app_type, app_time = int(str(values["app_type"])), str(values["app_time"])
        content = content_digest(values)
        step = next_step(previous, app_type, app_time, content, table.reusable)
        if step == Step.REPLAY:
            self.replayed += 1
            return
        if step != Step.STORE:
            self._refuse(table, document, keys, step)
            return
        version = previous.version + 1 if previous else 1
        belongs = keys.order_no if self.batch.kind == BillKind.WAYBILL else keys.order
        known[keys.own] = (Known(version, app_type, app_time, content), belongs)
        if belonged is not None and belonged != belongs:
            self.left.append(belonged)
        own = table.row(self.batch.flow, values, keys, self._canonical, self.vault)
        if self.batch.kind != BillKind.LINK:
            own = (text(values, "guid"), *self._owner(values), *own)
        common = (
            keys.own,
            version,
            self.batch.flow,
            app_type,
            app_time,
            self.batch_id,
            document.position,
            self.sender.id,
            content,
        )
        self.rows.append((*common, *own))
        self.stored.append((document, keys))

    def _owner(self, values: Values) -> tuple[UUID, ...]:
        if self.batch.kind != BillKind.ORDER:
            return ()
        merchant = self.parties.find(text(values, "merchant_code"))
        return (merchant.id,) if merchant else ()

    def _refuse(self, table: BillTable, document: IntakeDocument, keys: Keys, step: Step) -> None:
        values = self._values(document)
        fault = Fault("", step.value, {"number": table.title(values), "app_time": str(values["app_time"])})
        self.faults.append(DocumentFault(document.position, table.title(values), fault))
        if step == Step.LOCKED and keys.order is not None:
            self.uow.publish(LateCorrection(keys.order, text(values, "order_no"), self.batch.kind, self.at, self.sender.id))

    def _write_batch(self) -> None:
        batch, rejected = self.batch, len({fault.position for fault in self.faults})
        row = (
            self.batch_id, self.sender.id, self.actor, batch.source, batch.kind.value, batch.flow, batch.message_type,
            batch.message_guid, self.at, len(batch.documents), len(batch.documents) - rejected, self.replayed, rejected,
            batch.signed, self.vault.seal_bytes(batch.raw), hashlib.sha256(batch.raw).digest(),
        )  # fmt: skip
        columns = (
            "id", "submitter_id", "actor", "source", "kind", "flow", "message_type", "message_guid", "received_at", "documents",
            "accepted", "replayed", "rejected", "signed", "raw", "raw_sha256",
        )  # fmt: skip
        copy_rows(self.uow.connection, "intake_batch", columns, [row], _BATCH_TYPES)
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
        whole = self.batch.forwardable and len(self.stored) == len(self.batch.documents)
        positions = None if whole else [document.node for document, _ in self.stored]
        enqueue_batch(self.uow, self.batch.message_type, self._stated_code(), self.batch_id, positions, self.at)

    def _stated_code(self) -> str:
        """The sender by the code its documents name it with: customs compares the two letter by letter."""
        values = self._values(self.stored[0][0])
        stated = (text(values, name) for name, _ in SENDERS[self.batch.kind, self.batch.flow])
        return next((code for code in stated if self._is_sender(code)), self.sender.uscc)

    def _tell(self) -> None:
        keys = [keys for _, keys in self.stored]
        orders = {key.order for key in keys if key.order is not None}
        # an import order changes which waybills of its bare number are unambiguous
        numbers = {key.order_no for key in keys if key.order_no is not None and self.batch.flow == "I"}
        waybills = {key.waybill for key in keys if key.waybill is not None}
        (numbers if self.batch.kind == BillKind.WAYBILL else orders).update(self.left)  # where a changed bill was before
        self.uow.publish(BillsTakenIn(self.batch_id, self.at, tuple(orders), tuple(numbers), tuple(waybills)))
