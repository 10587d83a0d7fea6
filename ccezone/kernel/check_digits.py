"""Codes that prove themselves: what their own digits can tell, before anybody is asked.

Unified social credit code (GB 32100-2015), organisation code (GB 11714), resident identity number (GB 11643-1999),
ten-digit commodity code, customs registration code. A valid code is well formed; whether it was issued is not told.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NewType

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

UnifiedSocialCreditCode = NewType("UnifiedSocialCreditCode", str)
ResidentId = NewType("ResidentId", str)
OrganisationCode = NewType("OrganisationCode", str)
CustomsRegistrationCode = NewType("CustomsRegistrationCode", str)
HsCode = NewType("HsCode", str)

_USCC_SHAPE = re.compile(r"[1-9ANY][0-9A-HJ-NP-RTUW-Y][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}")
_USCC_LETTERS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_ORGANISATION_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_CUSTOMS_SHAPE = re.compile(r"[0-9]{4}[0-9A-Z]{6}")
# Province-level heads of GB/T 2260. 81, 82 and 83 also head residence permits (Hong Kong, Macao, Taiwan residents).
_MAINLAND = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]")
_RESIDENT_PROVINCES = re.compile(rf"{_MAINLAND.pattern}|71|8[1-3]")
_HS_LENGTHS = (4, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a code is well formed, and the reason in both languages when it is not (empty when it is)."""

    valid: bool
    reason_zh: str = ""
    reason_en: str = ""

    def __bool__(self) -> bool:
        return self.valid


_GOOD = Verdict(True)


def _bad(reason_zh: str, reason_en: str) -> Verdict:
    return Verdict(False, reason_zh, reason_en)


def check_uscc(value: str) -> Verdict:
    """Judge a unified social credit code as stored text: 18 characters, upper case, half width.

    Letters may stand in positions 1-2 (registration authority, kind) and from 9 on, never in the area code.
    The organisation code inside (9-17) is not judged by its own check digit: position 18 covers it.
    """
    if len(value) != 18:
        return _bad(f"应为18位，实为{len(value)}位", f"must have 18 characters, has {len(value)}")
    for position, character in enumerate(value, start=1):
        if character not in _USCC_LETTERS:
            return _bad(
                f"第{position}位“{character}”不可用：只用数字和大写字母，且不用I、O、S、V、Z",
                f"position {position}: {character!r} is not allowed (digits and capital letters without I, O, S, V, Z)",
            )
    if not _USCC_SHAPE.fullmatch(value):
        return _bad(
            "登记管理部门代码（第1位）或登记管理机关行政区划码（第3—8位）不合规定",
            "the registration authority (position 1) or the area code (positions 3-8) is not one",
        )
    expected = uscc.calc_check_digit(value[:17])
    if value[17] != expected:
        return _bad(
            f"校验码不符：第18位应为“{expected}”，实为“{value[17]}”",
            f"check character does not agree: position 18 should be {expected}, is {value[17]}",
        )
    return _GOOD


def check_organisation_code(value: str) -> Verdict:
    """Judge an organisation code: 8 digits or capital letters and a modulus-11 check digit, without the hyphen."""
    if not _ORGANISATION_SHAPE.fullmatch(value):
        return _bad("应为8位数字或大写字母加1位校验码", "must be 8 digits or capital letters and one check digit")
    total = sum(int(character, 36) * weight for character, weight in zip(value, _ORGANISATION_WEIGHTS, strict=False))
    expected = "0123456789X0"[11 - total % 11]
    if value[8] != expected:
        return _bad(f"校验码不符：应为“{expected}”", f"check digit does not agree: should be {expected}")
    return _GOOD


def check_resident_id(value: str) -> Verdict:
    """Judge a resident identity number. A final lower-case ``x`` counts as ``X``.

    Of the area code only the province is judged: county codes come and go, and a number keeps the one it was born with.
    """
    number = value.upper() if value.isascii() else value
    if not _RESIDENT_SHAPE.fullmatch(number):
        return _bad("应为17位数字加1位校验码（数字或X）", "must be 17 digits and one check character (digit or X)")
    if not _RESIDENT_PROVINCES.match(number):
        return _bad(f"行政区划码“{number[:6]}”不存在", f"there is no area code {number[:6]}")
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        return _bad(f"出生日期“{number[6:14]}”不存在", f"there is no date of birth {number[6:14]}")
    if not 1880 <= born.year < 2100:
        return _bad(f"出生日期“{number[6:14]}”不可能", f"date of birth {number[6:14]} is impossible")
    expected = ric.calc_check_digit(number)
    if number[17] != expected:
        return _bad(f"校验码不符：末位应为“{expected}”", f"check character does not agree: the last should be {expected}")
    return _GOOD


def check_hs_code(value: str, digits: int = 10) -> Verdict:
    """Judge the shape of a commodity code of ``digits`` digits (4, 6, 8 or 10): it has no check digit.

    Chapters run from 01 to 97; 77 is reserved, 98 and 99 are not used for goods lines.
    """
    if digits not in _HS_LENGTHS:
        raise ValueError(f"commodity codes have 4, 6, 8 or 10 digits, not {digits}")
    if len(value) != digits or not (value.isascii() and value.isdigit()):
        return _bad(f"应为{digits}位数字，不含分隔符", f"must be {digits} digits without separators")
    chapter = int(value[:2])
    if chapter == 77 or not 1 <= chapter <= 97:
        return _bad(f"第{value[:2]}章不是商品章", f"chapter {value[:2]} is no chapter of goods")
    if value[2:4] == "00":
        return _bad(f"品目“{value[:4]}”不存在", f"there is no heading {value[:4]}")
    return _GOOD


def check_customs_registration_code(value: str) -> Verdict:
    """Judge the shape of a customs registration code: 4 digits of place, then 6 digits or capital letters.

    Position 5 tells the economic area, 6 the kind of enterprise, 7-10 are serial. It has no check digit.
    (Structure: general knowledge, unverified; therefore nothing narrower is refused.)
    """
    if not _CUSTOMS_SHAPE.fullmatch(value):
        return _bad("应为10位：前4位数字，后6位数字或大写字母", "must be 10 long: 4 digits, then 6 digits or capital letters")
    if not _MAINLAND.match(value):
        return _bad(f"注册地“{value[:4]}”不存在", f"there is no place of registration {value[:4]}")
    return _GOOD


def complete_uscc(head: str) -> UnifiedSocialCreditCode:
    """Add the check character to the first 17 of a unified social credit code. Raises ``ValueError``."""
    code = head + uscc.calc_check_digit(head) if set(head) <= _USCC_LETTERS else head
    verdict = check_uscc(code)
    if not verdict:
        raise ValueError(verdict.reason_en)
    return UnifiedSocialCreditCode(code)


def complete_resident_id(head: str) -> ResidentId:
    """Add the check character to the first 17 digits of a resident identity number. Raises ``ValueError``."""
    number = head + ric.calc_check_digit(head + "0") if head.isascii() and head.isdigit() else head
    verdict = check_resident_id(number)
    if not verdict:
        raise ValueError(verdict.reason_en)
    return ResidentId(number)


CHECKS: Mapping[str, Callable[[str], Verdict]] = {
    "uscc": check_uscc,
    "resident-id": check_resident_id,
    "organisation-code": check_organisation_code,
    "hs": check_hs_code,
    "customs-registration": check_customs_registration_code,
}
