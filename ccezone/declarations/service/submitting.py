"""Filing lists: seal exactly what is filed, count it in the buyer's year, and put it into the outbox."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from ccezone.declarations.rules.lifecycle import may_submit
from ccezone.declarations.service.news import ListMove, ListsMoved
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.import_tax.rules import QuotaEntry, QuotaKind
from ccezone.import_tax.service import give_back, record_quota
from ccezone.kernel.clock import SHANGHAI, Clock, FixedClock, wire_time
from ccezone.kernel.errors import Fault, NotFound, Refused
from ccezone.kernel.ids import uuidv7
from ccezone.outbox.service import enqueue_submissions, record_event
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import copy_rows, fetch, run
from ccezone.storage.personal import PersonalVault

_QUEUED = """
UPDATE declaration_state SET state = 'queued', submission = f.number, code = NULL, returned_at = NULL, missing = '[]',
    updated_at = %(at)s
FROM unnest(%(ids)s::bigint[], %(numbers)s::smallint[]) AS f (id, number)
WHERE declaration_state.id = f.id
"""
FILEABLE = """
EXISTS (SELECT FROM order_match m WHERE m.order_key = d.order_key AND m.fileable
    AND m.waybills @> jsonb_build_array(jsonb_build_object('waybill', d.waybill_key::text)))
"""
"""Whether the bills of a list ``d`` agree, and still name its parcel."""
_ONE = f"""
SELECT d.id, (SELECT coalesce(max(u.number), 0) FROM submission u WHERE u.declaration_id = d.id), d.message_type,
    d.transmitter_code, d.content, d.personal, d.buyer_digest, d.tax, s.state,
    {FILEABLE}, d.merchant_id, s.eport_no, s.list_no
FROM declaration_list d JOIN declaration_state s ON s.id = d.id
WHERE d.id = %(id)s AND (%(merchant)s::uuid IS NULL OR d.merchant_id = %(merchant)s)
FOR UPDATE OF s
"""  # noqa: S608  # our own words
_DECLARED_BY = "UPDATE declaration_list SET content = content || %(named)s, transmitter_code = %(code)s WHERE id = %(id)s"
_UNFILED = """
UPDATE declaration_state s SET state = 'incomplete', missing = %(missing)s, updated_at = %(at)s
FROM declaration_list d WHERE s.id = %(id)s AND d.id = s.id
RETURNING s.submission, d.buyer_digest, d.merchant_id, s.eport_no, s.list_no
"""
NEW, CHANGE = 1, 2


@dataclass(frozen=True, slots=True)
class NewFiling:
    """A list about to be filed as submission ``number``; an import counts ``dutiable_price`` in the buyer's year."""

    declaration_id: int
    number: int
    message_type: str
    transmitter: str
    head: Mapping[str, str]
    lines: Sequence[Mapping[str, str]]
    buyer_digest: int | None
    dutiable_price: Decimal
    app_type: int = NEW


def file_lists(uow: UnitOfWork, vault: PersonalVault, filings: Sequence[NewFiling], at: datetime, actor: str) -> None:
    """File lists whose state says queued: store each submission as it is filed, queue them for packing. One transaction."""
    if not filings:
        return
    by_transmitter: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    rows, told = [], wire_time(at)
    for filing in filings:
        guid = uuidv7()
        by_transmitter[filing.message_type, filing.transmitter].append(guid)
        sealed = vault.seal_bytes(_document(filing, guid, told))
        rows.append((guid, filing.declaration_id, filing.number, filing.app_type, sealed, at, actor))
    columns = ("id", "declaration_id", "number", "app_type", "document", "created_at", "actor")
    copy_rows(uow.connection, "submission", columns, rows, ("uuid", "int8", "int2", "int2", "bytea", "timestamptz", "text"))
    for (message_type, transmitter), guids in by_transmitter.items():
        enqueue_submissions(uow, message_type, transmitter, guids, at)
    record_quota(uow, FixedClock(at), [entry for filing in filings if (entry := _quota(filing, at))])


def mark_queued(uow: UnitOfWork, filings: Sequence[NewFiling], at: datetime) -> None:
    """Say of lists that are there already that they were filed and wait to be sent."""
    if filings:
        numbers = [filing.number for filing in filings]
        run(uow.connection, _QUEUED, {"ids": [filing.declaration_id for filing in filings], "numbers": numbers, "at": at})


def _document(filing: NewFiling, guid: UUID, told: str) -> bytes:
    """The document as domain values; the adapter will spell it as an official message."""
    document = {
        "guid": str(guid).upper(),
        "app_type": str(filing.app_type),
        "app_time": told,
        "app_status": "2",
        **filing.head,
        "lines": filing.lines,
    }
    return orjson.dumps(document)


def _quota(filing: NewFiling, at: datetime) -> QuotaEntry | None:
    if filing.buyer_digest is None:
        return None
    year = at.astimezone(SHANGHAI).year
    return QuotaEntry(filing.buyer_digest, year, filing.declaration_id, filing.dutiable_price, QuotaKind.USE, filing.number)


def submit_list(
    database: Database,
    vault: PersonalVault,
    clock: Clock,
    declaration_id: int,
    merchant_id: UUID | None,
    actor: str,
    agent: EnterpriseView | None = None,
) -> None:
    """File one list by hand, for the first time or again after a rejection.

    ``merchant_id`` limits the call to that merchant's lists; an ``agent`` who files for the merchant is named on the list as
    declarant, the merchant stays its owner. Raises ``NotFound``, or ``Refused`` when its state forbids, its bills do not
    agree any more, or the merchant may not file.
    """
    with database.begin() as uow:
        found = fetch(uow.connection, _ONE, {"id": declaration_id, "merchant": merchant_id})
        if not found:
            raise NotFound(Fault("", "declaration_not_found", {"id": str(declaration_id)}))
        number, submission, message_type, transmitter, content, sealed, buyer, tax, state, fileable, merchant, *numbers = found[0]
        refuse_blocked(uow, merchant)
        if not may_submit(state):
            raise Refused(Fault("", "declaration_not_submittable", {"state": state}))
        if not fileable:
            raise Refused(Fault("", "bills_not_fileable"))
        now = clock.now()
        if agent is not None:
            content, transmitter = _declared_by(uow, declaration_id, content, agent)
        head = {name: value for name, value in content.items() if name != "lines"}
        head.update(vault.open(sealed) if sealed else {})
        price = Decimal(tax["dutiable_price"]) if tax else Decimal(0)
        filing = NewFiling(number, submission + 1, message_type, transmitter, head, content["lines"], buyer if tax else None, price)
        mark_queued(uow, [filing], now)
        file_lists(uow, vault, [filing], now, actor)
        record_event(uow, "list", declaration_id, now, "submitted_by_hand", actor)
        uow.publish(ListsMoved(now, [ListMove(number, merchant, state, "queued", *numbers)]))


def refuse_blocked(uow: UnitOfWork, merchant_id: UUID) -> None:
    """Raise ``Refused`` while nothing may be filed for this enterprise: a licence it needs has ended, or credit forbids it."""
    merchant = directory(uow.connection).by_id.get(merchant_id)
    if merchant is not None and merchant.filing_block:
        raise Refused(Fault("", "licence_blocks_filing", {"reason": merchant.filing_block}))
    if merchant is not None and merchant.credit_block:
        raise Refused(Fault("", "credit_blocks_filing", {"reason": merchant.credit_block}))


def _declared_by(
    uow: UnitOfWork, declaration_id: int, content: Mapping[str, Any], agent: EnterpriseView
) -> tuple[Mapping[str, Any], str]:
    """Name the agent on the list as its declarant; return what the list says now, and who transmits it."""
    code = agent.customs_code or agent.uscc
    named = {"agent_code": code, "agent_name": agent.name}
    run(uow.connection, _DECLARED_BY, {"id": declaration_id, "named": Jsonb(named), "code": code})
    return {**content, **named}, code


def unfile(uow: UnitOfWork, declaration_id: int, faults: Sequence[Fault], at: datetime) -> None:
    """Take a queued list back, because no official message can say what it says: a person must mend it first."""
    missing = [{"kind": "schema", "name": fault.code, "params": {"pointer": fault.pointer, **fault.params}} for fault in faults]
    values = {"id": declaration_id, "missing": Jsonb(missing), "at": at}
    ((submission, buyer, merchant, *numbers),) = fetch(uow.connection, _UNFILED, values)
    if buyer is not None:
        give_back(uow, [(buyer, declaration_id, submission)], at)
    record_event(uow, "list", declaration_id, at, "not_writable")
    uow.publish(ListsMoved(at, [ListMove(declaration_id, merchant, "queued", "incomplete", *numbers)]))
