"""Taking a feed in from an uploaded table, in the background: good rows are kept, bad ones go back with their reasons.

The feed and the job's checkpoint are one transaction: a worker that dies takes nothing twice, nor does the same table again.
"""

from dataclasses import dataclass
from uuid import UUID

from ccezone.background.ports import Outcome, Work
from ccezone.background.service import request_job
from ccezone.bills.ports import RefusedRow, SheetDocument, SheetTable, SheetTables
from ccezone.bills.service.handing_back import hand_back, refused_rows
from ccezone.cases.queries import read_file
from ccezone.cases.rules import TABLES, FileKind, file_faults, kind_of
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.statistics.rules.supplements import MOST_LINES, Method, Source
from ccezone.statistics.service.supplements import Feed, judge_feed, row_faults, take
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault

JOB = "statistical_feed"
MOST_BYTES = 20 * 1024 * 1024
_COUNTS = ("accepted", "replayed", "rejected")
_DAY = 8  # letters of YYYYMMDD


@dataclass(frozen=True, slots=True)
class Asker:
    """Who uploads a table, and in which language its answer is written."""

    user_id: UUID | None
    actor: str
    locale: str


def upload_feed(uow: UnitOfWork, vault: PersonalVault, feed: Feed, content: bytes, by: Asker, clock: Clock) -> UUID:
    """Keep a table and ask for it to be taken in; return the job's id. Raises ``Refused``: no table, too large, no such feed."""
    faults = [*judge_feed(feed), *file_faults(content, TABLES, MOST_BYTES)]
    if faults:
        raise Refused(*faults)
    kept = Upload(feed.name, kind_of(content) or FileKind.CSV, content, JOB, None, by.user_id)
    said = {"source": feed.source.value, "method": feed.method.value, "sender": feed.sender, "period": feed.period}
    file = {"file": str(store_file(uow, vault, kept, clock)), "name": feed.name[-200:]}
    arguments = {**said, **file, "actor": by.actor, "locale": by.locale}
    return request_job(uow, JOB, clock, user_id=by.user_id, arguments=arguments)


@dataclass
class TakeFeedIn:
    """Does the jobs of ``upload_feed``."""

    database: Database
    vault: PersonalVault
    clock: Clock
    tables: SheetTables

    def __call__(self, work: Work) -> Outcome:
        """Take one table in. Raises ``Refused``: nothing of it can be read."""
        if work.checkpoint:
            back = str(work.checkpoint.get("back", ""))
            return Outcome({name: work.checkpoint[name] for name in _COUNTS}, UUID(back) if back else None)
        with self.database.reading() as connection:
            table = self.tables.open(read_file(connection, self.vault, UUID(work.arguments["file"])))
        if table.documents > MOST_LINES:
            raise Refused(Fault("/file", "workbook_too_many_rows", {"max": str(MOST_LINES)}))
        with self.database.begin() as uow:
            counts, refused = self._take(uow, table, work)
            file_id = hand_back(uow, self.vault, table, refused, counts, work, JOB, self.clock) if refused else None
            work.reached(uow, table.documents, table.documents, {**counts, "back": str(file_id or "")})
        return Outcome(counts, file_id)

    def _take(self, uow: UnitOfWork, table: SheetTable, work: Work) -> tuple[dict[str, int], list[RefusedRow]]:
        said = work.arguments
        feed = Feed(Source(said["source"]), Method(said["method"]), said["sender"], said["period"], said["name"])
        documents = list(table.read())
        rows = [_row(document) for document in documents]
        taken = take(uow, feed, rows, str(said["actor"]), self.clock)
        if taken.repeated:
            return {"accepted": 0, "replayed": taken.lines, "rejected": taken.refused}, []
        wrong = row_faults(uow.connection, feed.source, rows, self.clock)
        refused = [each for place, faults in wrong.items() for each in refused_rows(table, documents[place], faults)]
        return {"accepted": taken.lines, "replayed": 0, "rejected": taken.refused}, refused


def _row(document: SheetDocument) -> dict[str, str]:
    """Spell a row as ``take`` reads it: days with dashes."""
    row = {name: "" if value is None else str(value) for name, value in document.body.items()}
    day = row.get("day", "")
    if len(day) == _DAY and day.isdecimal():
        row["day"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return row
