"""Short ways of drawing returns give the bytes of the long ones: files of earlier layouts are compared byte for byte."""

import io
import random
from pathlib import Path
from typing import Any

import orjson
import pydyf
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from ccezone.printing.returns.charts import charts
from ccezone.printing.ruled.drawing import drawn
from ccezone.printing.ruled.faces import face

_KEPT = Path(__file__).parents[1] / "statistics" / "layouts" / "3.json"
_IDENTIFIER = b"0123456789abcdef"


@pytest.mark.parametrize("seed", range(3))
def test_a_subset_has_the_outlines_that_are_cut_out_of_the_whole_font(seed: int) -> None:
    known = face()
    assert known
    drawn_by_lot = random.Random(seed).sample(sorted(known.glyphs), 60)  # any characters will do
    characters = frozenset("0123456789.,(（「≤%—" + "".join(map(chr, drawn_by_lot)))
    options = subset.Options(layout_features=[], hinting=False, desubroutinize=True, notdef_outline=True, name_IDs=[])
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG", "name", "post"]
    with TTFont(known.path, fontNumber=known.index, lazy=True) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(each) for each in characters])
        subsetter.subset(font)
        assert known.subset(characters) == font.getTableData("CFF ")


def test_a_chart_drawn_once_is_the_chart_that_is_drawn_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = orjson.loads(_KEPT.read_bytes())
    once = charts(snapshot, "zh")

    def twice(canvas: Any, buffer: io.BytesIO, metadata: dict[str, None]) -> None:
        monkeypatch.undo()
        figure: Figure = canvas.figure
        figure.savefig(buffer, format="svg", metadata=metadata)
        monkeypatch.setattr(FigureCanvasSVG, "print_svg", twice)

    monkeypatch.setattr(FigureCanvasSVG, "print_svg", twice)
    assert len(once) == 3
    assert charts(snapshot, "zh") == once


def _written(*, pressed: bool) -> bytes:
    pdf = pydyf.PDF()
    pdf.add_page(pydyf.Dictionary({"Type": "/Page", "Parent": pdf.pages.reference}))
    for number in range(300):
        pdf.add_object(pydyf.Dictionary({"Number": number * number}))
    if pressed:
        drawn([])(None, pdf)
    target = io.BytesIO()
    pdf.write(target, version=b"1.7", identifier=_IDENTIFIER, compress=True)
    return target.getvalue()


def test_a_file_whose_objects_are_compressed_once_is_the_file_pydyf_writes() -> None:
    assert _written(pressed=True) == _written(pressed=False)
    assert b"/ObjStm" in _written(pressed=True)
