"""Many declaration lists in one PDF, made in the background."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from ccezone.background.ports import Outcome, Work
from ccezone.bills.ports import Deliveries
from ccezone.cases.rules import FileKind
from ccezone.cases.service import Upload, store_file
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.printing.documents import Locale, Source
from ccezone.printing.papers import Letter, Printed, pack, prepare
from ccezone.storage import Database
from ccezone.storage.personal import PersonalVault

JOB = "print_lists"
MOST = 100
KEPT = timedelta(days=7)
_TOGETHER = 20


@dataclass(frozen=True, slots=True)
class PrintLists:
    """Does the jobs of kind ``JOB`` (``background.ports.Handler``); ``letter`` gives what stands around them in a language."""

    database: Database
    vault: PersonalVault
    deliveries: Deliveries
    clock: Clock
    letter: Callable[[Locale], Letter]

    def __call__(self, work: Work) -> Outcome:
        """Print the lists that are still there; half of the progress is reading, half laying out."""
        ids: list[Any] = list(work.arguments["lists"])[:MOST]
        locale: Locale = "en" if work.arguments.get("locale") == "en" else "zh"
        documents = self._prepared(work, ids, locale)
        if not documents:
            raise Refused(Fault("", "nothing_to_print"))
        content = pack(documents, self.letter(locale), lambda number: self._reached(work, len(ids) + number, 2 * len(ids)))
        name = f"lists-{self.clock.now():%Y%m%d-%H%M%S}.pdf"
        kept = Upload(name, FileKind.PDF, content, "print", work.enterprise_id, work.user_id, self.clock.now() + KEPT)
        with self.database.begin() as uow:
            work.reached(uow, 2 * len(ids), 2 * len(ids))
            file_id = store_file(uow, self.vault, kept, self.clock)
        expires = (self.clock.now() + KEPT).isoformat()
        return Outcome({"documents": len(documents), "size": len(content), "name": name, "expires_at": expires}, file_id)

    def _prepared(self, work: Work, ids: list[Any], locale: Locale) -> list[Printed]:
        documents: list[Printed] = []
        viewer: UUID | None = work.enterprise_id
        by = str(work.arguments["actor"])
        for start in range(0, len(ids), _TOGETHER):
            with self.database.begin() as uow:
                source = Source(uow.connection, self.vault, self.deliveries, viewer)
                stretch = ids[start : start + _TOGETHER]
                found = [prepare(uow, source, "list", str(each), by, self.clock, locale, clear=False) for each in stretch]
                documents += [each for each in found if each]
                work.reached(uow, start + len(stretch), 2 * len(ids))
        return documents

    def _reached(self, work: Work, done: int, of: int) -> None:
        with self.database.begin() as uow:
            work.reached(uow, done, of)
