"""Read models of uploaded workbooks: counts so far, rows that went back, cells that were put right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from ccezone.bills.ports import CellFault, CellRepair, RefusedRow
from ccezone.kernel.errors import Fault
from ccezone.storage.copying import fetch
from ccezone.storage.personal import PersonalVault

_COUNTS = """
SELECT coalesce(sum(accepted), 0)::int, coalesce(sum(replayed), 0)::int, coalesce(sum(rejected), 0)::int,
    coalesce(sum(documents), 0)::int
FROM workbook_part WHERE job_id = %(job)s
"""
_DOCUMENTS = """
SELECT coalesce(sum(b.documents), 0)::int, coalesce(sum(b.accepted), 0)::int, coalesce(sum(b.replayed), 0)::int,
    coalesce(sum(b.rejected), 0)::int
FROM workbook_part p JOIN intake_batch b ON b.id = p.batch_id WHERE p.job_id = %(job)s
"""
_NUMBERS = "SELECT number FROM workbook_part WHERE job_id = %(job)s ORDER BY number"
_FINDINGS = "SELECT findings FROM workbook_part WHERE job_id = %(job)s AND number = %(number)s"
_BATCHES = "SELECT batch_id FROM workbook_part WHERE job_id = %(job)s AND accepted > 0 ORDER BY number LIMIT %(limit)s"


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Rows of a workbook so far, by what became of them, and its documents so far."""

    accepted: int
    replayed: int
    rejected: int
    documents: int


def counts_of(connection: Connection, job_id: UUID) -> RowCounts:
    """Count what is done of a workbook."""
    return RowCounts(*fetch(connection, _COUNTS, {"job": job_id})[0])


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """Documents of a workbook so far. ``accepted`` counts harmless replays too, ``replayed`` of them."""

    documents: int
    accepted: int
    replayed: int
    rejected: int


def documents_of(connection: Connection, job_id: UUID) -> DocumentCounts:
    """Count the documents a workbook has brought so far."""
    return DocumentCounts(*fetch(connection, _DOCUMENTS, {"job": job_id})[0])


def batches_of_workbook(connection: Connection, job_id: UUID, limit: int = 200) -> list[UUID]:
    """Return the batches that a workbook's bills came in with, in order."""
    return [row[0] for row in fetch(connection, _BATCHES, {"job": job_id, "limit": limit})]


def every_refused(connection: Connection, vault: PersonalVault, job_id: UUID) -> Iterator[RefusedRow]:
    """Yield the rows that went back, in order; one stretch is in memory at a time."""
    for found in _findings(connection, vault, job_id):
        for number, cells, faults in found["refused"]:
            yield RefusedRow(number, cells, [CellFault(number, each[0], Fault(*each[1:])) for each in faults])


def every_repair(connection: Connection, vault: PersonalVault, job_id: UUID) -> Iterator[CellRepair]:
    """Yield the cells that were put right."""
    for found in _findings(connection, vault, job_id):
        for repair in found["repairs"]:
            yield CellRepair(*repair)


def _findings(connection: Connection, vault: PersonalVault, job_id: UUID) -> Iterator[dict[str, Any]]:
    for (number,) in fetch(connection, _NUMBERS, {"job": job_id}):
        (row,) = fetch(connection, _FINDINGS, {"job": job_id, "number": number}, binary=True)
        yield orjson.loads(vault.open_bytes(bytes(row[0])))
