"""Searching the tariff: by code, by words in any order, by likeness; quick over the whole list."""

import pytest

from schemas.codes.tariff import known_rates, search_tariff


def codes(text: str, limit: int = 20) -> list[str]:
    """Codes found, best first."""
    return [hit.entry.hs_code for hit in search_tariff(text, limit)]


@pytest.mark.parametrize("text", ["0902209000", "0902.2090.00", "090220 9000"])
def test_a_whole_code_finds_itself_however_it_is_divided(text: str) -> None:
    assert codes(text) == ["0902209000"]


def test_the_beginning_of_a_code_finds_all_that_begin_so_in_order() -> None:
    found = codes("0902", 100)
    assert found == sorted(found)
    assert found
    assert all(code.startswith("0902") for code in found)


def test_words_may_come_in_any_order_and_must_all_occur() -> None:
    assert set(codes("衬衫 棉", 500)) == set(codes("棉 衬衫", 500))
    assert all("棉" in hit.entry.name_zh and "衬衫" in hit.entry.name_zh for hit in search_tariff("棉 衬衫", 500))


def test_what_is_called_so_comes_before_what_only_holds_the_word() -> None:
    assert search_tariff("鲜草莓")[0].entry.name_zh == "鲜草莓"


def test_a_name_written_another_way_is_found_by_what_it_shares() -> None:
    assert any("男衬衫" in hit.entry.name_zh for hit in search_tariff("纯棉针织男衬衫"))


def test_english_names_are_found_where_they_are_known() -> None:
    assert search_tariff("Strawberries fresh")[0].entry.hs_code == "0810100000"


@pytest.mark.parametrize("text", ["", "  ", "9", "㊙㊙㊙不存在的东西", "'; --"])
def test_nothing_or_nonsense_is_no_error(text: str) -> None:
    assert isinstance(search_tariff(text), list)


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    whole = codes("62", 60)
    assert [hit.entry.hs_code for start in (0, 20, 40) for hit in search_tariff("62", 20, start)] == whole


def test_rates_are_told_with_what_they_rest_on_or_not_at_all() -> None:
    rates = known_rates("0810100000")
    assert rates is not None
    assert (rates.vat, rates.vat_basis, rates.refund_basis) == ("9", "source", "unverified")
    assert known_rates("0101210010") is None
