"""Finding the row of headings, and what each heading means."""

from collections.abc import Sequence
from dataclasses import dataclass

from integrations.workbooks.grid import Cell, Grid
from integrations.workbooks.guard import refuse
from schemas.derive.workbook import Column, Sheet, fold
from schemas.derive.workbook.result import OURS

_LOOK = 50  # rows to look for headings in
_LEAST = 3


@dataclass(frozen=True)
class Heading:
    """Where the headings stand, and which place of the sheet's columns each column of the file fills.

    ``places[n]`` is the n-th column's place among ``shape.columns``; ``None`` for one that is ours, surplus or blank.
    """

    shape: Sheet
    row: int
    texts: tuple[str, ...]
    places: tuple[int | None, ...]
    surplus: tuple[str, ...]

    @property
    def columns(self) -> tuple[Column | None, ...]:
        return tuple(None if place is None else self.shape.columns[place] for place in self.places)

    def missing(self) -> tuple[Column, ...]:
        """Mandatory columns that are not there, and that nothing else fills."""
        there = set(self.places)
        return tuple(
            column
            for place, column in enumerate(self.shape.columns)
            if column.required and place not in there and not self._filled(column, there)
        )

    def _filled(self, column: Column, there: set[int | None]) -> bool:
        other = self.shape.fallback(column)
        return (column.kind == "integer" and column.attribute == "line_no" and self.shape.min_lines > 0) or (
            other is not None and self.shape.columns.index(other) in there
        )

    @property
    def likeness(self) -> int:
        """How well the headings fit: those that are known, less what is missing and what is strange."""
        known = sum(place is not None for place in self.places)
        return 3 * known - 3 * len(self.missing()) - len(self.surplus)


def find_heading(grid: Grid, shapes: Sequence[Sheet]) -> Heading | None:
    """Return the best row of headings for any of these sheets; ``None`` where no row has three known headings.

    Raises ``Refused`` when two sheets fit equally well, or one column stands there twice.
    """
    found: list[Heading] = []
    for number, row in enumerate(grid.rows[:_LOOK]):
        texts = tuple(_text(cell) for cell in row)
        for shape in shapes:
            heading = _heading(shape, number, texts)
            if heading is not None:
                found.append(heading)
    if not found:
        return None
    best = max(found, key=lambda each: (each.likeness, -each.row))
    rivals = {each.shape.message_type for each in found if each.likeness == best.likeness and each.row == best.row}
    if len(rivals) > 1:
        raise refuse("workbook_kind_unclear", kinds="、".join(sorted(rivals)))
    _check_doubles(best)
    return best


def _heading(shape: Sheet, number: int, texts: tuple[str, ...]) -> Heading | None:
    places: list[int | None] = []
    surplus: list[str] = []
    seen: dict[str, int] = {}
    for text in texts:
        key = fold(text)
        known = shape.headings.get(key, ())
        turn = seen.get(key, 0)
        seen[key] = turn + 1
        if key in OURS or not key:
            places.append(None)
        elif turn < len(known):
            places.append(known[turn])
        elif known:
            places.append(known[-1])  # once too often: told later
        else:
            places.append(None)
            surplus.append(text)
    known_places = {place for place in places if place is not None}
    if len(known_places) < _LEAST or shape.main not in known_places:
        return None
    return Heading(shape, number, texts, tuple(places), tuple(surplus))


def _check_doubles(heading: Heading) -> None:
    places = [place for place in heading.places if place is not None]
    doubled = sorted({place for place in places if places.count(place) > 1})
    if doubled:
        raise refuse("heading_twice", **naming([heading.shape.columns[place] for place in doubled]))


def naming(columns: Sequence[Column]) -> dict[str, str]:
    """Name columns in both languages, for a problem's text."""
    zh, en = (column.label_zh for column in columns), (column.label_en for column in columns)
    return {"columns_zh": "、".join(zh), "columns_en": ", ".join(en)}


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else ""
