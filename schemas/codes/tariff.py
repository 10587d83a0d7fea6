"""Searching the tariff: by the beginning of a code, by words of the name in any order, by what the words have in common.

All 11,929 codes of the 2019 edition are looked through in memory, some milliseconds; pairs of characters have an index.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from schemas.codes import HsEntry, Row, hs_entries, rows

_ENOUGH = 0.5  # share of a term's neighbouring characters that a name must hold to count as alike


@dataclass(frozen=True, slots=True)
class TariffHit:
    """A code that was found, with its English name where one is known."""

    entry: HsEntry
    name_en: str


@dataclass(frozen=True, slots=True)
class KnownRates:
    """What the hub knows of a code's rates, in per cent, empty where unknown; each with what it rests on."""

    vat: str
    vat_basis: str
    consumption: str
    refund: str
    refund_basis: str
    mfn_tariff: str
    source: str
    edition: str


@dataclass(frozen=True, slots=True)
class _Name:
    code: str
    zh: str
    en: str


def search_tariff(text: str, limit: int = 20, skip: int = 0) -> Sequence[TariffHit]:
    """Return the codes that fit best; digits (dots and spaces in them do not matter) are the beginning of a code.

    Several words must all occur in a name. Where no name holds a word as it stands, names are ranked by how much of it they hold.
    """
    digits = text.replace(".", "").replace(" ", "")
    words = text.casefold().split()
    if not digits or not words:
        return []
    found = _by_code(digits) if digits.isascii() and digits.isdigit() else _by_words(words)
    return [_hit(code) for code in found[skip : skip + limit]]


def known_rates(hs_code: str) -> KnownRates | None:
    """Return the rates the hub's tariff sample states for a ten-digit code, ``None`` when it lacks the code."""
    row = _sample().get(hs_code)
    if row is None:
        return None
    return KnownRates(
        row["import_vat_rate_pct"],
        row["vat_basis"],
        row["ct_advalorem_pct"],
        row["export_refund_rate_pct"],
        row["refund_basis"],
        row["mfn_tariff_pct"],
        row["source"],
        row["edition"],
    )


def _hit(code: str) -> TariffHit:
    return TariffHit(hs_entries()[code], _sample().get(code, {}).get("name_en", ""))


def _by_code(digits: str) -> list[str]:
    return [name.code for name in _names() if name.code.startswith(digits)]


def _by_words(words: Sequence[str]) -> list[str]:
    exact = [name for name in _names() if all(word in name.zh or word in name.en for word in words)]
    if exact:
        return [name.code for name in sorted(exact, key=lambda name: _distance(name, words[0]))]
    wanted = {pair for word in words for pair in _pairs(word)}
    if not wanted:
        return []
    shared = Counter(at for pair in wanted for at in _holders().get(pair, ()))
    alike = [(count, _names()[at]) for at, count in shared.items() if count >= _ENOUGH * len(wanted)]
    return [name.code for count, name in sorted(alike, key=lambda item: (-item[0], len(item[1].zh), item[1].code))]


def _distance(name: _Name, word: str) -> tuple[bool, bool, int, str]:
    """What is called so comes first, then what begins so, then the shorter name."""
    called = word in (name.zh, name.en)
    return (not called, not name.zh.startswith(word), len(name.zh), name.code)


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)]


@cache
def _sample() -> Mapping[str, Row]:
    return {row["hs_code"]: row for row in rows("sample_tariff")}


@cache
def _names() -> tuple[_Name, ...]:
    english = {code: row["name_en"].casefold() for code, row in _sample().items()}
    found = sorted(rows("hs_codes_2019"), key=lambda row: row["hs_code"])
    return tuple(_Name(row["hs_code"], row["name_zh"].casefold(), english.get(row["hs_code"], "")) for row in found)


@cache
def _holders() -> Mapping[str, Sequence[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(_names()):
        for pair in {*_pairs(name.zh), *_pairs(name.en)}:
            found[pair].append(at)
    return found
