"""The published description: complete, in both languages, and of one definition with what judges."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from integrations.mockservers.single_window.switches import BY_ORDER_NUMBER
from schemas.codes import code_list, rows
from schemas.messages.ceb.definition import definition
from tests.api.conftest import Api

pytestmark = pytest.mark.storage


def description(api: Api, language: str = "en") -> dict[str, Any]:
    """The description in a language."""
    answer = api.client.get("/api/openapi.json", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == language
    document: dict[str, Any] = answer.get_json()
    return document


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """All operations with path and method."""
    for path, found in document["paths"].items():
        for method, operation in found.items():
            if method != "parameters":
                yield path, method.upper(), operation


def test_it_is_openapi_3_1_and_describes_every_route(api: Api) -> None:
    document = description(api)
    assert document["openapi"] == "3.1.0"
    described = {(re.sub(r"\{\w+\}", "{}", path), method) for path, method, _ in operations(document)}
    routed = {
        (re.sub(r"<[^>]+>", "{}", rule.rule), method)
        for rule in api.app.url_map.iter_rules()
        if rule.endpoint.startswith("api_v1.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routed
    assert len(described) >= 35


def test_every_operation_says_what_it_needs_and_how_it_fails(api: Api) -> None:
    document = description(api)
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert {"429", "500", "default"} <= operation["responses"].keys(), path
        open_to_all = path.startswith("/api/v1/open-data")
        assert [name for needed in operation["security"] for name in needed] == ([] if open_to_all else ["token"])
        assert ("401" in operation["responses"]) is not open_to_all
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert (method == "POST") == ("Idempotency-Key" in names), path
        for status, response in operation["responses"].items():
            if status[0] in "45d":
                name = response["$ref"].rsplit("/", 1)[1]
                assert list(document["components"]["responses"][name]["content"]) == ["application/problem+json"]


def test_it_speaks_chinese_and_english_and_says_the_same(api: Api) -> None:
    chinese, english = description(api, "zh"), description(api, "en")
    for (path, method, ours), (_, _, theirs) in zip(operations(chinese), operations(english), strict=True):
        assert re.search("[\u4e00-\u9fff]", ours["summary"]), f"{method} {path}"
        assert not re.search("[\u4e00-\u9fff]", theirs["summary"]), f"{method} {path}"
        assert list(ours["responses"]) == list(theirs["responses"])


@pytest.mark.parametrize(("name", "message_type"), [("ExportOrder", "CEB303Message"), ("ImportWaybill", "CEB511Message")])
def test_labels_lengths_and_code_lists_of_bills_are_those_of_their_messages(api: Api, name: str, message_type: str) -> None:
    shape = description(api, "zh")["components"]["schemas"][name]
    for field in definition(message_type).head.written:
        described = shape["properties"][field.element]
        assert described["title"] == field.label_zh
        if field.kind == "text" and "maxLength" in described:
            assert described["maxLength"] == field.max_length
        if "enum" in described:
            assert described["enum"] == list(code_list(field.code_list).codes)
    assert "guid" not in shape["required"], "the hub fills it in"
    assert shape["additionalProperties"] is False


def test_the_outcomes_to_try_are_those_the_mock_plays(api: Api) -> None:
    told = [(row["pattern"], row["effect"], row["outcome"]) for row in rows("sandbox_outcomes")]
    assert told == [(rule.pattern, rule.effect, rule.outcome) for rule in BY_ORDER_NUMBER]
    answer = api.get("/sandbox").get_json()
    assert answer["on"]
    assert [each["pattern"] for each in answer["outcomes"]] == [pattern for pattern, *_ in told]
