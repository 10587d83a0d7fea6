"""Packing the outbox into messages: a partner's own message as it came, the hub's documents up to 100 together.

Packing and sending are two transactions, so that whatever dies between them, the same bytes with the same message id are
sent again and the counterparty can tell.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ccezone.clearance.ports import MessageWriter, Transmitter
from ccezone.declarations.rules.applications import APPLICATIONS
from ccezone.declarations.rules.modes import CANCELLATIONS
from ccezone.declarations.service import ListMove, ListsMoved, unfile
from ccezone.enterprises.queries import Directory, directory
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Refused
from ccezone.kernel.ids import uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import Row, copy_rows, fetch, run
from ccezone.storage.personal import PersonalVault

PACK = 100  # documents a message may hold, CEB edition 202205
_CLAIM = """
DELETE FROM outbox_item WHERE id IN (
    SELECT id FROM outbox_item WHERE available_at <= %(at)s ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id, message_type, transmitter_code, batch_id, positions, submission_ids
"""
_SUBMISSIONS = """
SELECT u.id, u.document, s.id, d.merchant_id, s.eport_no, s.list_no FROM submission u
JOIN declaration_state s ON s.id = u.declaration_id AND s.submission = u.number AND s.state = 'queued'
JOIN declaration_list d ON d.id = u.declaration_id
WHERE u.id = ANY(%(ids)s)
ORDER BY u.id FOR UPDATE OF s
"""
_CANCELLATIONS = """
SELECT id, document FROM cancellation WHERE id = ANY(%(ids)s) AND state = 'queued' ORDER BY id FOR UPDATE
"""
_FILINGS = """
SELECT f.id, f.document FROM application_filing f
JOIN customs_application a ON a.id = f.application_id AND a.submission = f.number AND a.state = 'queued'
WHERE f.id = ANY(%(ids)s) ORDER BY f.id FOR UPDATE OF a
"""
_APPLIED = (
    "UPDATE cancellation SET state = 'sent' WHERE id = ANY(%(ids)s)",
    """UPDATE customs_application a SET state = 'sent', updated_at = %(at)s FROM application_filing f
    WHERE f.id = ANY(%(ids)s) AND a.id = f.application_id""",
)
_SENT = "UPDATE declaration_state SET state = 'sent', updated_at = %(at)s WHERE id = ANY(%(ids)s)"
_RAW = "SELECT id, raw, documents FROM intake_batch WHERE id = ANY(%(ids)s)"
_COLUMNS = (
    "id", "message_type", "transmitter_code", "batch_id", "body", "documents", "created_at", "next_attempt_at", "attempts",
    "last_error",
)  # fmt: skip
_TYPES = ("uuid", "text", "text", "uuid", "bytea", "int4", "timestamptz", "timestamptz", "int4", "text")
_CANCELLING = frozenset(CANCELLATIONS.values())
_Groups = dict[tuple[str, str], list[tuple[UUID, bytes]]]


@dataclass
class _Packing:
    """One call: what was claimed, and the messages made of it."""

    uow: UnitOfWork
    vault: PersonalVault
    writer: MessageWriter
    parties: Directory
    at: datetime
    messages: list[Row] = field(default_factory=list)
    carried: list[Row] = field(default_factory=list)
    listed: list[ListMove] = field(default_factory=list)
    applied: list[UUID] = field(default_factory=list)

    def pack_batches(self, items: Sequence[tuple[Any, ...]]) -> None:
        """Queue whole batches as they came; cut the good documents out of the others."""
        batches = {row[0]: row for row in fetch(self.uow.connection, _RAW, {"ids": [item[3] for item in items]}, binary=True)}
        for _, message_type, transmitter, batch_id, positions, _ in items:
            _, raw, documents = batches[batch_id]
            if positions is None:
                self._add(uuidv7(), message_type, transmitter, batch_id, None, documents)
                continue
            fragments = self.writer.pick(message_type, self.vault.open_bytes(raw), positions)
            for start in range(0, len(fragments), PACK):
                self._pack(message_type, transmitter, fragments[start : start + PACK], batch_id)

    def pack_submissions(self, items: Sequence[tuple[Any, ...]]) -> None:
        """Pack lists that are still queued (a list held meanwhile stays), grouped by type and transmitter."""
        kinds = {guid: (item[1], item[2]) for item in items for guid in item[5]}
        groups: _Groups = defaultdict(list)
        for guid, document, declaration_id, merchant, *numbers in fetch(
            self.uow.connection, _SUBMISSIONS, {"ids": list(kinds)}, binary=True
        ):
            message_type, _ = kinds[guid]
            values = orjson.loads(self.vault.open_bytes(document))
            try:
                fragment = self.writer.fragment(message_type, values)
            except Refused as unwritable:  # one list that fits no message must not stop all others
                unfile(self.uow, declaration_id, unwritable.faults, self.at)
                continue
            groups[kinds[guid]].append((guid, fragment))
            self.listed.append(ListMove(declaration_id, merchant, "queued", "sent", *numbers))
        self._pack_groups(groups)

    def pack_applications(self, items: Sequence[tuple[Any, ...]], statement: str) -> None:
        """Pack applications about lists, which were judged when they were made."""
        kinds = {guid: (item[1], item[2]) for item in items for guid in item[5]}
        groups: _Groups = defaultdict(list)
        for guid, document in fetch(self.uow.connection, statement, {"ids": list(kinds)}, binary=True):
            values = orjson.loads(self.vault.open_bytes(document))
            groups[kinds[guid]].append((guid, self.writer.fragment(kinds[guid][0], values)))
            self.applied.append(guid)
        self._pack_groups(groups)

    def _pack_groups(self, groups: _Groups) -> None:
        for (message_type, transmitter), documents in groups.items():
            for start in range(0, len(documents), PACK):
                part = documents[start : start + PACK]
                message_id = self._pack(message_type, transmitter, [fragment for _, fragment in part], None)
                self.carried += [(guid, message_id) for guid, _ in part]

    def _pack(self, message_type: str, code: str, fragments: Sequence[bytes], batch_id: UUID | None) -> UUID:
        message_id = uuidv7()
        body = self.writer.pack(message_type, fragments, self._transmitter(code), message_id)
        self._add(message_id, message_type, code, batch_id, self.vault.seal_bytes(body), len(fragments))
        return message_id

    def _transmitter(self, code: str) -> Transmitter:
        found = self.parties.find(code)
        return Transmitter(code, found.name if found else code, (found.dxp_id if found else None) or "DXPENT0000000000")

    def _add(self, message_id: UUID, kind: str, code: str, batch: UUID | None, body: bytes | None, documents: int) -> None:
        self.messages.append((message_id, kind, code, batch, body, documents, self.at, self.at, 0, ""))

    def store(self) -> None:
        """Write the messages, and which list travels in which."""
        if self.messages:
            copy_rows(self.uow.connection, "outgoing_message", _COLUMNS, self.messages, _TYPES)
        if self.carried:
            copy_rows(self.uow.connection, "submission_message", ("submission_id", "message_id"), self.carried)
        if self.listed:
            run(self.uow.connection, _SENT, {"ids": [move.id for move in self.listed], "at": self.at})
            self.uow.publish(ListsMoved(self.at, self.listed))
        if self.applied:
            for statement in _APPLIED:
                run(self.uow.connection, statement, {"ids": self.applied, "at": self.at})


def pack_outbox(database: Database, vault: PersonalVault, writer: MessageWriter, clock: Clock, limit: int = 100) -> int:
    """Pack up to ``limit`` outbox items into messages; return how many items that were."""
    with database.begin() as uow:
        now = clock.now()
        claimed = fetch(uow.connection, _CLAIM, {"at": now, "limit": limit})
        if not claimed:
            return 0
        packing = _Packing(uow, vault, writer, directory(uow.connection), now)
        claimed.sort(key=lambda item: int(item[0]))
        batches = [item for item in claimed if item[3] is not None]
        if batches:
            packing.pack_batches(batches)
        submissions = [item for item in claimed if item[3] is None and item[1] not in _CANCELLING | APPLICATIONS]
        if submissions:
            packing.pack_submissions(submissions)
        cancellations = [item for item in claimed if item[1] in _CANCELLING]
        if cancellations:
            packing.pack_applications(cancellations, _CANCELLATIONS)
        applications = [item for item in claimed if item[3] is None and item[1] in APPLICATIONS]
        if applications:
            packing.pack_applications(applications, _FILINGS)
        packing.store()
        return len(claimed)
