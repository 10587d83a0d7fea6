"""What became of the rows of a stretch of a workbook: taken, taken before, or going back with reasons; packed to be kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import orjson

from ccezone.bills.ports import CellFault, CellRepair, Deliveries, RefusedRow, SheetDocument, Workbook
from ccezone.bills.service.shapes import BatchOutcome
from ccezone.kernel.errors import Fault

_WHOLE_ROW = -1


@dataclass(slots=True)
class Findings:
    """Rows by what became of them, the refused ones themselves, and the cells that were put right."""

    accepted: int = 0
    replayed: int = 0
    rejected: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    repairs: list[CellRepair] = field(default_factory=list)

    def packed(self) -> bytes:
        """Spell them as they are kept (``queries.workbooks`` reads it)."""
        refused = [[row.number, list(row.cells), [_spelled(each) for each in row.faults]] for row in self.refused]
        repairs = [[each.row, each.column, each.kind, each.before, each.after] for each in self.repairs]
        return orjson.dumps({"refused": refused, "repairs": repairs})


def _spelled(found: CellFault) -> list[object]:
    return [found.column, found.fault.pointer, found.fault.code, dict(found.fault.params)]


def judge(
    book: Workbook, deliveries: Deliveries, message_type: str, stretch: Sequence[SheetDocument], outcome: BatchOutcome
) -> Findings:
    """Sort the rows of a stretch by what intake answered for their documents."""
    faults: dict[int, list[Fault]] = {}
    for found in outcome.faults:
        fault = replace(found.fault, pointer=deliveries.pointer(message_type, found.fault.pointer))
        faults.setdefault(found.position, []).append(fault)
    replays, findings = frozenset(outcome.replays), Findings()
    for position, document in enumerate(stretch):
        findings.repairs += document.repairs
        rows = len(document.rows)
        if position in faults:
            findings.rejected += rows
            findings.refused += _refused(book, document, faults[position])
        elif position in replays:
            findings.replayed += rows
        else:
            findings.accepted += rows
    return findings


def _refused(book: Workbook, document: SheetDocument, faults: Sequence[Fault]) -> list[RefusedRow]:
    """A document goes back whole; rows with nothing wrong say which row is."""
    own = list(document.faults)
    read = {(each.fault.pointer, each.fault.code) for each in own}
    for fault in faults:
        if (fault.pointer, fault.code) not in read:
            own += book.places(document, fault)
    first = min(each.row for each in own)
    rows = []
    for number in document.rows:
        mine = [each for each in own if each.row == number]
        if not mine:
            mine = [CellFault(number, _WHOLE_ROW, Fault("", "sibling_refused", {"row": str(first)}))]
        rows.append(RefusedRow(number, book.cells(number), mine))
    return rows
