"""``/api/v1/codes``: the code lists that documents are judged by."""

from collections.abc import Mapping
from typing import Any

from ccezone.api.operations import Resource
from ccezone.api.paging import as_bigint, cut, read_cursor
from ccezone.api.problems import Problem, locale
from ccezone.api.services import Caller
from ccezone.kernel.errors import Fault
from schemas.codes import Code, CodeList, code_list, code_list_names
from schemas.codes.tariff import TariffHit, search_tariff
from schemas.rest.queries import CodesQuery, HsQuery
from schemas.rest.reference import CodeLists, CodePage, HsPage
from schemas.rest.words import Words

RESOURCE = Resource("代码表", "Code lists")


@RESOURCE.get(
    "/codes",
    "listCodeLists",
    Words("代码表列表", "List the code lists"),
    links=[("getCodeList", "list_name", "/lists/0/name")],
    answer=CodeLists,
)
def get_lists(_by: Caller) -> dict[str, object]:
    """All code lists."""
    return {"lists": [_head(code_list(name)) for name in code_list_names()]}


@RESOURCE.get(
    "/codes/<string:list_name>",
    "getCodeList",
    Words("代码表内容", "The codes of a list"),
    query=CodesQuery,
    answer=CodePage,
    parameters={"list_name": {"description": Words("代码表", "Code list"), "examples": {"units": {"value": "units"}}}},
)
def get_codes(_by: Caller, query: Mapping[str, Any], list_name: str) -> dict[str, object]:
    """A page of one list's codes."""
    if list_name not in code_list_names():
        raise Problem(404, [Fault("", "not_found", {"value": list_name[:40]})])
    known = code_list(list_name)
    rows = [code for code in known.items() if _wanted(code, query["text"])]
    start = _start(query["after"])
    places = list(enumerate(rows))[start : start + query["limit"] + 1]
    page, following = cut(places, query["limit"], lambda place: place[0] + 1)
    return {**_head(known), "rows": [_row(code) for _place, code in page], "next": following}


@RESOURCE.get(
    "/codes/hs",
    "searchTariff",
    Words("查商品编码", "Search the tariff"),
    details=Words(
        "按十位编码的前几位，或品名中的词（次序不限）；最相符的在前。2019 年版税则。",
        "By the first digits of a ten-digit code, or by words of its name in any order; the best come first. 2019 tariff.",
    ),
    query=HsQuery,
    answer=HsPage,
)
def get_tariff(_by: Caller, query: Mapping[str, Any]) -> dict[str, object]:
    """A page of commodity codes."""
    start = _start(query["after"])
    found = list(enumerate(search_tariff(query["q"], query["limit"] + 1, start), start))
    page, following = cut(found, query["limit"], lambda place: place[0] + 1)
    return {"codes": [_tariff_row(hit) for _place, hit in page], "next": following}


def _tariff_row(hit: TariffHit) -> dict[str, object]:
    entry = hit.entry
    return {
        "hs_code": entry.hs_code,
        "name_zh": entry.name_zh,
        "name_en": hit.name_en,
        "unit1": entry.unit1,
        "unit2": entry.unit2,
        "declaration_elements": list(entry.declaration_elements),
        "edition": entry.edition,
    }


def _start(after: str) -> int:
    start = read_cursor(after, as_bigint) or 0
    if start < 0:
        raise Problem(422, [Fault("/after", "bad_cursor")])
    return start


def _wanted(code: Code, text: str) -> bool:
    return not text or any(text.casefold() in said.casefold() for said in (code.code, code.label_zh, code.label_en))


def _head(known: CodeList) -> dict[str, object]:
    return {
        "name": known.name,
        "label": known.label_zh if locale() == "zh" else known.label_en,
        "edition": known.edition,
        "complete": known.complete,
        "codes": len(known.codes),
    }


def _row(code: Code) -> dict[str, object]:
    return {"code": code.code, "label_zh": code.label_zh, "label_en": code.label_en, "note": code.note}
