"""Drawing sheets onto the pages that were laid out for them, and hanging their rows into the file's tree of tags.

WeasyPrint lays out an empty block for every sheet, with heading, caption, running head and page number around it, and hands the
file over before it is written. Only what the PDF format says is used here: pages, resources, structure elements, the parent tree.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pydyf

from ccezone.printing.ruled.faces import FAMILY, Face, face
from ccezone.printing.ruled.fonts import embed
from ccezone.printing.ruled.inking import Ink, inked
from ccezone.printing.ruled.sheets import Sheet

_PX = 0.75  # points
_FACE = "RuledFace"


class Misplaced(ValueError):
    """The blocks laid out for sheets are not where they must be: nothing is drawn rather than something wrong."""


class Written(pydyf.Object):  # type: ignore[misc]  # pydyf has no types
    """An object of a file, written out already."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    @property
    def data(self) -> bytes:
        """The object's bytes."""
        return self._data


def drawn(sheets: Sequence[Sheet]) -> Callable[[Any, Any], None]:
    """Return what draws sheets into a laid-out document (a ``finisher`` of WeasyPrint). It raises ``Misplaced``."""

    def finish(document: Any, pdf: Any) -> None:
        if sheets and (known := face()):
            _draw(sheets, known, document, pdf)
        _press(pdf)
        _press_once(pdf)

    return finish


def _draw(sheets: Sequence[Sheet], known: Face, document: Any, pdf: Any) -> None:
    places = _places(sheets, document)
    used = frozenset("".join(_texts(sheets)))
    kids: Sequence[int] = pdf.pages["Kids"][::3]
    first = pdf.objects[kids[0]]
    fonts = _at(pdf, _at(pdf, first["Resources"])["Font"])
    fonts[_FACE] = embed(pdf, known, FAMILY, used)
    tree = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    blocks = _blocks(pdf)
    opening = pydyf.Stream([b"q"])
    pdf.add_object(opening)
    for sheet in sheets:
        page_number, left, top = places[sheet.name]
        page = pdf.objects[kids[page_number]]
        found = blocks.get(page.reference, ())
        if len(found) != 1:
            raise Misplaced(f"page {page_number + 1} has {len(found)} empty blocks where {sheet.name} belongs")
        marks: list[Any] = tree[2 * page_number + 1]
        ink = inked(sheet, known, (left, page["MediaBox"][3] - top), (_FACE, len(marks)))
        content = pydyf.Stream([b"Q\n" + ink.content], compress=True)
        pdf.add_object(content)
        page["Contents"] = pydyf.Array([opening.reference, page["Contents"], content.reference])
        _hang(pdf, found[0], page.reference, ink, marks)


def _places(sheets: Sequence[Sheet], document: Any) -> Mapping[str, tuple[int, float, float]]:
    """Return the page of every sheet, and its corner from the page's top left, in points. Raises ``Misplaced``."""
    found = {}
    for number, page in enumerate(document.pages):
        for name, (x, y, *_rest) in page.anchors.items():
            found[name] = (number, x * _PX, y * _PX)
    if absent := [sheet.name for sheet in sheets if sheet.name not in found]:
        raise Misplaced(f"no block was laid out for {absent[0]}")
    if len({found[sheet.name][0] for sheet in sheets}) != len(sheets):
        raise Misplaced("two sheets were laid out on one page")
    return found


def _texts(sheets: Sequence[Sheet]) -> Sequence[str]:
    heads = [line for sheet in sheets for lines in sheet.heads for line in lines]
    rows = [row for sheet in sheets for row in sheet.rows]
    return [*heads, *(text for row in rows for text in (*row.head, *row.cells, row.under_head, *row.under))]


def _blocks(pdf: Any) -> Mapping[bytes, Sequence[Any]]:
    """Return the structure elements of empty blocks, by the reference of their page."""
    found: dict[bytes, list[Any]] = {}
    for each in pdf.objects:
        if isinstance(each, pydyf.Dictionary) and each.get("S") == "/Div" and not each["K"]:
            found.setdefault(each["Pg"], []).append(each)
    return found


def _hang(pdf: Any, block: Any, page: bytes, ink: Ink, marks: list[Any]) -> None:
    """Make a block a table whose rows hold the marked content of a page; ``marks``: the page's entry in the parent tree."""
    block["S"] = "/Table"
    for group, rows in (("THead", ink.heads), ("TBody", ink.rows)):
        number = len(pdf.objects)
        numbers, cells = [], number + 1
        parts = []
        for row in rows:
            numbers.append(cells)
            inside = range(cells + 1, cells + 1 + len(row))
            parts.append(_element("TR", number, page, b"".join(b"%d 0 R " % each for each in inside)))
            for own, cell in zip(inside, row, strict=True):
                kind, more = cell.kind
                parts.append(_element(kind, cells, page, b"%d" % cell.mark, more))
                marks.append(b"%d 0 R" % own)
            cells += 1 + len(row)
        pdf.add_object(Written(_element(group, block.number, page, b"".join(b"%d 0 R " % each for each in numbers))))
        for part in parts:
            pdf.add_object(Written(part))
        block["K"].append(b"%d 0 R" % number)


def _element(kind: str, parent: int, page: bytes, kids: bytes, more: bytes = b"") -> bytes:
    return b"<</Type/StructElem/S/%s/P %d 0 R/Pg %s/K[%s]%s>>" % (kind.encode(), parent, page, kids, more)


def _at(pdf: Any, reference: bytes) -> Any:
    """Return the object a reference names."""
    return pdf.objects[int(reference.split()[0])]


def _press(pdf: Any) -> None:
    """Compress streams as zlib does by itself: its highest level, which pydyf takes, costs three times as long for two per cent."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.compress:
            _pack(each, zlib.Z_DEFAULT_COMPRESSION)


def _press_once(pdf: Any) -> None:
    """Have the file's one stream of objects compressed when it is added: pydyf does it when it writes it and to hash it, alike."""
    add = pdf.add_object

    def pressed(each: Any) -> None:
        if isinstance(each, pydyf.Stream) and each.compress:
            _pack(each, zlib.Z_BEST_COMPRESSION)  # as pydyf does: files of every layout stay as they were
        add(each)

    pdf.add_object = pressed


def _pack(stream: Any, level: int) -> None:
    content = b"\n".join(part if isinstance(part, bytes) else _spelled(part) for part in stream.stream)
    stream.stream, stream.compress = [zlib.compress(content, level)], False
    stream.extra["Filter"] = "/FlateDecode"


def _spelled(part: Any) -> bytes:
    return part.data if isinstance(part, pydyf.Object) else str(part).encode("ascii")
