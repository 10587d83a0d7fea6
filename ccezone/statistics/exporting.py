"""Exporting all an enterprise's data in the background: a zip of CSV and JSON with a data dictionary.

Rows come through a server-side cursor of one snapshot and the archive leaves in sealed parts, so that memory stays bounded
whatever its size. An interrupted export starts again from the beginning; what a failed or stopped one wrote is dropped by
``service.drop_stale_parts``.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ccezone.background.ports import Outcome, Work
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.statistics.archives import PERSONAL, Parts, Stretch, as_csv, as_json
from ccezone.statistics.dictionary import dictionary, readme
from ccezone.statistics.service.exports import KEPT
from ccezone.statistics.sources import SOURCES, Source
from ccezone.statistics.tables import ExportPart
from ccezone.storage import Connection, Database, UnitOfWork
from ccezone.storage.copying import driver, fetch, run
from ccezone.storage.personal import PersonalVault, masked

_TOGETHER = 2_000  # rows fetched at once


@dataclass
class _Progress:
    """Rows written; each table is written twice."""

    database: Database
    work: Work
    of: int | None = None
    done: int = 0

    def add(self, rows: int) -> None:
        self.done += rows
        with self.database.begin() as uow:
            self.note(uow)

    def note(self, uow: UnitOfWork) -> None:
        self.work.reached(uow, self.done, self.of)


@dataclass(frozen=True, slots=True)
class ExportData:
    """Does the jobs of kind ``JOB`` (``background.ports.Handler``)."""

    database: Database
    vault: PersonalVault
    clock: Clock

    def __call__(self, work: Work) -> Outcome:
        """Write the archive anew. Whatever an earlier attempt left is dropped first."""
        if work.enterprise_id is None:
            raise Refused(Fault("", "job_not_found"))
        clear = bool(work.arguments.get("clear"))
        expires_at = self.clock.now() + KEPT
        with self.database.begin() as uow:
            work.reached(uow, 0)
            run(uow.connection, "DELETE FROM export_part WHERE job_id = %(job)s", {"job": work.job_id})
        progress = _Progress(self.database, work)
        parts = Parts(self._keeper(progress, expires_at))
        snapshot = self.database.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with snapshot as connection:
            counts = self._write(connection, progress, work.enterprise_id, parts, clear=clear)
        parts.finish()
        name = f"export-{self.clock.now().astimezone(SHANGHAI):%Y%m%d-%H%M%S}.zip"
        return Outcome({"name": name, "size": parts.written, "expires_at": expires_at.isoformat(), "tables": counts})

    def _keeper(self, progress: _Progress, expires_at: datetime) -> Callable[[bytes], None]:
        number = 0

        def keep(content: bytes) -> None:
            nonlocal number
            sealed = self.vault.seal_bytes(content)
            with self.database.begin() as uow:
                progress.note(uow)  # whoever lost the job writes nothing more
                uow.session.add(ExportPart(job_id=progress.work.job_id, number=number, content=sealed, expires_at=expires_at))
            number += 1

        return keep

    def _write(self, connection: Connection, progress: _Progress, firm: UUID, parts: Parts, *, clear: bool) -> dict[str, int]:
        counts = {source.name: int(fetch(connection, source.count, {"firm": firm})[0][0]) for source in SOURCES}
        progress.of = 2 * sum(counts.values())
        progress.add(0)
        with zipfile.ZipFile(parts, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr("README.txt", readme(clear=clear))
            archive.writestr("dictionary.csv", dictionary())
            for source in SOURCES:
                for ending, writer in (("csv", as_csv), ("json", as_json)):
                    with archive.open(f"{source.name}.{ending}", "w", force_zip64=True) as member:
                        for stretch in self._rows(connection, source, firm, clear=clear):
                            member.write(writer(source, stretch.rows, first=stretch.first))
                            progress.add(len(stretch.rows))
                        member.write(b"\n]\n" if ending == "json" else b"")
        return counts

    def _rows(self, connection: Connection, source: Source, firm: UUID, *, clear: bool) -> Iterator[Stretch]:
        """Yield rows by the thousand, at least one (empty) stretch."""
        first = True
        with driver(connection).cursor(name="export") as cursor:
            cursor.execute(source.statement.encode(), {"firm": firm})
            while (rows := cursor.fetchmany(_TOGETHER)) or first:
                yield Stretch([self._opened(source, row, clear=clear) for row in rows], first)
                first = False

    def _opened(self, source: Source, row: Sequence[Any], *, clear: bool) -> dict[str, object]:
        values = dict(zip(source.columns, row, strict=False))
        if source.sealed:
            opened = self.vault.open(bytes(row[-1])) if row[-1] else {}
            values[PERSONAL] = opened if clear else masked(opened)
        return values
