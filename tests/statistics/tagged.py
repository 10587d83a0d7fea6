"""Reading a tagged PDF by its structure, as a screen reader does: its tables, cell by cell, and what stands in each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject

_ONE = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


@dataclass(frozen=True)
class Table:
    """A table as its tags tell it; every row is the texts of its cells."""

    caption: str
    rows: Sequence[Sequence[str]]


class Tagged:
    """A PDF with its structure and the text of every marked piece of content."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(BytesIO(content))
        self.root: Any = self.reader.trailer["/Root"]
        pages = enumerate(self.reader.pages)
        self.texts = {(number, mark): text for number, page in pages for mark, text in _marked(page, self.reader).items()}
        self.places = {page.indirect_reference.idnum: at for at, page in enumerate(self.reader.pages) if page.indirect_reference}

    def elements(self, kind: str, under: Any = None) -> Iterator[Any]:
        """Every structure element of a kind, in the order of reading."""
        for each in self._kids(under if under is not None else self.root["/StructTreeRoot"]):
            if isinstance(each, DictionaryObject) and "/S" in each:
                if str(each["/S"]) == f"/{kind}":
                    yield each
                yield from self.elements(kind, each)

    def text(self, element: Any) -> str:
        """What an element says, with all under it."""
        return "".join(self._said(element, None))

    def tables(self) -> list[Table]:
        """Every table; what goes on over a page, under heads told again, is one."""
        found: list[Table] = []
        for each in map(self._table, self.elements("Table")):
            if each.caption or not found:
                found.append(each)
            else:
                assert each.rows[0] == found[-1].rows[0]
                found[-1] = Table(found[-1].caption, [*found[-1].rows, *each.rows[1:]])
        return found

    def _table(self, table: Any) -> Table:
        captions = [self.text(each) for each in self.elements("Caption", table)]
        rows = [[self.text(cell) for cell in self._kids(row)] for row in self.elements("TR", table)]
        return Table("".join(captions), rows)

    def _kids(self, element: Any) -> Sequence[Any]:
        kids = element.get("/K")
        kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
        found = kids if isinstance(kids, ArrayObject) else [] if kids is None else [kids]
        return [each.get_object() for each in found]

    def _said(self, element: Any, page: int | None) -> Iterator[str]:
        at = self._page(element, page)
        for each in self._kids(element):
            if not isinstance(each, DictionaryObject):
                yield self.texts.get((at or 0, int(str(each))), "")
            elif "/MCID" in each:
                yield self.texts.get((self._page(each, at) or 0, int(str(each["/MCID"]))), "")
            else:
                yield from self._said(each, at)

    def _page(self, element: Any, known: int | None) -> int | None:
        page = element.raw_get("/Pg") if "/Pg" in element else None
        return self.places[page.idnum] if page is not None else known


def _marked(page: PageObject, reader: PdfReader) -> Mapping[int, str]:
    """The text of every marked piece of a page's content."""
    resources: Any = page["/Resources"]
    fonts = {name: _letters(font.get_object()) for name, font in resources.get("/Font", {}).items()}
    content = page.get_contents()
    found: dict[int, str] = {}
    marks: list[int | None] = []
    letters: Mapping[bytes, str] = {}
    for operands, operator in ContentStream(content, reader).operations if content is not None else ():
        if operator in (b"BDC", b"BMC"):
            tag = operands[1] if len(operands) > 1 else {}
            marks.append(int(str(tag["/MCID"])) if isinstance(tag, DictionaryObject) and "/MCID" in tag else None)
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"Tf":
            letters = fonts[operands[0]]
        elif operator in (b"Tj", b"TJ"):
            mark = next((each for each in reversed(marks) if each is not None), None)
            if mark is not None:
                found[mark] = found.get(mark, "") + _text(operands[0], letters)
    return found


def _text(shown: Any, letters: Mapping[bytes, str]) -> str:
    pieces = [
        each.original_bytes for each in (shown if isinstance(shown, ArrayObject) else [shown]) if hasattr(each, "original_bytes")
    ]
    return "".join(letters[piece[at : at + 2]] for piece in pieces for at in range(0, len(piece), 2))


def _letters(font: Any) -> Mapping[bytes, str]:
    """What the two bytes of each glyph say, by the font's own table."""
    table = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    pairs = [pair for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S) for pair in _ONE.findall(block)]
    return {bytes.fromhex(glyph): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}
