"""What a return says of its largest movers: told of final figures with a whole base alone, each number a difference of its rows."""

import re
from decimal import Decimal
from typing import Any

import pytest

from ccezone.printing.documents import Locale
from ccezone.printing.returns.movers import moved, movers
from ccezone.statistics.queries.return_document import compared
from ccezone.statistics.queries.returns import Volume
from ccezone.statistics.rules.returns import COLUMNS, Amount, Cells, Series, table

_NUMBER = re.compile(r"\d[\d,]*\.\d+")
_LANGUAGES: tuple[Locale, ...] = ("zh", "en")


def row(export: int, imported: int = 0) -> Cells:
    return {"export": Amount(1, Decimal(export)), "import": Amount(1, Decimal(imported))}


def countries() -> dict[str, Any]:
    now = {"A": row(150, 7), "B": row(40), "C": row(300), "": row(108), "E": row(80, 3)}
    former = {"A": row(100, 2), "B": row(100), "C": row(290), "": row(100), "D": row(20), "E": row(80, 3)}
    made = table("country", now, {"former": former, "before": None}, COLUMNS)
    return {**made, "rows": [{**each, "zh": f"国{each['key']}", "en": f"Land {each['key']}"} for each in made["rows"]]}


def returned(told: dict[str, Any], kind: str = "monthly", bases: tuple[str, ...] = ("former",)) -> dict[str, Any]:
    return {"kind": kind, "coverage": {"compared": list(bases)}, "tables": [told]}


def test_those_that_moved_most_are_named_with_their_share_of_all_that_rose_or_fell() -> None:
    [zh], [en] = (movers(returned(countries()), locale) for locale in _LANGUAGES)
    assert zh == (
        "与上一报告期相比，按国家（地区）分，出口增加最多的是国A（增加 50.00 元，占增加额的 73.5%）、"
        "国C（增加 10.00 元，占增加额的 14.7%），出口减少最多的是国B（减少 60.00 元，占减少额的 75.0%）、"
        "国D（减少 20.00 元，占减少额的 25.0%），进口增加最多的是国A（增加 5.00 元，占增加额的 100.0%）。"
    )
    assert en == (
        "Against the period before this one, by country or region, exports rose most for Land A (by CNY 50.00, 73.5% of all rises) "
        "and Land C (by CNY 10.00, 14.7% of all rises), exports fell most for Land B (by CNY 60.00, 75.0% of all falls) and Land D "
        "(by CNY 20.00, 25.0% of all falls), imports rose most for Land A (by CNY 5.00, 100.0% of all rises)."
    )


@pytest.mark.parametrize("locale", _LANGUAGES)
def test_every_number_that_is_told_follows_from_two_amounts_of_a_row(locale: Locale) -> None:
    told = countries()
    changes = {
        abs(Decimal(each["cells"][flow]["value"]) - Decimal(each["cells"][flow]["former"]))
        for each in told["rows"]
        for flow in ("export", "import")
    }
    shares = {one.share for flow in ("export", "import") for found in moved(told, flow, "former") for one in found}
    [text] = movers(returned(told), locale)
    numbers = [Decimal(each.replace(",", "")) for each in _NUMBER.findall(text)]
    assert len(numbers) == 10
    assert all(number in changes for number in numbers[::2])
    assert all(number in shares for number in numbers[1::2])


@pytest.mark.parametrize("locale", _LANGUAGES)
def test_nothing_is_said_without_a_base_of_tables_that_are_not_printed_or_where_nothing_moved(locale: Locale) -> None:
    assert movers(returned(countries(), bases=()), locale) == []
    assert movers({**returned(countries()), "coverage": {}}, locale) == []  # of layout 3 and before
    parks = {**countries(), "name": "park"}
    assert movers(returned(parks, "weekly"), locale) == []
    assert movers(returned(parks, "monthly"), locale)
    still = table("country", {"A": row(5)}, {"former": {"A": row(5)}}, COLUMNS)
    assert movers(returned(still), locale) == []


def test_what_is_not_stated_is_named_where_it_moved_most() -> None:
    told = countries()
    nobodys = next(each for each in told["rows"] if not each["key"])
    nobodys["cells"]["export"]["value"] = "1108.00"
    [rose, *_], _fell = moved(told, "export", "former")
    assert rose.row is nobodys


def test_what_is_gone_keeps_a_row_of_nought_so_that_its_fall_is_told() -> None:
    gone = next(each for each in countries()["rows"] if each["key"] == "D")
    assert gone["cells"]["export"] == {"lists": 0, "value": "0.00", "before": None, "growth": None, "former": "20.00"}


def test_movements_are_told_of_final_figures_whose_goods_all_have_their_worth() -> None:
    whole, lacking, others = Volume(), Volume(unpriced={"502": Amount(1)}), Volume(unpriced_others={"502": Amount(1)})
    assert compared(Series.FINAL, whole, {"before": None, "former": whole}) == ["former"]
    assert compared(Series.FINAL, whole, {"before": whole, "former": whole}) == ["before", "former"]
    assert compared(Series.PRELIMINARY, whole, {"before": whole, "former": whole}) == []
    assert compared(Series.FINAL, lacking, {"former": whole}) == []
    assert compared(Series.FINAL, whole, {"before": lacking, "former": others}) == []
