"""Codes are judged by the published vectors, and each judgement can fail."""

import csv
from pathlib import Path

import pytest

from ccezone.kernel import check_digits
from ccezone.kernel.check_digits import Verdict

_VECTORS = Path(__file__).parent / "vectors"
_KINDS = {"resident_id": "resident-id", "hs_code_10": "hs"}


def _rows(name: str) -> list[dict[str, str]]:
    with (_VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", _rows("uscc_vectors.csv"), ids=lambda row: row["code"])
def test_unified_social_credit_code_is_judged_as_its_vector_says(row: dict[str, str]) -> None:
    verdict = check_digits.check_uscc(row["code"])
    assert verdict.valid == (row["valid"] == "true"), verdict


@pytest.mark.parametrize("row", [r for r in _rows("uscc_vectors.csv") if r["valid"] == "true"], ids=lambda row: row["code"])
def test_check_characters_are_worked_out_as_the_vector_says(row: dict[str, str]) -> None:
    assert check_digits.complete_uscc(row["code"][:17])[17] == row["check_char_expected"]
    assert check_digits.check_organisation_code(row["org_code_9_17"]).valid == (row["org_code_check_ok"] == "true")


@pytest.mark.parametrize("row", _rows("checksum_other_vectors.csv"), ids=lambda row: f"{row['kind']}-{row['code']}")
def test_other_codes_are_judged_as_their_vectors_say(row: dict[str, str]) -> None:
    verdict = check_digits.CHECKS[_KINDS[row["kind"]]](row["code"])
    assert verdict.valid == (row["valid"] == "true"), verdict


def test_rural_organisations_may_hold_letters_at_the_head_of_their_code() -> None:
    assert check_digits.check_uscc(check_digits.complete_uscc("N2360702MF0000001"))


@pytest.mark.parametrize("code", ["3607960ABC", "1105910159", "330766K00W"])
def test_customs_registration_codes_of_ten_are_well_formed(code: str) -> None:
    assert check_digits.check_customs_registration_code(code)


@pytest.mark.parametrize("code", ["", "110591015", "11059101599", "9905910159", "11059a0159", "A105910159", "１105910159"])
def test_a_customs_registration_code_of_another_shape_is_refused_with_a_reason_in_both_languages(code: str) -> None:
    verdict = check_digits.check_customs_registration_code(code)
    assert not verdict
    assert verdict.reason_zh
    assert verdict.reason_en


@pytest.mark.parametrize("code", ["0735141180", "07351411X", "07351411-8", "a73514118", ""])
def test_an_organisation_code_that_does_not_add_up_is_refused(code: str) -> None:
    assert not check_digits.check_organisation_code(code)


@pytest.mark.parametrize("number", ["110105000112310020", "11010518491231002X", "３60702199001010014", ""])
def test_an_impossible_birth_or_a_wide_digit_is_refused(number: str) -> None:
    assert not check_digits.check_resident_id(number)


def test_a_missing_check_character_is_added_to_a_resident_id() -> None:
    assert check_digits.complete_resident_id("11010519491231002") == "11010519491231002X"


@pytest.mark.parametrize("head", ["1101051949123100", "1101051949123100A", "99010519491231002"])
def test_a_head_that_cannot_become_a_resident_id_is_an_error(head: str) -> None:
    with pytest.raises(ValueError, match=r"must be|no area"):
        check_digits.complete_resident_id(head)


@pytest.mark.parametrize("head", ["9136070", "9136070OMAK2A20Y3", "01360700MAK2A20Y3"])
def test_a_head_that_cannot_become_a_credit_code_is_an_error(head: str) -> None:
    with pytest.raises(ValueError, match=r"must have|not allowed|authority"):
        check_digits.complete_uscc(head)


def test_shorter_commodity_codes_are_judged_when_asked_for() -> None:
    assert check_digits.check_hs_code("9503", digits=4)
    assert not check_digits.check_hs_code("9503", digits=6)
    assert not check_digits.check_hs_code("9500000000")
    with pytest.raises(ValueError, match="4, 6, 8 or 10"):
        check_digits.check_hs_code("95030", digits=5)


def test_a_verdict_is_true_only_when_valid() -> None:
    assert Verdict(True)
    assert not Verdict(False, "因", "reason")
