"""The reader of one column, with a memory for what it has seen: most columns hold few different texts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from integrations.workbooks.cells.codes import read_code
from integrations.workbooks.cells.numbers import read_number
from integrations.workbooks.cells.outcome import Read, spoiled
from integrations.workbooks.cells.texts import read_text
from integrations.workbooks.cells.times import read_time
from integrations.workbooks.grid import Broken, Cell
from schemas.derive.workbook import Column

_Rule: TypeAlias = Callable[[Cell], Read]
_MEMORY = 8_192


@dataclass(slots=True)
class Reader:
    """Reads the cells of one column."""

    rule: _Rule
    seen: dict[str | float, Read] = field(default_factory=dict)

    def read(self, cell: Cell) -> Read:
        """Read a cell that is not blank. Whoever looks into ``seen`` first asks for ``str`` or ``float``: ``True`` equals 1."""
        if type(cell) is str or type(cell) is float:
            known = self.seen.get(cell)
            if known is None:
                if len(self.seen) >= _MEMORY:
                    self.seen.clear()
                known = self.seen[cell] = self.rule(cell)
            return known
        if isinstance(cell, bool):
            return spoiled("cell_boolean", cell)
        if isinstance(cell, Broken):
            return spoiled("cell_formula_error", cell)
        return self.rule(cell)


def reader(column: Column, era: date | None, comma_decimal: bool = False) -> Reader:
    """Return the reader of a column. ``era``: the day serials count from; ``comma_decimal``: see ``Grid``."""
    return Reader(_rule(column, era, comma_decimal))


def _rule(column: Column, era: date | None, comma_decimal: bool) -> _Rule:
    codes, names, length = column.codes, column.number, column.length
    if column.kind in ("decimal", "integer"):
        whole = column.kind == "integer"
        return lambda cell: read_number(cell, whole=whole, comma_decimal=comma_decimal)
    if column.kind in ("datetime", "date"):
        moment = column.kind == "datetime"
        return lambda cell: read_time(cell, moment=moment, era=era)
    if codes is not None:
        return lambda cell: read_code(cell, codes)
    return lambda cell: read_text(cell, names=names, length=length)
