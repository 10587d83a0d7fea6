"""Taking receipts in: store each once, fold them into states, park what nobody knows; acknowledge only after the commit."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import repeat
from uuid import UUID

from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from ccezone.clearance.ports import IncomingMessage, Receipt, ReceiptLot, ReceiptReader, SingleWindow
from ccezone.clearance.service.applying import follow_applications
from ccezone.clearance.service.lots import StoredReceipt, settle_lots
from ccezone.clearance.service.resolving import TAX_BILLS, Resolved, resolve
from ccezone.clearance.tables import ReceiptRow
from ccezone.declarations.rules.lifecycle import Mark
from ccezone.declarations.service import CancellationAnswer, ListAnswer, apply_answers, apply_cancellations
from ccezone.kernel.clock import Clock
from ccezone.kernel.ids import key8, uuidv7
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import fetch, microseconds, numbers, run, text_array
from ccezone.storage.packing import PackedTable

_RECEIPTS = PackedTable(ReceiptRow.__table__)  # type: ignore[attr-defined]  # every table of SQLModel has one
_STORE_UNKNOWN = """
INSERT INTO receipt (kind, subject, digest, submission, code, returned_at, received_at, info)
SELECT kind, subject, digest, submission, code, timestamptz 'epoch' + returned_at * interval '1 microsecond', %(at)s, info
FROM unnest(%(kinds)s::smallint[], %(subjects)s::bigint[], %(digests)s::bigint[], %(submissions)s::smallint[], %(codes)s::int[],
    %(times)s::bigint[], %(infos)s::text[]) AS r (kind, subject, digest, submission, code, returned_at, info)
ON CONFLICT DO NOTHING
"""
_PARK = """
INSERT INTO parked_receipt (digest, message_type, guid, code, returned_at, info, keys, content, received_at, tries, next_try_at)
VALUES (%(digest)s, %(type)s, %(guid)s, %(code)s, %(returned_at)s, %(info)s, %(keys)s, %(content)s, %(at)s, 0, %(next)s)
ON CONFLICT (digest) DO NOTHING
"""
# Only CEB816 tells amounts, only the latest of CEB816 and CEB818 the status, and either may come first.
_TAX_BILL = """
INSERT INTO tax_bill (tax_no, list_no, customs_tax, value_added_tax, consumption_tax, status, returned_at, received_at)
VALUES (%(tax_no)s, %(list_no)s, %(customs_tax)s, %(value_added_tax)s, %(consumption_tax)s, %(status)s, %(returned_at)s, %(at)s)
ON CONFLICT (tax_no) DO UPDATE SET
    customs_tax = greatest(tax_bill.customs_tax, excluded.customs_tax),
    value_added_tax = greatest(tax_bill.value_added_tax, excluded.value_added_tax),
    consumption_tax = greatest(tax_bill.consumption_tax, excluded.consumption_tax),
    status = CASE WHEN (excluded.returned_at, excluded.status) > (tax_bill.returned_at, tax_bill.status)
        THEN excluded.status ELSE tax_bill.status END,
    returned_at = greatest(tax_bill.returned_at, excluded.returned_at), received_at = excluded.received_at
"""
# A mailbox gives a message again when its acknowledgement was lost.
_KEEP = """
INSERT INTO unreadable_message (id, mailbox_id, message_type, body, error, received_at)
SELECT %(id)s, %(mailbox)s::text, %(type)s, %(body)s::bytea, %(error)s, %(at)s
WHERE NOT EXISTS (SELECT FROM unreadable_message WHERE mailbox_id = %(mailbox)s::text AND body = %(body)s::bytea)
"""
_EARLIER = """
SELECT submission, code, returned_at FROM receipt
WHERE subject = %(id)s AND kind IN (604, 622, 900) AND submission BETWEEN 1 AND %(submission)s
"""
_DUE = """
DELETE FROM parked_receipt WHERE digest IN (
    SELECT digest FROM parked_receipt WHERE next_try_at <= %(at)s ORDER BY next_try_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING message_type, guid, code, returned_at, info, keys, content, received_at, tries
"""
_PARK_AGAIN = """
INSERT INTO parked_receipt (digest, message_type, guid, code, returned_at, info, keys, content, received_at, tries, next_try_at)
VALUES (%(digest)s, %(type)s, %(guid)s, %(code)s, %(returned_at)s, %(info)s, %(keys)s, %(content)s,
    %(received)s, %(tries)s, %(next)s)
ON CONFLICT (digest) DO NOTHING
"""


def receive(database: Database, window: SingleWindow, reader: ReceiptReader, clock: Clock, limit: int, wait: float) -> int:
    """Take up to ``limit`` messages from the mailbox, waiting up to ``wait`` seconds; return how many there were."""
    messages = window.collect(limit, wait)
    if not messages:
        return 0
    lots, receipts, unreadable = _read(reader, messages)
    with database.begin() as uow:
        take_receipts(uow, receipts, clock.now(), lots)
        _keep_unreadable(uow, unreadable, clock.now())
    window.acknowledge([message.mailbox_id for message in messages])
    return len(messages)


def _read(
    reader: ReceiptReader, messages: Sequence[IncomingMessage]
) -> tuple[list[ReceiptLot], list[Receipt], list[tuple[IncomingMessage, str]]]:
    lots: list[ReceiptLot] = []
    receipts: list[Receipt] = []
    unreadable = []
    for message in messages:
        try:
            lot = reader.lot(message.body)
            if lot is None:
                receipts += reader.read(message.body)
            else:
                lots.append(lot)
        except ValueError as error:
            unreadable.append((message, str(error)))
    return lots, receipts, unreadable


def take_receipts(uow: UnitOfWork, receipts: Sequence[Receipt], at: datetime, lots: Sequence[ReceiptLot] = ()) -> list[Receipt]:
    """Store and apply receipts and lots of them; park and return those whose document is unknown."""
    for receipt in receipts:
        if receipt.message_type in TAX_BILLS:
            _store_tax_bill(uow, receipt, at)
    unknown = _apply(uow, receipts, at, lots)
    for receipt in unknown:
        _park(uow, receipt, at)
    return unknown


def _earlier(uow: UnitOfWork, declaration_id: int, submission: int) -> Sequence[tuple[int, Mark]]:
    """Tell what customs answered a list up to a submission."""
    rows = fetch(uow.connection, _EARLIER, {"id": declaration_id, "submission": submission})
    return [(row[0], Mark(row[1], row[2])) for row in rows]


def _answer(item: Resolved) -> ListAnswer:
    keys = item.receipt.keys
    return ListAnswer(item.subject, item.submission, _mark(item), keys.get("eport_no", ""), keys.get("list_no", ""))


def _mark(item: Resolved) -> Mark:
    return Mark(item.receipt.code, item.receipt.returned_at)


def receipt_digest(receipt: Receipt) -> int:
    """Digest what makes two deliveries the same receipt."""
    return key8(receipt.message_type, receipt.guid, f"{receipt.code} {microseconds(receipt.returned_at)}", receipt.info)


def _store(uow: UnitOfWork, rows: Iterable[StoredReceipt], at: datetime) -> None:
    """Store each receipt once. All are taken for new at first; the primary key objects to those that are not."""
    ordered = sorted(set(rows))  # neighbours in the index are written together
    *columns, infos = zip(*ordered, strict=True)
    try:
        with uow.connection.begin_nested():
            _RECEIPTS.copy(uow.connection, [*columns, repeat(microseconds(at))], infos)
    except UniqueViolation:
        _store_unknown(uow, columns, infos, at)


def _store_unknown(uow: UnitOfWork, columns: Sequence[Sequence[int]], infos: Sequence[str], at: datetime) -> None:
    names = ("kinds", "subjects", "digests", "submissions", "codes", "times")
    values = {name: numbers(column) for name, column in zip(names, columns, strict=True)}
    run(uow.connection, _STORE_UNKNOWN, {"at": at, **values, "infos": text_array(infos)})


def _row(receipt: Receipt, subject: int, submission: int, _cancellation: str, answer: int, _application: bool) -> StoredReceipt:
    kind, at = answer or int(receipt.message_type[3:6]), microseconds(receipt.returned_at)
    return kind, subject, receipt_digest(receipt), submission, receipt.code, at, receipt.info


def _park(uow: UnitOfWork, receipt: Receipt, at: datetime) -> None:
    run(uow.connection, _PARK, {**_parked_values(receipt), "at": at, "next": at + timedelta(seconds=5)})


def _parked_values(receipt: Receipt) -> dict[str, object]:
    return {
        "digest": key8(str(receipt_digest(receipt)), *sorted(f"{name}={value}" for name, value in receipt.keys.items())),
        "type": receipt.message_type,
        "guid": receipt.guid,
        "code": receipt.code,
        "returned_at": receipt.returned_at,
        "info": receipt.info,
        "keys": Jsonb(dict(receipt.keys)),
        "content": Jsonb({name: value if name == "lines" else str(value) for name, value in receipt.content.items()}),
    }


def _store_tax_bill(uow: UnitOfWork, receipt: Receipt, at: datetime) -> None:
    amounts = {name: receipt.content.get(name) or 0 for name in ("customs_tax", "value_added_tax", "consumption_tax")}
    values = {"tax_no": receipt.content.get("tax_no", ""), "list_no": receipt.keys.get("list_no", ""), "status": receipt.code}
    run(uow.connection, _TAX_BILL, {**values, **amounts, "returned_at": receipt.returned_at, "at": at})


def _keep_unreadable(uow: UnitOfWork, unreadable: Sequence[tuple[IncomingMessage, str]], at: datetime) -> None:
    for message, error in unreadable:
        values = {"mailbox": message.mailbox_id, "type": message.message_type, "body": message.body, "error": error, "at": at}
        run(uow.connection, _KEEP, {"id": uuidv7(), **values})


def retry_parked(database: Database, clock: Clock, limit: int = 500) -> int:
    """Try parked receipts that are due again, ever less often; return how many found their document."""
    with database.begin() as uow:
        now = clock.now()
        rows = fetch(uow.connection, _DUE, {"at": now, "limit": limit})
        if not rows:
            return 0
        parked = {id(receipt): (receipt, row) for row in rows if (receipt := Receipt(*row[:7]))}
        still = _apply(uow, [receipt for receipt, _ in parked.values()], now)
        for receipt in still:
            _, row = parked[id(receipt)]
            tries = row[8] + 1
            wait = timedelta(seconds=min(3600, 5 * 2 ** min(tries, 12)))
            run(uow.connection, _PARK_AGAIN, {**_parked_values(receipt), "received": row[7], "tries": tries, "next": now + wait})
        return len(rows) - len(still)


def _apply(uow: UnitOfWork, receipts: Sequence[Receipt], at: datetime, lots: Sequence[ReceiptLot] = ()) -> list[Receipt]:
    found, unknown = resolve(uow, receipts)
    settled = settle_lots(uow, lots)
    rows = [*settled.rows, *(_row(*item) for item in found)]
    if rows:
        _store(uow, rows, at)
    answers = [*settled.answers, *(_answer(item) for item in found if item.submission and _of_list(item))]
    apply_answers(uow, answers, at, _earlier)
    marks = [CancellationAnswer(UUID(item.cancellation), _mark(item)) for item in found if item.cancellation]
    apply_cancellations(uow, marks, at)
    follow_applications(uow, [item for item in found if item.application], at)
    return [*unknown, *settled.unknown]


def _of_list(item: Resolved) -> bool:
    return not item.cancellation and not item.application
