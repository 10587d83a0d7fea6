"""What goes back of an uploaded table: the rows that were refused, each cell with its fault, to be mended and sent again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from ccezone.background.ports import Work
from ccezone.bills.ports import CellFault, RefusedRow, SheetDocument, SheetTable
from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault
from ccezone.storage import UnitOfWork
from ccezone.storage.personal import PersonalVault

KEPT = timedelta(days=90)
"""How long what goes back is kept."""


def spoken(work: Work) -> Literal["zh", "en"]:
    """Return the language of whoever uploaded it."""
    return "en" if work.arguments.get("locale") == "en" else "zh"


def name_back(work: Work, locale: Literal["zh", "en"]) -> str:
    """Name what goes back after the upload."""
    stem = str(work.arguments["name"]).rpartition(".")[0] or "workbook"
    return f"{stem}-{'待更正' if locale == 'zh' else 'to-mend'}.xlsx"


def refused_rows(table: SheetTable, document: SheetDocument, faults: Sequence[Fault]) -> list[RefusedRow]:
    """Return a document's rows with what reading found, and the faults of places where it found nothing."""
    places: list[CellFault] = [*document.faults]
    known = {each.fault.pointer for each in places}
    for fault in faults:
        if fault.pointer not in known:
            places += table.places(document, fault)
    return [RefusedRow(number, table.cells(number), places) for number in document.rows]


def hand_back(
    uow: UnitOfWork,
    vault: PersonalVault,
    table: SheetTable,
    refused: Sequence[RefusedRow],
    counts: Mapping[str, int],
    work: Work,
    purpose: str,
    clock: Clock,
) -> UUID:
    """Keep the workbook that goes back, for whose job it is; return its file's id.

    The job's arguments tell the upload's ``name`` and ``locale``.
    """
    locale = spoken(work)
    content = table.result(refused, (), counts, locale)
    kept = Upload(name_back(work, locale), FileKind.XLSX, content, purpose, work.enterprise_id, work.user_id, clock.now() + KEPT)
    return store_file(uow, vault, kept, clock)
