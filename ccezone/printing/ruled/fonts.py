"""Embedding a face's subset into a PDF as a CID font: glyphs by number, their widths, and what text they are."""

from typing import Any

import pydyf

from ccezone.printing.ruled.faces import Face, tag

_TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
{ranges}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
_AT_ONCE = 100  # what the format allows in one section


def embed(pdf: Any, face: Face, family: str, characters: frozenset[str]) -> bytes:
    """Add a font with some characters to a file; return the reference of its dictionary."""
    glyphs = {face.glyphs[ord(each)]: each for each in sorted(characters, reverse=True)}
    name = f"/{tag(characters)}+{family.replace(' ', '-')}"
    outlines = _added(pdf, pydyf.Stream([face.subset(characters)], pydyf.Dictionary({"Subtype": "/CIDFontType0C"}), compress=True))
    meaning = _added(pdf, pydyf.Stream([_to_unicode(glyphs)], compress=True))
    described = {
        "Type": "/FontDescriptor",
        "FontName": name,
        "Flags": 4,
        "FontBBox": pydyf.Array(face.box),
        "ItalicAngle": 0,
        "Ascent": face.ascent,
        "Descent": face.descent,
        "CapHeight": face.ascent,
        "StemV": 80,
        "FontFile3": outlines,
    }
    widths = [item for glyph in sorted(glyphs) for item in (glyph, pydyf.Array([face.widths[glyph]]))]
    descendant = {
        "Type": "/Font",
        "Subtype": "/CIDFontType0",
        "BaseFont": name,
        "CIDSystemInfo": pydyf.Dictionary({"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}),
        "FontDescriptor": _added(pdf, pydyf.Dictionary(described)),
        "DW": 1000,
        "W": pydyf.Array(widths),
    }
    font = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": name,
        "Encoding": "/Identity-H",
        "DescendantFonts": pydyf.Array([_added(pdf, pydyf.Dictionary(descendant))]),
        "ToUnicode": meaning,
    }
    return _added(pdf, pydyf.Dictionary(font))


def _to_unicode(glyphs: dict[int, str]) -> bytes:
    pairs = [f"<{glyph:04x}> <{ord(text):04x}>" for glyph, text in sorted(glyphs.items())]
    parts = [pairs[at : at + _AT_ONCE] for at in range(0, len(pairs), _AT_ONCE)]
    ranges = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return _TO_UNICODE.format(ranges=ranges).encode()


def _added(pdf: Any, each: Any) -> bytes:
    pdf.add_object(each)
    reference: bytes = each.reference
    return reference
