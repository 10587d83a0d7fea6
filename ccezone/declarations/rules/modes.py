"""The supervision modes a list may be filed under: one table that says for each what is declared, by whom and on what terms.

Sources: CEB603 and CEB621 field tables (edition 202205); GACC 2018 No. 194 (9610, 1210), GACC 2020 No. 75 (9710, 9810),
GACC 2024 No. 167 (gating bills, no filing of overseas warehouses), Caiguanshui 2016 No. 18 (imports).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

EXPORT_LIST, IMPORT_LIST = "CEB603Message", "CEB621Message"
CANCELLATIONS: Mapping[str, str] = {EXPORT_LIST: "CEB605Message", IMPORT_LIST: "CEB623Message"}


class Path(StrEnum):
    """How an export list is settled (``declaration_path``)."""

    STATISTICS = "A"
    """List release, summary statistics: no summary declaration, no tax refund."""
    DECLARATION = "B"
    """List release, summary declaration: the path a tax refund needs."""


class Condition(StrEnum):
    """A test that goods must pass."""

    NO_EXPORT_DUTY = "no_export_duty"
    NO_REFUND = "no_refund"
    NO_LICENCE = "no_licence"
    PARCEL_VALUE = "parcel_value"


@dataclass(frozen=True, slots=True)
class Mode:
    """One mode and flow.

    ``order_type`` is that of its orders, ``paths`` those a firm may choose from, the first unless it says otherwise
    (empty: the message knows none). ``needed`` are the head values that neither bills nor products tell; ``head`` and
    ``line`` (``LINE`` for all) what a form may state beyond them. ``conditions`` are the tests of path A, or of the mode
    itself for ``listed_only`` modes, whose goods otherwise go in a general declaration. ``source`` is the law.
    """

    trade_mode: str
    flow: str
    order_type: str
    message_type: str
    paths: tuple[Path, ...]
    needed: tuple[str, ...]
    head: tuple[str, ...]
    conditions: tuple[Condition, ...]
    source: str
    limit: str = ""
    digits: str = ""
    listed_only: bool = False
    refundable: bool = True

    @property
    def key(self) -> tuple[str, str]:
        return self.trade_mode, self.flow

    def gate(self, path: str) -> str:
        """Name the dated parameter that says which bills gate filing."""
        both = len(self.paths) > 1
        return f"filing.gating_bills.{self.trade_mode}.{self.flow}{f'.{path}' if both else ''}"

    @property
    def gates(self) -> Mapping[str, str]:
        """The gating parameter of every path a list of this mode may take."""
        return {path: self.gate(path) for path in self.paths or ("",)}

    def tested(self, path: str) -> bool:
        """Say whether lists on this path must pass the conditions."""
        return bool(self.conditions) and (self.listed_only or path == Path.STATISTICS)


_SITE = ("customs_code", "port_code", "transport_mode", "transport_name", "voyage_no", "bill_no", "loct_no", "license_no")
_PARTIES = ("agent_code", "agent_name")
_BONDED = ("bonded_enterprise_code", "bonded_enterprise_name", "ems_no")
_WEIGHTS = ("gross_weight", "net_weight", "packages", "wrap_type", "freight", "insurance", "note")
_EXPORT_HEAD = (
    *_SITE, *_PARTIES, "owner_code", "owner_name", "country", "pod", "total_package_no", *_WEIGHTS,
    "f_currency", "f_flag", "i_currency", "i_flag", "ie_date",
)  # fmt: skip
_IMPORT_HEAD = (*_SITE, *_PARTIES, "assure_code", "country", "ie_date", *_WEIGHTS)
_EXPORT_NEEDED = ("customs_code", "port_code", "transport_mode", "country", "pod", "wrap_type")
_IMPORT_NEEDED = ("customs_code", "port_code", "transport_mode", "assure_code")
_FOUR = tuple(Condition)
_B2B = (Condition.NO_EXPORT_DUTY, Condition.NO_LICENCE, Condition.PARCEL_VALUE)
_A, _B = Path.STATISTICS, Path.DECLARATION

LINE = (
    "hs_code", "goods_name", "specification", "bar_code", "item_record_no", "country", "trade_country", "qty1", "qty2",
    "unit1", "unit2", "note",
)  # fmt: skip
"""What a form may state of a line, where the product master says otherwise or nothing."""
STATEMENTS = ("no_export_duty", "no_refund", "no_licence")
"""What a firm may declare of its goods where no table tells: yes or no."""

_194, _75 = "GACC Announcement 2018 No.194", "GACC Announcement 2020 No.75"
MODES: tuple[Mode, ...] = (
    Mode(
        "9610", "E", "E", EXPORT_LIST, (_A, _B), _EXPORT_NEEDED, _EXPORT_HEAD, _FOUR, _194,
        limit="export.simplified_parcel_limit", digits="export.simplified_hs_digits.9610",
    ),
    Mode(
        "1210", "E", "E", EXPORT_LIST, (_A, _B), (*_EXPORT_NEEDED, *_BONDED), (*_EXPORT_HEAD, *_BONDED), _FOUR, _194,
        limit="export.simplified_parcel_limit", digits="export.simplified_hs_digits.9610",
    ),
    Mode(
        "9610", "I", "I", IMPORT_LIST, (), (*_IMPORT_NEEDED, "transport_name", "voyage_no", "country"), _IMPORT_HEAD, (),
        "Caiguanshui 2016 No.18; GACC Announcement 2018 No.194", refundable=False,
    ),
    Mode(
        "1210", "I", "I", IMPORT_LIST, (), (*_IMPORT_NEEDED, *_BONDED), (*_IMPORT_HEAD, *_BONDED), (),
        "Caiguanshui 2016 No.18; GACC Announcement 2018 No.194", refundable=False,
    ),
    Mode(
        "9710", "E", "B", EXPORT_LIST, (_A,), _EXPORT_NEEDED, _EXPORT_HEAD, _B2B, _75,
        limit="export.b2b_parcel_limit", digits="export.simplified_hs_digits.9710", listed_only=True, refundable=False,
    ),
    Mode(
        "9810", "E", "W", EXPORT_LIST, (_A,), _EXPORT_NEEDED, _EXPORT_HEAD, _B2B,
        "GACC Announcement 2020 No.75; GACC Announcement 2024 No.167",
        limit="export.b2b_parcel_limit", digits="export.simplified_hs_digits.9810", listed_only=True, refundable=False,
    ),
)  # fmt: skip
MODE: Mapping[tuple[str, str], Mode] = {mode.key: mode for mode in MODES}
"""Modes by (trade mode, flow)."""
_BY_ORDER: Mapping[str, tuple[Mode, ...]] = {
    order_type: tuple(mode for mode in MODES if mode.order_type == order_type) for order_type in ("E", "B", "W", "I")
}


def modes_of(order_type: str) -> tuple[Mode, ...]:
    """Return the modes under which an order of this type may be filed."""
    return _BY_ORDER.get(order_type, ())


def export_mode(order_type: str, known: frozenset[str], wished: str = "") -> str | None:
    """Return the mode an export order is filed under: the one wished for, else the one its merchant has defaults for.

    Retail orders go by 9610 unless the merchant has defaults for 1210 alone. None: an order type that goes another way.
    """
    possible = [mode.trade_mode for mode in modes_of(order_type) if mode.flow == "E"]
    if wished in possible:
        return wished
    prepared = [mode for mode in possible if mode in known]
    return prepared[0] if prepared else next(iter(possible), None)
