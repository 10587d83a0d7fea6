"""Plain receipts by columns say what the thorough way says, and leave to it whatever is odd."""

import time
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.messages.ceb.codec import decode_thoroughly
from schemas.messages.ceb.columns import columns
from schemas.messages.ceb.samples import sample
from schemas.messages.parsing import MalformedMessage

_RECEIPTS = [f"CEB{number}Message" for number in (304, 312, 404, 412, 506, 512, 604, 622)]
_types = pytest.mark.parametrize("message_type", _RECEIPTS)
_FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_PIECES = [
    *(
        b"",
        b" ",
        b"\n",
        b"\r\n",
        b"\r",
        b"x",
        b"]]>",
        b"&amp;",
        b"&#13;",
        b"\x00",
        b"\xff",
        b"\xef\xbf\xbf",
        b"\xe4\xb8\xad",
        b"9" * 40,
    ),
    *(b"<!-- -->", b"<![CDATA[", b"<?pi?>", b' a="b"', b' guid="x"', b' xmlns="u"', b"/", b"<ceb:note/>", b"</ceb:OrderReturn>"),
    *(b"<ceb:guid>", b"</ceb:guid>", b"<ceb:returnInfo></ceb:returnInfo>", b"<x:y>", b'"', b"<", b">"),
]


def _by_columns(data: bytes) -> tuple[str, list[Mapping[str, str]]] | None:
    found = columns(data)
    if found is None:
        return None
    rows = [dict(zip(found.texts, row, strict=True)) for row in zip(*found.texts.values(), strict=True)]
    return found.message_type, [{name: text for name, text in row.items() if text} for row in rows]


def _thoroughly(data: bytes) -> tuple[str, list[Mapping[str, object]]] | None:
    """What the tree says, without empty texts; nothing when anything is wrong."""
    try:
        message = decode_thoroughly(data, strict=False)
    except MalformedMessage:
        return None
    if any(document.values is None for document in message.documents):
        return None
    rows: list[Mapping[str, object]] = [
        {name: text for name, text in (document.values or {}).items() if text} for document in message.documents
    ]
    return message.envelope.type, rows


@_types
def test_every_receipt_of_bills_and_lists_is_read_by_columns(message_type: str) -> None:
    data = sample(message_type, 100)
    assert _by_columns(data) == _thoroughly(data)
    assert _by_columns(data) is not None


@_types
@_FEW
@given(data=st.data())
def test_mutated_receipts_read_alike_or_are_left_to_the_tree(message_type: str, data: st.DataObject) -> None:
    message = sample(message_type, 3)
    for _ in range(data.draw(st.integers(1, 3))):
        edges = [place for place, byte in enumerate(message) if byte in b'<>"']
        start = data.draw(st.sampled_from(edges)) + data.draw(st.integers(0, 2))
        length = data.draw(st.sampled_from([0, 0, 1, 5, 40, 400]))
        message = message[:start] + data.draw(st.sampled_from(_PIECES)) + message[start + length :]
    taken = _by_columns(message)
    assert taken is None or taken == _thoroughly(message)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ceb:OrderReturn>", b"stray<ceb:OrderReturn>"),
        (b"</ceb:OrderReturn>", b"</ceb:OrderReturn><ceb:OrderReturn/>"),
        (b"<ceb:guid>", b"<ceb:guid>1"),
        (b'version="1.0"', b'version="1.0" version="1.0"'),
        (b"chinaport.gov.cn/ceb", b"chinaport.gov.cn/xyz"),
        (b"<ceb:returnStatus>", b"<ceb:returnStatus>&amp;"),
        (b"</ceb:CEB304Message>", b""),
    ],
)
def test_what_is_odd_is_left_to_the_tree(old: bytes, new: bytes) -> None:
    data = sample("CEB304Message", 2)
    assert old in data
    assert columns(data.replace(old, new, 1)) is None


def test_a_message_that_is_no_receipt_is_left_to_the_tree() -> None:
    assert columns(sample("CEB303Message", 2)) is None


def test_a_hundred_and_one_receipts_are_left_to_the_tree() -> None:
    whole = sample("CEB304Message", 100)
    end = whole.rindex(b"</ceb:OrderReturn>") + len(b"</ceb:OrderReturn>")
    start = whole.rindex(b"<ceb:OrderReturn>")
    assert columns(whole[:end] + whole[start:end] + whole[end:]) is None


def test_hostile_receipts_are_turned_down_at_once() -> None:
    head, tail = sample("CEB304Message", 1).split(b"<ceb:orderNo>", 1)
    started = time.process_time()
    for piece in (b" " * 2_000_000, b"<ceb:orderNo>x</ceb:orderNo>" * 70_000, b"<ceb:orderNo>" + b"x" * 2_000_000):
        assert columns(head + piece + b"<ceb:x>" + tail) is None
    assert time.process_time() - started < 0.75
