"""The face long tables are set in: which glyph a character is, how wide it is, and a subset of the font to embed."""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

FAMILY = "Noto Sans CJK SC"
_READ = frozenset({"CFF ", "head", "maxp"})
"""Tables a subset's outlines follow from. All others go unread: the map of characters alone costs a tenth of a second."""
_SHAPED = ((0x0300, 0x036F), (0x0590, 0x109F), (0x1780, 0x18AF), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F))
"""Code points that a shaper must place: combining marks, scripts with joined or reordered letters, marks of direction."""


class _Remembered(dict[str, Any]):
    """Something about single characters, each found once: an annex asks after a million of them, and they are of few kinds."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, character: str) -> Any:
        found = self[character] = self._find(character)
        return found


@dataclass(frozen=True, slots=True)
class Face:
    """A face of a CID-keyed font. Widths, ascent and descent are in thousandths of the size."""

    path: str
    index: int
    glyphs: Mapping[int, int]
    widths: Mapping[int, int]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]
    _plain: _Remembered = field(init=False, repr=False, compare=False)
    _wide: _Remembered = field(init=False, repr=False, compare=False)
    _coded: _Remembered = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Begin to remember characters."""
        object.__setattr__(self, "_plain", _Remembered(lambda each: ord(each) in self.glyphs and not _shaped(ord(each))))
        object.__setattr__(self, "_wide", _Remembered(lambda each: self.widths[self.glyphs[ord(each)]]))
        object.__setattr__(self, "_coded", _Remembered(lambda each: f"{self.glyphs[ord(each)]:04x}"))

    def plain(self, text: str) -> bool:
        """Say whether a text can be set glyph by glyph: every character is in the face, and none needs a shaper."""
        return all(map(self._plain.__getitem__, text))

    def width(self, text: str) -> int:
        """Return how wide a plain text is."""
        return sum(map(self._wide.__getitem__, text))

    def coded(self, text: str) -> bytes:
        """Write a plain text as a string of a page's content, two bytes a glyph."""
        return b"<%s>" % "".join(map(self._coded.__getitem__, text)).encode()

    def subset(self, characters: frozenset[str]) -> bytes:
        """Return the outlines (CFF) of some characters: the same characters give the same bytes."""
        from fontTools import subset
        from fontTools.ttLib import TTFont
        from fontTools.unicodedata import mirrored

        options = subset.Options(layout_features=[], hinting=False, desubroutinize=True, notdef_outline=True)
        codes = {ord(each) for each in characters}
        codes |= {other for code in codes if (other := mirrored(code)) in self.glyphs}  # a bracket comes with the one that faces it
        with TTFont(self.path, fontNumber=self.index, lazy=True) as font:
            for table in font.reader.keys() - _READ:
                del font[table]
            subsetter = subset.Subsetter(options)
            subsetter.populate(gids=sorted(self.glyphs[code] for code in codes))
            subsetter.subset(font)
            outlines: bytes = font.getTableData("CFF ")
        return outlines


def tag(characters: frozenset[str]) -> str:
    """Return the six letters that tell one subset of a font from another."""
    return "".join(chr(65 + each % 26) for each in hashlib.sha256("".join(sorted(characters)).encode()).digest()[:6])


@cache
def face() -> Face | None:
    """Return the face; ``None`` where it is not installed as a CID-keyed font, whose glyphs pages could name by number."""
    from fontTools.ttLib import TTFont
    from matplotlib.font_manager import FontProperties, findfont

    try:
        found = findfont(FontProperties(family=[FAMILY]), fallback_to_default=False)
    except ValueError:
        return None
    index = int(getattr(found, "face_index", 0))
    with open(found, "rb") as file, TTFont(io.BytesIO(file.read()), fontNumber=index, lazy=True) as font:
        if "CFF " not in font or not hasattr(font["CFF "].cff.topDictIndex[0], "ROS"):
            return None
        scale = 1000 / font["head"].unitsPerEm
        glyphs = {code: int(name[3:]) for code, name in font.getBestCmap().items() if name.startswith("cid")}
        widths = {int(name[3:]): round(wide * scale) for name, (wide, _) in font["hmtx"].metrics.items() if name.startswith("cid")}
        head, lines = font["head"], font["hhea"]
        box = tuple(round(each * scale) for each in (head.xMin, head.yMin, head.xMax, head.yMax))
        return Face(str(found), index, glyphs, widths, round(lines.ascent * scale), round(lines.descent * scale), box)


def _shaped(code: int) -> bool:
    return code > 0xFFFF or any(first <= code <= last for first, last in _SHAPED)
