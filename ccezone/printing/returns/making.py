"""Rendering and signing returns in the background: the snapshot becomes files, and approved files are sealed once."""

from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from ccezone.background.ports import Outcome, Work
from ccezone.kernel.clock import Clock
from ccezone.printing.documents import Locale
from ccezone.printing.returns.document import render_return
from ccezone.printing.returns.workbook import return_workbook
from ccezone.statistics.ports import ReturnSeal
from ccezone.statistics.queries.returns import content, return_by_id, snapshot
from ccezone.statistics.service.returns import SIGNED_FILES, keep_renderings, keep_signed
from ccezone.storage import Database


@dataclass(frozen=True, slots=True)
class RenderReturn:
    """Does the jobs of kind ``service.returns.RENDER_JOB`` (``background.ports.Handler``)."""

    database: Database
    clock: Clock

    def __call__(self, work: Work) -> Outcome:
        """Render a snapshot to every file it comes as."""
        return_id = UUID(str(work.arguments["return"]))
        with self.database.reading() as connection:
            document = snapshot(connection, return_id)
        made = rendered(document)
        with self.database.begin() as uow:
            work.reached(uow, len(made), len(made))
            keep_renderings(uow, return_id, made, self.clock)
        return Outcome({"files": sorted(made)})


@dataclass(frozen=True, slots=True)
class SignReturn:
    """Does the jobs of kind ``service.returns.SIGN_JOB`` (``background.ports.Handler``)."""

    database: Database
    clock: Clock
    seal: ReturnSeal

    def __call__(self, work: Work) -> Outcome:
        """Seal the PDFs of an approved return."""
        return_id = UUID(str(work.arguments["return"]))
        with self.database.reading() as connection:
            found = return_by_id(connection, return_id)
            drafts = {name: content(connection, return_id, name, "draft") for name in SIGNED_FILES}
        reason = found.spelled if found else ""
        made = {name: self.seal.sign(draft, reason, self.clock.now()) for name, draft in drafts.items() if draft is not None}
        with self.database.begin() as uow:
            work.reached(uow, len(made), len(made))
            keep_signed(uow, return_id, made, self.seal.fingerprint, self.clock)
        return Outcome({"files": sorted(made)})


def rendered(document: bytes) -> dict[str, bytes]:
    """Render a snapshot to PDF and workbook in both languages."""
    found: dict[str, bytes] = {}
    for locale in get_args(Locale):
        found[f"{locale}.pdf"] = render_return(document, locale)
        found[f"{locale}.xlsx"] = return_workbook(document, locale)
    return found
