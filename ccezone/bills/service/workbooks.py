"""Taking uploaded workbooks in: kept as a file, done in the background, in stretches that are each one transaction.

A stretch goes through the one intake like any delivery, together with what its rows were found to be and the job's
checkpoint. Whoever takes the job over goes on behind the last stretch: nothing is lost and nothing is counted twice.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.bills.ports import Batch, BillKind, Deliveries, Party, SheetDocument, Workbook, Workbooks
from ccezone.bills.queries.workbooks import every_refused, every_repair
from ccezone.bills.service.findings import Findings, judge
from ccezone.bills.service.handing_back import KEPT, name_back, spoken
from ccezone.bills.service.intake import take_in
from ccezone.bills.service.shapes import BatchOutcome
from ccezone.bills.tables import WorkbookPart
from ccezone.cases.queries import file_of, read_file
from ccezone.cases.rules import TABLES, FileKind, file_faults
from ccezone.cases.service import Upload, store_file
from ccezone.enterprises.queries import EnterpriseView, directory
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run
from ccezone.storage.personal import PersonalVault

JOB = "workbook"
MOST_BYTES = 50 * 1024 * 1024
_TOGETHER = 1_000  # documents of one transaction
_OLD_CONTAINER = b"\xd0\xcf\x11\xe0"  # .xls, or an .xlsx with a password: reading says which
_DROP = "DELETE FROM workbook_part WHERE created_at < %(before)s"


@dataclass(frozen=True, slots=True)
class WorkbookUpload:
    """A file to take in. ``message_type`` says what it holds, empty: its headings do; ``locale`` is the sender's language.

    ``flow`` says whether shipping links are of export or import, which their columns do not tell.
    """

    name: str
    content: bytes
    message_type: str = ""
    flow: Literal["E", "I"] = "E"
    locale: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who uploads: for which enterprise, by which name in the records, as which user (``None``: a program)."""

    firm: EnterpriseView
    actor: str
    user_id: UUID | None = None


def upload_workbook(uow: UnitOfWork, vault: PersonalVault, clock: Clock, by: Uploader, upload: WorkbookUpload) -> UUID:
    """Keep a workbook and ask for it to be taken in; return the job's id. Raises ``Refused``: too large, no table."""
    locked = upload.content.startswith(_OLD_CONTAINER)
    faults = file_faults(upload.content, TABLES, MOST_BYTES)
    if faults and not (locked and faults[0].code == "file_kind"):
        raise Refused(*faults)
    kind = FileKind.XLSX if locked or upload.content.startswith(b"PK") else FileKind.CSV
    firm = by.firm.id
    kept = Upload(upload.name, kind, upload.content, "workbook", firm, by.user_id, clock.now() + KEPT)
    arguments = {
        "file": str(store_file(uow, vault, kept, clock)),
        "name": upload.name[-200:],
        "message_type": upload.message_type,
        "flow": upload.flow,
        "locale": upload.locale,
        "actor": by.actor,
    }
    return request_job(uow, JOB, clock, enterprise_id=firm, user_id=by.user_id, arguments=arguments)


def drop_workbook_parts(uow: UnitOfWork, clock: Clock) -> int:
    """Drop what is kept of workbooks whose time is over; return how many stretches."""
    return run(uow.connection, _DROP, {"before": clock.now() - KEPT})


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a workbook is: documents and stretches done, rows by what became of them, repairs and problems by kind."""

    documents: int = 0
    parts: int = 0
    accepted: int = 0
    replayed: int = 0
    rejected: int = 0
    repairs: Mapping[str, int] = field(default_factory=dict)
    problems: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.accepted + self.replayed + self.rejected

    def plus(self, found: Findings, documents: int) -> "Tally":
        """The tally with one more stretch."""
        return Tally(
            self.documents + documents,
            self.parts + 1,
            self.accepted + found.accepted,
            self.replayed + found.replayed,
            self.rejected + found.rejected,
            dict(Counter(self.repairs) + Counter(repair.kind for repair in found.repairs)),
            dict(Counter(self.problems) + Counter(each.fault.code for row in found.refused for each in row.faults)),
        )

    def spelled(self) -> dict[str, object]:
        """As a checkpoint keeps it."""
        return {name: getattr(self, name) for name in Tally.__slots__}


@dataclass(frozen=True, slots=True)
class TakeWorkbookIn:
    """Does the jobs of kind ``JOB`` (``background.ports.Handler``), ``together`` documents in a transaction."""

    database: Database
    vault: PersonalVault
    clock: Clock
    deliveries: Deliveries
    workbooks: Workbooks
    together: int = _TOGETHER

    def __call__(self, work: Work) -> Outcome:
        """Take the workbook in from where it was left. Raises ``Refused`` when it cannot be used as a whole."""
        firm, content = self._found(work)
        book = self.workbooks.open(content, str(work.arguments.get("message_type") or "") or None)
        tally = Tally(**work.checkpoint.get("tally", {}))
        with self.database.begin() as uow:
            self._reached(uow, work, book, tally)
        with ThreadPoolExecutor(1) as ahead:
            for stretch, batch in self._stretches(ahead, work, firm, book, tally.documents):
                tally = self._take_in(work, firm, book, stretch, batch, tally)
        return self._finished(work, book, tally)

    def _found(self, work: Work) -> tuple[EnterpriseView, bytes]:
        with self.database.reading() as connection:
            firm = directory(connection).by_id.get(work.enterprise_id) if work.enterprise_id else None
            if firm is None or not firm.active:
                raise Refused(Fault("", "party_not_registered", {"code": firm.uscc if firm else ""}))
            file_id = UUID(str(work.arguments["file"]))
            if file_of(connection, file_id, firm.id) is None:
                raise Refused(Fault("/file", "file_empty"))
            return firm, read_file(connection, self.vault, file_id)

    def _reached(self, uow: UnitOfWork, work: Work, book: Workbook, tally: Tally, **more: object) -> None:
        work.reached(uow, tally.rows + book.blank, book.rows, {"tally": tally.spelled(), **more})

    def _stretches(
        self, ahead: Executor, work: Work, firm: EnterpriseView, book: Workbook, done: int
    ) -> Iterator[tuple[Sequence[SheetDocument], Batch]]:
        """Read and judge the documents from one on; the next stretch is read while the database stores the last."""
        documents = book.read(done)

        def prepare() -> tuple[Sequence[SheetDocument], Batch] | None:
            stretch = list(islice(documents, self.together))
            return (stretch, self._batch(work, firm, book, stretch)) if stretch else None

        coming = ahead.submit(prepare)
        while (found := coming.result()) is not None:
            coming = ahead.submit(prepare)
            yield found

    def _batch(self, work: Work, firm: EnterpriseView, book: Workbook, stretch: Sequence[SheetDocument]) -> Batch:
        """Make the delivery of a stretch: what its cells and what its schema find wrong stand side by side."""
        party = Party(firm.uscc, firm.name, firm.dxp_id or "")
        bodies = [document.body for document in stretch]
        batch = self.deliveries.documents(book.kind, _flow(work, book), bodies, party, "workbook")
        for document, found in zip(batch.documents, stretch, strict=True):
            if found.faults:
                spoiled = {each.fault.pointer for each in found.faults}
                own = [each.fault for each in found.faults]
                document.faults = [*own, *(fault for fault in document.faults if fault.pointer not in spoiled)]
        return batch

    def _take_in(
        self, work: Work, firm: EnterpriseView, book: Workbook, stretch: Sequence[SheetDocument], batch: Batch, tally: Tally
    ) -> Tally:
        """Take one stretch in; its findings and the checkpoint are kept in the same transaction."""
        reached = tally

        def keep(uow: UnitOfWork, outcome: BatchOutcome) -> None:
            nonlocal reached
            found = judge(book, self.deliveries, batch.message_type, stretch, outcome)
            reached = tally.plus(found, len(stretch))
            uow.session.add(
                WorkbookPart(
                    job_id=work.job_id,
                    number=tally.parts,
                    batch_id=outcome.batch_id,
                    documents=len(stretch),
                    accepted=found.accepted,
                    replayed=found.replayed,
                    rejected=found.rejected,
                    findings=self.vault.seal_bytes(found.packed()),
                    created_at=self.clock.now(),
                )
            )
            self._reached(uow, work, book, reached)

        actor = str(work.arguments["actor"])
        take_in(self.database, self.vault, self.clock, firm, actor, batch, alongside=keep)
        return reached

    def _finished(self, work: Work, book: Workbook, tally: Tally) -> Outcome:
        counts: dict[str, Any] = {
            "rows": book.rows,
            "accepted": tally.accepted,
            "replayed": tally.replayed,
            "rejected": tally.rejected,
            "blank": book.blank,
        }
        file_id = work.checkpoint.get("result")
        if file_id is None and (tally.rejected or tally.repairs):
            file_id = self._result(work, book, tally, counts)
        notices = [{"code": notice.code, "params": dict(notice.params)} for notice in book.notices]
        more = {"documents": tally.documents, "repairs": dict(tally.repairs), "problems": dict(tally.problems)}
        told = {**counts, **more, "notices": notices, "kind": book.kind.value, "flow": _flow(work, book)}
        return Outcome(told, UUID(str(file_id)) if file_id else None)

    def _result(self, work: Work, book: Workbook, tally: Tally, counts: Mapping[str, int]) -> UUID:
        """Write the workbook that goes back, and keep it with the checkpoint: another worker need not write it again."""
        locale = spoken(work)
        with self.database.reading() as connection:
            refused = every_refused(connection, self.vault, work.job_id)
            repairs = every_repair(connection, self.vault, work.job_id)
            told = {**counts, "repairs": sum(tally.repairs.values())}
            content = book.result(refused, repairs, told, locale)
        name = name_back(work, locale)
        kept = Upload(name, FileKind.XLSX, content, "workbook_result", work.enterprise_id, work.user_id, self.clock.now() + KEPT)
        with self.database.begin() as uow:
            file_id = store_file(uow, self.vault, kept, self.clock)
            self._reached(uow, work, book, tally, result=str(file_id))
        return file_id


def _flow(work: Work, book: Workbook) -> str:
    return str(work.arguments.get("flow") or "E") if book.kind == BillKind.LINK else book.flow
