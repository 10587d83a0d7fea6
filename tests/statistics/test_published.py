"""Official tables stay as published: rows add up within rounding, growth is never computed, releases are never mixed."""

import io
import re
from decimal import Decimal

import pytest
from pypdf import PdfReader

from ccezone.printing.documents import Locale
from ccezone.printing.returns.published import SERIES, published_rows, render_published
from ccezone.statistics.rules.published import ROUNDING, gaps, one_series, published_table


@pytest.mark.parametrize("period", ["2019-10", "2019-12"])
def test_rows_add_to_the_total_within_rounding(period: str) -> None:
    found = gaps(published_table(published_rows(), SERIES, period))
    assert set(found) == {"export", "export_year", "import", "import_year"}
    assert all(abs(gap) <= ROUNDING for gap in found.values())


def test_a_row_that_is_missing_shows() -> None:
    rows = [row for row in published_rows() if row["breakdown"] != "Border Trade"]
    assert any(abs(gap) > ROUNDING for gap in gaps(published_table(rows, SERIES, "2019-10")).values())


def test_growth_is_printed_as_published_and_differs_from_what_would_be_computed() -> None:
    table = published_table(published_rows(), SERIES, "2019-10")
    assert table.rows["Goods on Lease"]["export"].growth is not None
    assert table.total["export"].growth == "-0.9"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_published(table, "en"))).pages)
    assert "212,916,095" in text
    assert "-0.9" in text
    printed = {Decimal(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+", text)}
    known = {said.value for cells in (*table.rows.values(), table.total) for said in cells.values()}
    assert printed <= known


@pytest.mark.parametrize(("locale", "unit"), [("zh", "单位：千美元"), ("en", "Unit: thousand USD")])
def test_the_unit_is_told_in_the_language_of_the_table(locale: Locale, unit: str) -> None:
    table = published_table(published_rows(), SERIES, "2019-10")
    pages = PdfReader(io.BytesIO(render_published(table, locale))).pages
    assert unit in pages[0].extract_text().replace("\n", "")


def test_the_same_table_gives_the_same_bytes() -> None:
    table = published_table(published_rows(), SERIES, "2019-12")
    assert render_published(table, "zh") == render_published(table, "zh")


def test_preliminary_and_final_figures_of_a_half_year_are_kept_apart() -> None:
    totals = {
        release: [row["value"] for row in one_series(published_rows(), "cbec_total", "2024H1", release) if row["flow"] == "imp+exp"]
        for release in ("preliminary", "final")
    }
    assert totals == {"preliminary": ["1.22"], "final": ["1.25"]}


def test_a_month_nobody_published_is_not_made_up() -> None:
    with pytest.raises(LookupError):
        published_table(published_rows(), SERIES, "2019-11")
