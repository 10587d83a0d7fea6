"""The short way of JSON bills gives what marshmallow gives, or nothing at all: never another value, never another judgement."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.messages.ceb.definition import definition
from schemas.messages.ceb.marshal import load, schema
from schemas.messages.ceb.samples import sample_values
from schemas.messages.ceb.shortcut import text_loader
from schemas.rest.bills import load_json
from schemas.rest.documents import spelled

TYPES = ("CEB303Message", "CEB403Message", "CEB505Message", "CEB311Message", "CEB411Message", "CEB511Message")
DEFAULTS = {"guid": "0" * 36, "appType": "1", "appTime": "20260105090000", "appStatus": "2"}
ODD = st.sampled_from(["", " ", "x", "-1", "1.123456", "999", "1e3", "0" * 300, "２", "20269999000000", "+1", ".5", "1."])


def body_of(message_type: str) -> dict[str, Any]:
    """A good document in its JSON shape."""
    found: Mapping[str, Any] = spelled(message_type, next(iter(sample_values(message_type))))
    return {**DEFAULTS, **deepcopy(dict(found))}


def texts(node: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a node, without its lines."""
    return {name: str(value) for name, value in node.items() if name != "lines"}


@pytest.mark.parametrize("message_type", TYPES)
def test_good_documents_take_the_short_way(message_type: str) -> None:
    body = body_of(message_type)
    assert text_loader(message_type, "head")(dict(texts(body))) is not None
    loaded = load_json(message_type, body, DEFAULTS)
    assert loaded.faults == []


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_short_way_never_differs_from_marshmallow(data: st.DataObject) -> None:
    message_type = data.draw(st.sampled_from(TYPES))
    head = texts(body_of(message_type))
    for field in data.draw(st.lists(st.sampled_from(definition(message_type).head.fields), max_size=3)):
        head[field.element] = data.draw(ODD)
    if data.draw(st.booleans()):
        head.pop(data.draw(st.sampled_from(sorted(head))))
    if data.draw(st.booleans()):
        head["stranger"] = "x"
    short = text_loader(message_type, "head")(dict(head))
    values, faults = load(schema(message_type, "head", strict=True), head, "")
    assert short is None or (short == values and not faults)
