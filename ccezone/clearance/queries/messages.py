"""Messages: what was sent or waits, what the single window refused, what came and could not be read; raw bodies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection

from ccezone.clearance.queries.numbers import find_number
from ccezone.declarations.queries import Scope
from ccezone.kernel.ids import key8
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

Standing = Literal["", "waiting", "sent", "refused"]
_STANDINGS: dict[str, str] = {
    "": "true",
    "waiting": "m.sent_at IS NULL AND m.refused_code IS NULL",
    "sent": "m.sent_at IS NOT NULL",
    "refused": "m.refused_code IS NOT NULL AND m.sent_at IS NULL",
}
_SELECT = """
SELECT m.id, m.message_type, m.transmitter_code, m.batch_id, m.documents, m.created_at, m.next_attempt_at, m.attempts, m.last_error,
    m.sent_at, m.refused_code, m.refused_text
FROM outgoing_message m
"""
_COUNTS = """
SELECT count(*) FILTER (WHERE refused_code IS NULL), count(refused_code) FROM outgoing_message WHERE sent_at IS NULL
"""
_CARRYING = """
SELECT c.message_id FROM submission u JOIN submission_message c ON c.submission_id = u.id
WHERE u.declaration_id = ANY(%(lists)s::bigint[]) OR u.id = %(id)s::uuid
UNION SELECT id FROM outgoing_message WHERE id = %(id)s::uuid OR batch_id = ANY(%(batches)s::uuid[]) OR batch_id = %(id)s::uuid
"""
_BATCHES = """
SELECT batch_id FROM order_version WHERE order_key = ANY(%(orders)s::bigint[])
UNION SELECT batch_id FROM payment_version WHERE payment_key = ANY(%(payments)s::bigint[])
UNION SELECT batch_id FROM waybill_version WHERE waybill_key = ANY(%(waybills)s::bigint[])
"""
_BODY = """
SELECT coalesce(m.body, b.raw) FROM outgoing_message m LEFT JOIN intake_batch b ON b.id = m.batch_id AND m.body IS NULL
WHERE m.id = %(id)s
"""
_SUBMISSION = """
SELECT u.id, m.id, m.message_type, m.body
FROM declaration_list d
JOIN submission u ON u.declaration_id = d.id AND u.number = %(number)s
JOIN submission_message c ON c.submission_id = u.id
JOIN outgoing_message m ON m.id = c.message_id
WHERE d.id = %(id)s AND """
_UNREADABLE = """
SELECT id, mailbox_id, message_type, length(body), error, received_at FROM unreadable_message
WHERE %(after)s::uuid IS NULL OR id < %(after)s ORDER BY id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages: how they stand, and any number of theirs or of a document in them."""

    standing: Standing = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A packed message. ``id`` is its transport id (CopMsgId); with a batch it is a partner's own message as it came."""

    id: UUID
    message_type: str
    transmitter_code: str
    batch_id: UUID | None
    documents: int
    created_at: datetime
    next_attempt_at: datetime
    attempts: int
    last_error: str
    sent_at: datetime | None
    refused_code: str | None
    refused_text: str | None

    @property
    def standing(self) -> Standing:
        """How it stands: waiting, sent or refused."""
        return "sent" if self.sent_at else "refused" if self.refused_code else "waiting"

    @property
    def subject(self) -> int:
        """The subject its schema-check answers (CEB900) are stored under."""
        return key8("M", str(self.id))


@dataclass(frozen=True, slots=True)
class SentDocument:
    """A submission's message as it was packed; ``guid`` finds the submission's own document in it."""

    guid: UUID
    message_id: UUID
    message_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A message of the mailbox that could not be read."""

    id: UUID
    mailbox_id: str
    message_type: str
    size: int
    error: str
    received_at: datetime


def search_messages(
    connection: Connection, wanted: MessageFilter, after: UUID | None = None, limit: int = 50
) -> Sequence[MessageRow]:
    """Return messages, the latest first, after a cursor."""
    condition, values = _STANDINGS[wanted.standing], {"after": after, "limit": limit}
    if wanted.text:
        condition += " AND m.id = ANY(%(ids)s::uuid[])"
    older = " AND m.id < %(after)s" if after else ""
    ids = _carrying(connection, wanted.text) if wanted.text else []
    statement = f"{_SELECT} WHERE {condition}{older} ORDER BY m.id DESC LIMIT %(limit)s"
    return [MessageRow(*row) for row in fetch(connection, statement, {**values, "ids": ids})]


def message_counts(connection: Connection) -> dict[str, int]:
    """Count the messages that wait, and those that were refused for good."""
    waiting, refused = fetch(connection, _COUNTS)[0]
    return {"waiting": waiting, "refused": refused}


def message_row(connection: Connection, message_id: UUID) -> MessageRow | None:
    """Return one message without its body."""
    found = fetch(connection, f"{_SELECT} WHERE m.id = %(id)s", {"id": message_id})
    return MessageRow(*found[0]) if found else None


def lists_carried(connection: Connection, message_id: UUID) -> list[tuple[int, str, int]]:
    """Return the lists a message carries: id, enterprise number, submission number."""
    statement = """
        SELECT d.id, d.cop_no, u.number FROM submission_message c JOIN submission u ON u.id = c.submission_id
        JOIN declaration_list d ON d.id = u.declaration_id WHERE c.message_id = %(id)s ORDER BY u.id
    """
    return [(row[0], row[1], row[2]) for row in fetch(connection, statement, {"id": message_id})]


def message_body(connection: Connection, vault: PersonalVault, message_id: UUID) -> bytes | None:
    """Return a message's official body, opened. The caller has the right to personal data and records the reading."""
    found = fetch(connection, _BODY, {"id": message_id})
    return vault.open_bytes(found[0][0]) if found and found[0][0] else None


def submission_body(
    connection: Connection, vault: PersonalVault, scope: Scope, declaration_id: int, number: int
) -> SentDocument | None:
    """Return the message that carried a submission of a list in view, opened.

    It may carry other firms' lists too: show only the document whose guid this is.
    """
    values = {**scope.values, "id": declaration_id, "number": number}
    found = fetch(connection, _SUBMISSION + scope.condition, values)
    if not found or found[0][3] is None:
        return None
    guid, message_id, message_type, sealed = found[0]
    return SentDocument(guid, message_id, message_type, vault.open_bytes(sealed))


def unreadable_messages(connection: Connection, after: UUID | None = None, limit: int = 50) -> Sequence[UnreadableRow]:
    """Return the mailbox's unreadable messages, the latest first."""
    return [UnreadableRow(*row) for row in fetch(connection, _UNREADABLE, {"after": after, "limit": limit})]


def unreadable_body(connection: Connection, message_id: UUID) -> bytes | None:
    """Return an unreadable message as it came."""
    found = fetch(connection, "SELECT body FROM unreadable_message WHERE id = %(id)s", {"id": message_id})
    return bytes(found[0][0]) if found else None


def _carrying(connection: Connection, text: str) -> list[UUID]:
    hits = find_number(connection, text)
    keys: dict[str, list[int]] = {
        kind: [int(hit.key) for hit in hits if hit.kind == kind] for kind in ("list", "order", "payment", "waybill")
    }
    of_bills = {"orders": keys["order"], "payments": keys["payment"], "waybills": keys["waybill"]}
    batches = [row[0] for row in fetch(connection, _BATCHES, of_bills)]
    values = {"id": as_uuid(text), "lists": keys["list"], "batches": batches}
    return [row[0] for row in fetch(connection, _CARRYING, values)]


def as_uuid(text: str) -> UUID | None:
    """Return the id a text spells, if it spells one."""
    try:
        return UUID(text)
    except ValueError:
        return None
