"""Receipts as people read them: those of one document, tax bills of a list, and those nobody could place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection

from ccezone.storage.copying import fetch

_RECEIPTS = """
SELECT kind, subject, submission, code, returned_at, received_at, info FROM receipt
WHERE kind = ANY(%(kinds)s::smallint[]) AND subject = %(subject)s ORDER BY returned_at, code, digest
"""
_RELEASED = """
SELECT min(returned_at) FROM receipt WHERE kind IN (604, 622) AND subject = %(id)s AND code IN (800, 899)
"""
_TAX_BILLS = """
SELECT tax_no, list_no, customs_tax, value_added_tax, consumption_tax, status, returned_at, received_at FROM tax_bill
WHERE list_no = %(list_no)s ORDER BY returned_at, tax_no
"""
_PARKED = """
SELECT digest, message_type, guid, code, returned_at, info, keys, received_at, tries, next_try_at FROM parked_receipt
WHERE (%(text)s = '' OR guid = upper(%(text)s) OR EXISTS (SELECT FROM jsonb_each_text(keys) k WHERE k.value = %(text)s))
    AND (%(at)s::timestamptz IS NULL OR (received_at, digest) < (%(at)s, %(digest)s))
ORDER BY received_at DESC, digest DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One receipt. ``kind`` is the answering message's number (604), ``submission`` 0 for everything but lists."""

    kind: int
    subject: int
    submission: int
    code: int
    returned_at: datetime
    received_at: datetime
    info: str


@dataclass(frozen=True, slots=True)
class TaxBillView:
    """An electronic tax bill, amounts in yuan. ``status`` as in code list ``tax_status``."""

    tax_no: str
    list_no: str
    customs_tax: Decimal
    value_added_tax: Decimal
    consumption_tax: Decimal
    status: int
    returned_at: datetime
    received_at: datetime

    @property
    def total(self) -> Decimal:
        """All taxes together."""
        return self.customs_tax + self.value_added_tax + self.consumption_tax


@dataclass(frozen=True, slots=True)
class ParkedView:
    """A receipt whose document is unknown; the hub tries again at ``next_try_at``."""

    digest: int
    message_type: str
    guid: str
    code: int
    returned_at: datetime
    info: str
    keys: Mapping[str, str]
    received_at: datetime
    tries: int
    next_try_at: datetime

    @property
    def cursor(self) -> str:
        """Where a page that ends with this row goes on."""
        return f"{self.received_at.isoformat()}_{self.digest}"


def receipts_of(connection: Connection, kind: int, subject: int) -> Sequence[ReceiptView]:
    """Return the receipts of one kind (604, 622, 304 …) about a list's id or a bill's key, in customs' order of time."""
    rows = fetch(connection, _RECEIPTS, {"kinds": [kind], "subject": subject})
    return [ReceiptView(*row) for row in rows]


def receipts_of_kinds(connection: Connection, kinds: Sequence[int], subject: int) -> Sequence[ReceiptView]:
    """Return the receipts of several kinds about an application's number, in customs' order of time."""
    return [ReceiptView(*row) for row in fetch(connection, _RECEIPTS, {"kinds": list(kinds), "subject": subject})]


def released_at(connection: Connection, declaration_id: int) -> datetime | None:
    """Return when customs first released a list, by its own time."""
    return fetch(connection, _RELEASED, {"id": declaration_id})[0][0]  # type: ignore[no-any-return]  # rows of a driver


def list_receipts(connection: Connection, declaration_id: int) -> Sequence[ReceiptView]:
    """Return everything customs said about a list: of either flow, and the schema checks of its messages."""
    rows = fetch(connection, _RECEIPTS, {"kinds": [604, 622, 900], "subject": declaration_id})
    return [ReceiptView(*row) for row in rows]


def cancellation_receipts(connection: Connection, declaration_id: int) -> Sequence[ReceiptView]:
    """Return what customs said about the applications to cancel a list; ``submission`` is the application's number."""
    rows = fetch(connection, _RECEIPTS, {"kinds": [606, 624], "subject": declaration_id})
    return [ReceiptView(*row) for row in rows]


def tax_bills_of(connection: Connection, list_no: str | None) -> Sequence[TaxBillView]:
    """Return the tax bills of a list by its customs number."""
    return [TaxBillView(*row) for row in fetch(connection, _TAX_BILLS, {"list_no": list_no})] if list_no else []


def parked_receipts(connection: Connection, text: str = "", after: str = "", limit: int = 50) -> Sequence[ParkedView]:
    """Return parked receipts, the latest first; ``text`` is a guid or a number in them. Raises ``ValueError`` (bad cursor)."""
    at, _, digest = after.rpartition("_")
    values = {"at": datetime.fromisoformat(at) if after else None, "digest": int(digest) if after else 0}
    return [ParkedView(*row) for row in fetch(connection, _PARKED, {**values, "text": text, "limit": limit})]


def count_parked(connection: Connection) -> int:
    """Count the parked receipts."""
    return int(fetch(connection, "SELECT count(*) FROM parked_receipt")[0][0])


def count_unreadable(connection: Connection) -> int:
    """Count the messages of the mailbox nobody could read."""
    return int(fetch(connection, "SELECT count(*) FROM unreadable_message")[0][0])
