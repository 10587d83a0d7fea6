"""Kinds of messages: data with their words in both languages (``schemas/codes/notice_kinds.csv``)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ccezone.notices.rules import Channel
from schemas.codes import rows

Locale = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. ``audience`` is ``firm``, ``office``, ``bank`` or ``person``; a ``fixed`` one (security) cannot be switched off.

    Of a firm only those are told who may do ``permission``, where one is named.
    """

    code: str
    group: str
    channel: Channel
    fixed: bool
    audience: str
    permission: str
    words: Mapping[str, str]

    def label(self, locale: Locale) -> str:
        """Name the kind."""
        return self.words[f"label_{locale}"]

    def title(self, params: Mapping[str, object], number: int, locale: Locale) -> str:
        """Word the headline of a message that tells of ``number`` events."""
        return self.words[f"title_{locale}"].format_map(_filled(params, number))

    def text(self, params: Mapping[str, object], number: int, locale: Locale) -> str:
        """Word what a message says beyond its headline."""
        return self.words[f"text_{locale}"].format_map(_filled(params, number))


@cache
def kinds() -> Mapping[str, Kind]:
    """Return all kinds by code, in the order they are shown in."""
    return {
        row["code"]: Kind(
            row["code"], row["group"], Channel(row["channel"]), row["fixed"] == "y", row["audience"], row["permission"], row
        )
        for row in rows("notice_kinds")
    }


def kind_named(code: str) -> Kind:
    """Return a kind. Raises ``KeyError``: code and kinds come from the same release."""
    return kinds()[code]


def kinds_for(audience: str) -> list[Kind]:
    """Return the kinds that people of firms (``firm``), of the office, of banks may get; anybody else those about oneself."""
    wanted = {"person", audience}
    return [kind for kind in kinds().values() if kind.audience in wanted]


def _filled(params: Mapping[str, object], number: int) -> Mapping[str, str]:
    return defaultdict(lambda: "…", {**{name: str(value) for name, value in params.items()}, "number": f"{number:,}"})
