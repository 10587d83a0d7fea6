"""Names that a snapshot freezes beside its keys, in both languages: what a return says must not change with a code list."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from sqlalchemy import Connection

from ccezone.enterprises.queries.nodes import nodes
from ccezone.statistics.queries.monitor import firm_names
from schemas.codes import code_list, rows

Pair = tuple[str, str]
_NONE: Pair = ("未注明", "Not stated")
UNREGISTERED: Pair = ("未注明或未备案企业", "Not stated or not registered")
ORIGINS: Mapping[str, Pair] = {
    "lists": ("申报清单", "Declaration lists"),
    "general_declaration": ("报关单", "General declarations"),
    "mail": ("邮件渠道", "Mail"),
    "express": ("快件渠道", "Express"),
    "overseas_node": ("海外仓及境外节点", "Overseas nodes"),
    "enterprise_report": ("企业直报", "Reports of enterprises"),
    "park_report": ("园区直报", "Reports of parks"),
    "sample": ("抽样推算", "Samples"),
    "goods_return": ("退货冲减", "Goods returned"),
}
"""Sources of figures; a line of a feed without a customs procedure stands under its source."""


def named(connection: Connection, name: str, keys: Sequence[str]) -> Mapping[str, Pair]:
    """Name the keys of a table."""
    if name == "enterprise":
        known = firm_names(connection, keys)
        return {key: known.get(key, (key, key)) if key else UNREGISTERED for key in keys}
    if name in ("node", "park"):
        places = {node.code: (node.name, node.name_en or node.name) for node in nodes(connection)}
        return {key: places.get(key, (key, key) if key else _elsewhere(name)) for key in keys}
    return {key: _WORDS[name](key) for key in keys}


def section_of(chapter: str) -> str:
    """Return the section of the Harmonized System a chapter belongs to; empty where it is none."""
    return next((row["section"] for row in _sections() if chapter and row["first"] <= chapter <= row["last"]), "")


def _elsewhere(name: str) -> Pair:
    return ("园区以外", "Outside the parks") if name == "park" else _NONE


def _of_list(name: str) -> Callable[[str], Pair]:
    return lambda key: (_labelled(key, name, "zh"), _labelled(key, name, "en")) if key else _NONE


def _labelled(key: str, name: str, locale: str) -> str:
    label = code_list(name).label(key, "zh" if locale == "zh" else "en")
    return label if label == key else f"{key} {label}"


def _country(key: str) -> Pair:
    codes = code_list("countries")
    return (codes.label(key, "zh"), codes.label(key, "en")) if key else _NONE


def _section(key: str) -> Pair:
    found = next((row for row in _sections() if row["section"] == key), None)
    return (f"第{int(key)}类 {found['label_zh']}", f"Section {int(key)}: {found['label_en']}") if found else _NONE


def _chapter(key: str) -> Pair:
    return (f"第{key}章", f"Chapter {key}") if key else _NONE


@cache
def _sections() -> Sequence[Mapping[str, str]]:
    return rows("hs_sections")


_WORDS: Mapping[str, Callable[[str], Pair]] = {
    "mode": lambda key: ORIGINS.get(key) or _of_list("supervision_modes")(key),
    "origin": lambda key: ORIGINS.get(key, (key, key)),
    "country": _country,
    "section": _section,
    "chapter": _chapter,
}
