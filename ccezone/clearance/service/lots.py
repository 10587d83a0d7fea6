"""Receipts by columns: what thousands of plain receipts speak of, at a fraction of what it costs one by one.

``resolving`` does the same for every receipt there is; a test holds both equal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from typing import TypeAlias

from ccezone.clearance.ports import Receipt, ReceiptLot
from ccezone.clearance.service.resolving import BILL_RECEIPTS, BillKeys, existing_bills, submissions_of
from ccezone.declarations.rules.lifecycle import Mark
from ccezone.declarations.service import ListAnswer
from ccezone.enterprises.queries import directory
from ccezone.kernel.ids import keys8
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import microseconds

StoredReceipt: TypeAlias = tuple[int, int, int, int, int, int, str]
"""A row of ``receipt``: kind, subject, digest, submission, code, microseconds since 1970, info."""
_Subject: TypeAlias = tuple[int, int]
"""What a receipt speaks of: a list and the number of its submission, or a bill's key and 0."""


@dataclass(slots=True)
class SettledLots:
    """What became of lots: the rows to be stored, what they answer lists, and the receipts nobody knows the document of."""

    rows: list[StoredReceipt] = field(default_factory=list)
    answers: list[ListAnswer] = field(default_factory=list)
    unknown: list[Receipt] = field(default_factory=list)


def settle_lots(uow: UnitOfWork, lots: Sequence[ReceiptLot]) -> SettledLots:
    """Find the documents of the receipts of bills and lists, once for each document."""
    settled = SettledLots()
    bills = [lot for lot in lots if lot.message_type in BILL_RECEIPTS]
    lists = [lot for lot in lots if lot.message_type not in BILL_RECEIPTS]
    for lot, subjects in _of_bills(uow, bills):
        _settle(settled, lot, subjects)
    for lot, subjects in _of_lists(uow, lists):
        settled.answers += _answers(lot, subjects)
        _settle(settled, lot, subjects)
    return settled


def _of_lists(uow: UnitOfWork, lots: Sequence[ReceiptLot]) -> Iterable[tuple[ReceiptLot, Sequence[_Subject | None]]]:
    guids = {guid for lot in lots for guid in lot.guids}
    known = submissions_of(uow, {guid.lower() for guid in guids}) if guids else {}
    subjects = {guid: (row[1], row[2]) if (row := known.get(guid.lower())) else None for guid in guids}
    return [(lot, [subjects[guid] for guid in lot.guids]) for lot in lots]


def _of_bills(uow: UnitOfWork, lots: Sequence[ReceiptLot]) -> Iterable[tuple[ReceiptLot, Sequence[_Subject | None]]]:
    if not lots:
        return []
    keys = BillKeys(directory(uow.connection))
    keyed = [(lot, BILL_RECEIPTS[lot.message_type][0], _keys_of(lot, keys)) for lot in lots]
    existing = existing_bills(uow, [(kind, own) for _, kind, own in keyed])
    found = []
    for lot, kind, own in keyed:
        there = existing[kind]
        found.append((lot, [(key, 0) if key in there else None for key in own]))
    return found


def _keys_of(lot: ReceiptLot, keys: BillKeys) -> Sequence[int]:
    """The key of each receipt's bill; those of one bill follow each other."""
    names = [name for name in lot.texts if name not in lot.content]
    said = list(zip(*(lot.texts[name] for name in names), strict=True))
    made: Mapping[tuple[str, ...], int] = {
        values: keys.make(lot.message_type, dict(zip(names, values, strict=True))) for values in set(said)
    }
    return [made[values] for values in said]


def _answers(lot: ReceiptLot, subjects: Sequence[_Subject | None]) -> list[ListAnswer]:
    told = map(_mark, lot.codes, lot.moments)
    rows = zip(subjects, told, lot.texts["eport_no"], lot.texts["list_no"], strict=True)
    return [
        ListAnswer(subject[0], subject[1], mark, eport_no, list_no)
        for subject, mark, eport_no, list_no in rows
        if subject is not None
    ]


_mark = lru_cache(maxsize=1024)(Mark)  # many receipts say the same


def _settle(settled: SettledLots, lot: ReceiptLot, subjects: Sequence[_Subject | None]) -> None:
    times = [microseconds(moment) for moment in lot.moments]
    digests = lot_digests(lot, times)
    kind = int(lot.message_type[3:6])
    told = zip(subjects, digests, lot.codes, times, lot.infos, strict=True)
    settled.rows += [
        (kind, subject[0], digest, subject[1], code, at, info) for subject, digest, code, at, info in told if subject is not None
    ]
    if None in subjects:
        settled.unknown += [lot.receipt(place) for place, subject in enumerate(subjects) if subject is None]


def lot_digests(lot: ReceiptLot, times: Sequence[int]) -> Sequence[int]:
    """``receipt_digest`` of every receipt; ``times`` are their microseconds."""
    moments = [f"{code} {at}" for code, at in zip(lot.codes, times, strict=True)]
    return keys8(zip(repeat(lot.message_type), lot.guids, moments, lot.infos))  # the first has no end
