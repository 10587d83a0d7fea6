"""Taking evidence in from an uploaded table, in the background: good rows recorded, bad ones back with their reasons.

All rows are one transaction with the job's checkpoint, so that a worker that dies records nothing twice; and a row that is on
record already is counted as repeated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.bills.ports import RefusedRow, SheetDocument, SheetTable, SheetTables
from ccezone.bills.service.handing_back import hand_back, refused_rows
from ccezone.cases.queries import read_file
from ccezone.cases.rules import TABLES, FileKind, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.credit.service.bundles import Bundle, opened, scan_faults
from ccezone.credit.service.evidence import Statement, state, stated_already, statement_faults
from ccezone.credit.service.judging import rejudge
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault

JOB = "credit_evidence"
MOST_BYTES, MOST_ROWS = 10 * 1024 * 1024, 10_000
_COUNTS = ("accepted", "replayed", "rejected")
_DAY = 8  # letters of YYYYMMDD


def upload_evidence(
    uow: UnitOfWork, vault: PersonalVault, name: str, content: bytes, user_id: UUID | None, actor: str, locale: str, clock: Clock
) -> UUID:
    """Keep a table, or an archive of one with its scans, and ask for it to be taken in; return the job's id.

    Raises ``Refused``: no table, too large, an archive that cannot be opened.
    """
    faults = file_faults(content, TABLES | {FileKind.ZIP}, MOST_BYTES)
    if faults:
        raise Refused(*faults)
    opened(content)
    kept = Upload(name, kind_of(content) or FileKind.CSV, content, "credit", None, user_id)
    arguments = {"file": str(store_file(uow, vault, kept, clock)), "name": name[-200:], "actor": actor, "locale": locale}
    return request_job(uow, JOB, clock, user_id=user_id, arguments=arguments)


@dataclass(frozen=True, slots=True)
class _Read:
    """One row: whose it is and what it states, or what is wrong with it."""

    document: SheetDocument
    enterprise_id: UUID | None
    statement: Statement | None
    faults: Sequence[Fault]
    scan: str = ""


@dataclass(frozen=True, slots=True)
class _Papers:
    """What came with the table, where the upload itself is kept, and the scans kept of it so far."""

    bundle: Bundle
    table: UUID
    kept: dict[tuple[UUID | None, str], UUID] = field(default_factory=dict)


@dataclass
class TakeEvidenceIn:
    """Does the jobs of ``upload_evidence``."""

    database: Database
    vault: PersonalVault
    zone: str
    clock: Clock
    tables: SheetTables

    def __call__(self, work: Work) -> Outcome:
        """Take one table in. Raises ``Refused``: nothing of it can be read."""
        file_id = UUID(work.arguments["file"])
        with self.database.reading() as connection:
            bundle = opened(read_file(connection, self.vault, file_id))
        table = self.tables.open(bundle.table)
        if table.documents > MOST_ROWS:
            raise Refused(Fault("/file", "workbook_too_many_rows", {"max": str(MOST_ROWS)}))
        if work.checkpoint:
            return Outcome({name: work.checkpoint[name] for name in _COUNTS}, _file(work.checkpoint))
        with self.database.begin() as uow:
            counts, refused = self._record(uow, table, work, _Papers(bundle, file_id))
            back = hand_back(uow, self.vault, table, refused, counts, work, JOB, self.clock) if refused else None
            kept = {**counts, "back": str(back or "")}
            work.reached(uow, table.documents, table.documents, kept)
        return Outcome(counts, back)

    def _record(
        self, uow: UnitOfWork, table: SheetTable, work: Work, papers: _Papers
    ) -> tuple[Mapping[str, int], list[RefusedRow]]:
        counts, refused, touched = dict.fromkeys(_COUNTS, 0), list[RefusedRow](), set[UUID]()
        for document in table.read():
            row = self._read(uow, document, papers)
            if row.faults or row.statement is None or row.enterprise_id is None:
                counts["rejected"] += 1
                refused += refused_rows(table, document, row.faults)
            elif stated_already(uow, row.enterprise_id, row.statement):
                counts["replayed"] += 1
            else:
                statement = replace(row.statement, file_id=self._paper(uow, papers, row, work))
                state(uow, row.enterprise_id, statement, str(work.arguments["actor"]), self.clock)
                counts["accepted"] += 1
                touched.add(row.enterprise_id)
        rejudge(uow, self.zone, sorted(touched), self.clock)
        return counts, refused

    def _read(self, uow: UnitOfWork, document: SheetDocument, papers: _Papers) -> _Read:
        values = {name: str(value) for name, value in document.body.items()}
        firm = directory(uow.connection).find(values.get("uscc", ""))
        faults = [each.fault for each in document.faults]
        if firm is None:
            faults.append(Fault("/uscc", "party_not_registered", {"code": values.get("uscc", "")}))
        days: dict[str, date | None] = {}
        for name in ("valid_from", "valid_to"):
            try:
                days[name] = _day(values.get(name, ""))
            except ValueError:
                faults.append(Fault(f"/{name}", "bad_day", {"value": values[name]}))
        if scan := values.get("scan", ""):
            faults += scan_faults(papers.bundle, scan, MOST_BYTES)
        begins = days.get("valid_from")
        if begins is None:
            return _Read(document, None, None, faults or [Fault("/valid_from", "required")])
        said = {name: values.get(name, "") for name in ("factor", "value", "issuer", "document", "note")}
        statement = Statement(**said, valid_from=begins, valid_to=days.get("valid_to"), file_id=None)
        faults += statement_faults(statement, self.clock.now().astimezone(SHANGHAI).date())
        return _Read(document, firm.id if firm else None, statement, faults, scan)

    def _paper(self, uow: UnitOfWork, papers: _Papers, row: _Read, work: Work) -> UUID:
        """Keep the scan a row names, once for all rows that name it; a row without one rests on the table itself."""
        content = papers.bundle.scans.get(row.scan)
        kind = kind_of(content) if content else None
        if content is None or kind is None:
            return papers.table
        key = (row.enterprise_id, row.scan)
        if key not in papers.kept:
            upload = Upload(row.scan, kind, content, "credit", row.enterprise_id, work.user_id)
            papers.kept[key] = store_file(uow, self.vault, upload, self.clock)
        return papers.kept[key]


def _day(text: str) -> date | None:
    if not text:
        return None
    if len(text) == _DAY and text.isdecimal():
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return date.fromisoformat(text)


def _file(checkpoint: Mapping[str, object]) -> UUID | None:
    back = str(checkpoint.get("back", ""))
    return UUID(back) if back else None
