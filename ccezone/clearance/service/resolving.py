"""Finding the document a receipt speaks of: a submission by its guid, a bill by its business key, a message by its id."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from ccezone.bills.rules import order_key, payment_key, waybill_key
from ccezone.clearance.ports import Receipt
from ccezone.declarations.rules.applications import ANSWERS
from ccezone.enterprises.queries import Directory, directory
from ccezone.kernel.ids import key8
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import array, fetch

_SUBMISSIONS = "SELECT id::text, declaration_id, number FROM submission WHERE id = ANY(%(ids)s::uuid[])"
_CANCELLATIONS = "SELECT id::text, declaration_id, number FROM cancellation WHERE id = ANY(%(ids)s::uuid[])"
_GUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OF_MESSAGES = """
SELECT m.message_id, s.declaration_id, s.number FROM submission_message m JOIN submission s ON s.id = m.submission_id
WHERE m.message_id = ANY(%(ids)s::uuid[])
"""
_CANCELLED_BY = """
SELECT m.message_id, c.declaration_id, c.number, c.id::text, c.message_type FROM submission_message m
JOIN cancellation c ON c.id = m.submission_id WHERE m.message_id = ANY(%(ids)s::uuid[])
"""
_FILINGS = "SELECT id::text, application_id, number FROM application_filing WHERE id = ANY(%(ids)s::uuid[])"
_SUMMED_UP = """
SELECT a.customs_no, a.id, a.submission FROM customs_application a WHERE a.kind = 'summary' AND a.customs_no = ANY(%(numbers)s)
"""
_SUMMED_LISTS = """
SELECT l.list_no, a.id, a.submission FROM summary_list l JOIN customs_application a ON a.id = l.application_id
WHERE l.live AND l.list_no = ANY(%(numbers)s) AND a.submission > 0
"""
_FILED_BY = """
SELECT m.message_id, f.application_id, f.number, a.message_type FROM submission_message m
JOIN application_filing f ON f.id = m.submission_id JOIN customs_application a ON a.id = f.application_id
WHERE m.message_id = ANY(%(ids)s::uuid[])
"""
_MESSAGES = "SELECT id FROM outgoing_message WHERE id = ANY(%(ids)s::uuid[])"
_BILLS = {  # LIMIT keeps each look-up a look-up by key
    "order": "SELECT k FROM unnest(%(keys)s::bigint[]) k, LATERAL (SELECT FROM order_version WHERE order_key = k LIMIT 1) v",
    "payment": "SELECT k FROM unnest(%(keys)s::bigint[]) k, LATERAL (SELECT FROM payment_version WHERE payment_key = k LIMIT 1) v",
    "waybill": "SELECT k FROM unnest(%(keys)s::bigint[]) k, LATERAL (SELECT FROM waybill_version WHERE waybill_key = k LIMIT 1) v",
}
LIST_RECEIPTS = frozenset({"CEB604Message", "CEB622Message"})
CANCELLATION_RECEIPTS = frozenset({"CEB606Message", "CEB624Message"})
_ANSWER_TO = {"CEB605Message": 606, "CEB623Message": 624}
APPLICATION_RECEIPTS = frozenset({"CEB702Message", "CEB214Message", "CEB626Message"})
SUMMARY_RESULTS = frozenset({"CEB792Message"})
TAX_BILLS = frozenset({"CEB816Message", "CEB818Message"})
SCHEMA_CHECK = "CEB900Message"
BILL_RECEIPTS = {
    "CEB304Message": ("order", "E"),
    "CEB312Message": ("order", "I"),
    "CEB404Message": ("payment", "E"),
    "CEB412Message": ("payment", "I"),
    "CEB506Message": ("waybill", "E"),
    "CEB512Message": ("waybill", "I"),
}


class Resolved(NamedTuple):
    """A receipt and what it speaks of: a list's id and submission, or the key of a bill or message and 0.

    ``cancellation`` is the application it answers, whose number then is ``submission``; ``kind`` the answering message's number.
    """

    receipt: Receipt
    subject: int
    submission: int = 0
    cancellation: str = ""
    kind: int = 0
    application: bool = False
    """Whether ``subject`` is a summary declaration or goods return."""


def resolve(uow: UnitOfWork, receipts: Sequence[Receipt]) -> tuple[list[Resolved], list[Receipt]]:
    """Return the receipts whose document is known, and those whose is not."""
    parties = directory(uow.connection)
    found: list[Resolved] = []
    unknown: list[Receipt] = []
    _lists(uow, [receipt for receipt in receipts if receipt.message_type in LIST_RECEIPTS], found, unknown)
    _bills(uow, parties, [receipt for receipt in receipts if receipt.message_type in BILL_RECEIPTS], found, unknown)
    _messages(uow, [receipt for receipt in receipts if receipt.message_type == SCHEMA_CHECK], found, unknown)
    _cancellations(uow, [receipt for receipt in receipts if receipt.message_type in CANCELLATION_RECEIPTS], found, unknown)
    _applications(uow, [receipt for receipt in receipts if receipt.message_type in APPLICATION_RECEIPTS], found, unknown)
    _results(uow, [receipt for receipt in receipts if receipt.message_type in SUMMARY_RESULTS], found, unknown)
    known = LIST_RECEIPTS | CANCELLATION_RECEIPTS | APPLICATION_RECEIPTS | SUMMARY_RESULTS | TAX_BILLS
    known |= BILL_RECEIPTS.keys() | {SCHEMA_CHECK}
    unknown += [receipt for receipt in receipts if receipt.message_type not in known]
    return found, unknown


def _lists(uow: UnitOfWork, receipts: Sequence[Receipt], found: list[Resolved], unknown: list[Receipt]) -> None:
    submissions = _by_guid(uow, _SUBMISSIONS, receipts)
    for receipt in receipts:
        row = submissions.get(receipt.guid.lower())
        if row is None:
            unknown.append(receipt)
        else:
            found.append(Resolved(receipt, row[1], row[2]))


def _cancellations(uow: UnitOfWork, receipts: Sequence[Receipt], found: list[Resolved], unknown: list[Receipt]) -> None:
    applications = _by_guid(uow, _CANCELLATIONS, receipts)
    for receipt in receipts:
        row = applications.get(receipt.guid.lower())
        if row is None:
            unknown.append(receipt)
        else:
            found.append(Resolved(receipt, row[1], row[2], row[0]))


def _applications(uow: UnitOfWork, receipts: Sequence[Receipt], found: list[Resolved], unknown: list[Receipt]) -> None:
    filings = _by_guid(uow, _FILINGS, receipts)
    for receipt in receipts:
        row = filings.get(receipt.guid.lower())
        if row is None:
            unknown.append(receipt)
        else:
            found.append(Resolved(receipt, row[1], row[2], application=True))


def _results(uow: UnitOfWork, receipts: Sequence[Receipt], found: list[Resolved], unknown: list[Receipt]) -> None:
    """A summary's result names customs' number of the summary, which its receipt told; if none did yet, its lists tell."""
    if not receipts:
        return
    names = {receipt.keys.get("sum_no", "") for receipt in receipts}
    summaries = {row[0]: row[1:] for row in fetch(uow.connection, _SUMMED_UP, {"numbers": sorted(names)})}
    nameless = [receipt for receipt in receipts if receipt.keys.get("sum_no", "") not in summaries]
    wanted = sorted({list_no for receipt in nameless for list_no in _lists_named(receipt)})
    by_list = {row[0]: row[1:] for row in fetch(uow.connection, _SUMMED_LISTS, {"numbers": wanted})} if wanted else {}
    for receipt in receipts:
        owners = {by_list[list_no] for list_no in _lists_named(receipt) if list_no in by_list}
        known = summaries.get(receipt.keys.get("sum_no", "")) or (owners.pop() if len(owners) == 1 else None)
        if known is None:
            unknown.append(receipt)
        else:
            found.append(Resolved(receipt, known[0], known[1], application=True))


def _lists_named(receipt: Receipt) -> set[str]:
    lines = receipt.content.get("lines")
    return {str(line["list_no"]) for line in lines} if isinstance(lines, list) else set()


def submissions_of(uow: UnitOfWork, guids: Collection[str]) -> Mapping[str, tuple[Any, ...]]:
    """Return (guid, list, number) of the submissions there are of these guids, spelled in lower case, by guid."""
    return _known_guids(uow, _SUBMISSIONS, guids)


def _by_guid(uow: UnitOfWork, statement: str, receipts: Sequence[Receipt]) -> Mapping[str, tuple[Any, ...]]:
    return _known_guids(uow, statement, {receipt.guid.lower() for receipt in receipts})


def _known_guids(uow: UnitOfWork, statement: str, guids: Collection[str]) -> Mapping[str, tuple[Any, ...]]:
    asked = [guid for guid in guids if _GUID.fullmatch(guid)]
    return {row[0]: row for row in fetch(uow.connection, statement, {"ids": array(asked)})} if asked else {}


def _bills(uow: UnitOfWork, parties: Directory, receipts: Sequence[Receipt], found: list[Resolved], unknown: list[Receipt]) -> None:
    keys = BillKeys(parties)
    keyed = [(receipt, BILL_RECEIPTS[receipt.message_type][0], keys.of(receipt)) for receipt in receipts]
    existing = existing_bills(uow, [(kind, (key,)) for _, kind, key in keyed])
    for receipt, kind, key in keyed:
        if key in existing[kind]:
            found.append(Resolved(receipt, key))
        else:
            unknown.append(receipt)


def existing_bills(uow: UnitOfWork, keyed: Sequence[tuple[str, Sequence[int]]]) -> Mapping[str, Collection[int]]:
    """Return, by kind, the keys (given with their kinds) of which there is a bill."""
    existing: dict[str, set[int]] = {}
    for kind, statement in _BILLS.items():
        wanted: set[int] = set().union(*(keys for of_kind, keys in keyed if of_kind == kind))
        existing[kind] = {row[0] for row in fetch(uow.connection, statement, {"keys": list(wanted)})} if wanted else set()
    return existing


class BillKeys:
    """Keys of the bills that receipts speak of; several receipts speak of one bill, so each key is made once."""

    def __init__(self, parties: Directory) -> None:
        self._parties = parties
        self._known: dict[tuple[str, ...], int] = {}

    def of(self, receipt: Receipt) -> int:
        """Return the key of a receipt's bill."""
        named = (receipt.message_type, *receipt.keys.values())
        key = self._known.get(named)
        if key is None:
            key = self._known[named] = self.make(receipt.message_type, receipt.keys)
        return key

    def make(self, message_type: str, keys: Mapping[str, str]) -> int:
        """Return the key of the bill that a receipt of this type names."""
        kind, flow = BILL_RECEIPTS[message_type]
        number = keys.get("order_no", "")
        if kind == "order":
            return order_key(flow, self._code(keys, "merchant_code"), self._code(keys, "platform_code"), number)
        if kind == "waybill":
            return waybill_key(flow, self._code(keys, "carrier_code"), keys.get("waybill_no", ""))
        payer, merchant = self._code(keys, "payment_enterprise_code"), self._code(keys, "merchant_code")
        return payment_key(flow, payer, merchant, number, keys.get("payment_no", ""))

    def _code(self, keys: Mapping[str, str], name: str) -> str:
        stated = keys.get(name, "")
        party = self._parties.find(stated)
        return party.uscc if party else stated


def _messages(uow: UnitOfWork, receipts: Sequence[Receipt], found: list[Resolved], unknown: list[Receipt]) -> None:
    """A schema check speaks of a whole message: of the message itself, and of every list it carried."""
    ids = {message for receipt in receipts if (message := _uuid(receipt.keys.get("message_id", "")))}
    if not receipts:
        return
    known = {row[0] for row in fetch(uow.connection, _MESSAGES, {"ids": list(ids)})} if ids else set()
    carried = fetch(uow.connection, _OF_MESSAGES, {"ids": list(ids)}) if ids else []
    cancelled = fetch(uow.connection, _CANCELLED_BY, {"ids": list(ids)}) if ids else []
    filed = fetch(uow.connection, _FILED_BY, {"ids": list(ids)}) if ids else []
    for receipt in receipts:
        message = _uuid(receipt.keys.get("message_id", ""))
        if message not in known:
            unknown.append(receipt)
            continue
        found.append(Resolved(receipt, key8("M", str(message))))
        found += [Resolved(receipt, row[1], row[2]) for row in carried if row[0] == message]
        found += [Resolved(receipt, row[1], row[2], row[3], _ANSWER_TO[row[4]]) for row in cancelled if row[0] == message]
        found += [Resolved(receipt, row[1], row[2], "", ANSWERS[row[3]], application=True) for row in filed if row[0] == message]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
