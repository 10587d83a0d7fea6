"""Taking uploaded sheets of products in: kept as a file, done in the background in one transaction.

Good rows are saved, bad ones go back as a workbook. The same sheet once more changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from ccezone.accounts.rules import Principal, Role
from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.cases.queries import file_of, read_file
from ccezone.cases.rules import TABLES, FileKind, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.enterprises.ports import ProductSheet, ProductSheets
from ccezone.enterprises.service.products import ProductEntry, entry_faults, save_products
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault

JOB = "products"
MOST_ROWS = 5_000  # one transaction saves them all
MOST_BYTES = 10 * 1024 * 1024
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SheetUpload:
    """A sheet to take in: whose, by whom, and in which language what is wrong with it goes back."""

    enterprise_id: UUID
    user_id: UUID | None
    name: str
    content: bytes
    locale: Literal["zh", "en"] = "zh"


def upload_products(uow: UnitOfWork, vault: PersonalVault, clock: Clock, sheet: SheetUpload) -> UUID:
    """Keep a sheet and ask for it to be taken in; return the job's id. Raises ``Refused``: too large, no table."""
    if faults := file_faults(sheet.content, TABLES, MOST_BYTES):
        raise Refused(*faults)
    kind = kind_of(sheet.content) or FileKind.CSV
    firm, person = sheet.enterprise_id, sheet.user_id
    kept = Upload(sheet.name, kind, sheet.content, "product_sheet", firm, person, clock.now() + KEPT)
    arguments = {"file": str(store_file(uow, vault, kept, clock)), "name": sheet.name[-200:], "locale": sheet.locale}
    return request_job(uow, JOB, clock, enterprise_id=firm, user_id=person, arguments=arguments)


@dataclass(slots=True)
class _Read:
    """A sheet's products: good ones, and bad ones by the number of their first row. Rows that repeat a product are counted."""

    entries: list[ProductEntry] = field(default_factory=list)
    refused: dict[int, Sequence[Fault]] = field(default_factory=dict)
    repeats: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class TakeProductsIn:
    """Does the jobs of kind ``JOB`` (``background.ports.Handler``); ``saved`` is told in the transaction that saves."""

    database: Database
    vault: PersonalVault
    clock: Clock
    sheets: ProductSheets
    saved: Callable[[UnitOfWork, UUID, Clock], object]

    def __call__(self, work: Work) -> Outcome:
        """Save what is good and write down what is not. Raises ``Refused`` when the sheet cannot be used as a whole."""
        if "counts" in work.checkpoint:  # an earlier attempt saved it, and died before it could say so
            return _outcome(work)
        if work.enterprise_id is None:
            raise Refused(Fault("", "job_not_found"))
        sheet = self.sheets.open(self._content(work, work.enterprise_id))
        if sheet.rows > MOST_ROWS:
            raise Refused(Fault("/file", "workbook_too_many_rows", {"max": str(MOST_ROWS)}))
        found = _read(sheet)
        with self.database.begin() as uow:
            checkpoint = self._save(uow, work, work.enterprise_id, sheet, found)
            work.reached(uow, sheet.rows, sheet.rows, checkpoint)
        return _outcome(work, checkpoint)

    def _content(self, work: Work, firm: UUID) -> bytes:
        with self.database.reading() as connection:
            file_id = UUID(str(work.arguments["file"]))
            if file_of(connection, file_id, firm) is None:
                raise Refused(Fault("/file", "file_empty"))
            return read_file(connection, self.vault, file_id)

    def _save(self, uow: UnitOfWork, work: Work, firm: UUID, sheet: ProductSheet, found: _Read) -> dict[str, object]:
        by = Principal(Role.FIRM, firm, frozenset(), user_id=work.user_id)
        saved = save_products(uow, firm, found.entries, self.clock, by)
        self.saved(uow, firm, self.clock)
        counts = {
            "rows": sheet.rows,
            "accepted": saved.added + saved.changed,
            "replayed": saved.unchanged + found.repeats,
            "rejected": found.rejected,
            "blank": sheet.blank,
        }
        file_id = self._send_back(uow, work, sheet, found, counts) if found.refused else None
        return {"counts": counts, "file": str(file_id) if file_id else None}

    def _send_back(self, uow: UnitOfWork, work: Work, sheet: ProductSheet, found: _Read, counts: dict[str, int]) -> UUID:
        locale: Literal["zh", "en"] = "en" if work.arguments.get("locale") == "en" else "zh"
        content = sheet.result(found.refused, counts, locale)
        stem = str(work.arguments["name"]).rpartition(".")[0] or "products"
        name = f"{stem}-{'待更正' if locale == 'zh' else 'to-mend'}.xlsx"
        until = self.clock.now() + KEPT
        kept = Upload(name, FileKind.XLSX, content, "workbook_result", work.enterprise_id, work.user_id, until)
        return store_file(uow, self.vault, kept, self.clock)


def _read(sheet: ProductSheet) -> _Read:
    found = _Read()
    for row in sheet.read():
        entry = None if row.faults else ProductEntry(**row.values)
        if entry is not None:
            entry = replace(entry, unit2=entry.unit2 or None, item_record_no=entry.item_record_no or None)
        faults = [*row.faults, *(entry_faults(entry) if entry else ())]
        if entry is None or faults:
            found.refused[row.number] = faults
            found.rejected += row.rows
        else:
            found.entries.append(entry)
            found.repeats += row.rows - 1
    return found


def _outcome(work: Work, checkpoint: dict[str, object] | None = None) -> Outcome:
    told: Mapping[str, Any] = checkpoint or work.checkpoint
    return Outcome(told["counts"], UUID(told["file"]) if told["file"] else None)
