"""The whole-message short way says what the thorough way says, takes what is plain, and cannot be stalled."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.ceb.codec import DecodedMessage, decode, decode_thoroughly
from schemas.messages.ceb.plain import take
from schemas.messages.ceb.samples import sample
from schemas.messages.parsing import MalformedMessage
from tests.schemas.official import INVALID, VALID

_FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_types = pytest.mark.parametrize("message_type", MESSAGE_TYPES)
_SIGNATURE = (
    b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod/>'
    b"<ds:SignatureMethod/><ds:Reference><ds:DigestMethod/><ds:DigestValue/></ds:Reference></ds:SignedInfo>"
    b"<ds:SignatureValue/></ds:Signature>"
)
_SPACE = [b" ", b"\n", b"\t", b"\r\n", b"\r", b"\x0b", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe3\x80\x80", b"\xef\xbb\xbf"]
_TEXTS = [b"", b"x", b"1", b"-0", b".5", b"1e5", b"]", b"]]>", b">", b"\xe4\xb8\xad", b"\xf0\x9f\x98\x80", b"9" * 40]
_ILLEGAL = [b"\x00", b"\x08", b"\x1f", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\xff", b"<", b"&", b'"']
_MARKUP = [
    b"&amp;",
    b"&#13;",
    b"&#0;",
    b"&bomb;",
    b"<!-- -->",
    b"<![CDATA[",
    b"<?pi?>",
    b' a="b"',
    b' xmlns:ceb="u"',
    b' xmlns="u"',
    b"/",
]
_TAGS = [
    b"<ceb:Order>",
    b"</ceb:Order>",
    b"<ceb:Order/>",
    b"<ceb:note/>",
    b"<ceb:note>x</ceb:note>",
    b"<Order>",
    b"<a:b>",
    b"<!--<ceb:Order>-->",
]
_PIECES = st.sampled_from(_SPACE + _TEXTS + _ILLEGAL + _MARKUP + _TAGS)


def _outcome(read: Callable[..., DecodedMessage], data: bytes, *, strict: bool, unsigned: bool) -> object:
    try:
        return read(data, strict=strict, unsigned=unsigned)
    except MalformedMessage as error:
        return error.found


def _hold_equal(data: bytes) -> None:
    for strict, unsigned in ((True, True), (False, True), (True, False)):
        long = _outcome(decode_thoroughly, data, strict=strict, unsigned=unsigned)
        assert _outcome(decode, data, strict=strict, unsigned=unsigned) == long


def _sample(message_type: str, spelling: str = "compact") -> bytes:
    data = sample(message_type, min(3, definition(message_type).max_documents or 3))
    if definition(message_type).signature:
        closing = b"</ceb:%b>" % message_type.encode()
        data = data.replace(closing, _SIGNATURE + closing)
    if spelling == "no prefix":
        return data.replace(b"xmlns:ceb=", b"xmlns=").replace(b"ceb:", b"")
    if spelling == "compact":
        return data
    root = etree.fromstring(data)
    etree.indent(root, "\t")
    pretty = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return b"\xef\xbb\xbf" + pretty.replace(b"\n", b"\r\n") if spelling == "windows" else pretty


_SPELLINGS = ("compact", "pretty", "windows", "no prefix")


# The format receipt quotes a message, whose markup is always written with references.
@pytest.mark.parametrize("message_type", [each for each in MESSAGE_TYPES if each != "CEB900Message"])
@pytest.mark.parametrize("spelling", _SPELLINGS)
def test_plain_messages_take_the_short_way_to_the_same_end(message_type: str, spelling: str) -> None:
    data = _sample(message_type, spelling)
    taken = take(data, strict=True)
    assert taken is not None
    assert [values for _, values in taken[1]] == [document.values for document in decode(data).documents]
    _hold_equal(data)


@pytest.mark.parametrize("path", [*VALID, INVALID], ids=lambda path: path.name)
def test_official_samples_read_alike(path: Path) -> None:
    _hold_equal(path.read_bytes())


@_types
@_FEW
@given(data=st.data())
def test_mutated_bytes_read_alike(message_type: str, data: st.DataObject) -> None:
    message = _sample(message_type, data.draw(st.sampled_from(_SPELLINGS)))
    for _ in range(data.draw(st.integers(1, 3))):
        # Most changes hit an edge of an element or an attribute, where they matter.
        edges = [place for place, byte in enumerate(message) if byte in b'<>"'] or [0]  # what was cut may have been all of it
        start = data.draw(st.sampled_from(edges)) + data.draw(st.integers(0, 2))
        length = data.draw(st.sampled_from([0, 0, 1, 5, 40, 400]))
        message = message[:start] + data.draw(_PIECES) + message[start + length :]
    _hold_equal(message)


@_types
@_FEW
@given(data=st.data())
def test_moved_and_doubled_elements_read_alike(message_type: str, data: st.DataObject) -> None:
    message = _sample(message_type, data.draw(st.sampled_from(_SPELLINGS)))
    edges = [place for place, byte in enumerate(message) if byte in b"<"]
    first, second, place = (data.draw(st.sampled_from(edges)) for _ in range(3))
    piece = message[min(first, second) : max(first, second)]
    _hold_equal(message[:place] + piece + message[place:])
    _hold_equal(message.replace(piece, b"", 1))


ORDERS = _sample("CEB303Message")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ceb:orderNo>", b"<ceb:orderNo>&amp;"),
        (b"<ceb:orderNo>", b"<ceb:orderNo><!-- -->"),
        (b"<ceb:orderNo>", b"<ceb:orderNo><![CDATA[]]>"),
        (b"<ceb:orderNo>", b"<ceb:orderNo>]]>"),
        (b"<ceb:orderNo>", b"<ceb:orderNo>\r"),
        (b"<ceb:orderNo>", b"<ceb:orderNo>\x00"),
        (b"<ceb:orderNo>E", b"<ceb:orderNo>\x00"),
        (b"<ceb:orderNo>", b"<ceb:orderNo>\x01"),
        (b"<ceb:orderNo>", b"<ceb:orderNo>\xff"),
        (b"<ceb:orderNo>", b"<ceb:orderNo>\xef\xbf\xbf"),
        (b"<ceb:orderNo>", b'<ceb:orderNo xml:lang="zh">'),
        (b"<ceb:orderNo>", b"<ceb:orderNo >"),
        (b"<ceb:OrderHead>", b"<ceb:OrderHead>stray"),
        (b"<ceb:Order>", b'<ceb:Order xmlns:ceb="urn:x">'),
        (b"<ceb:Order>", b"<!-- <ceb:Order> --><ceb:Order>"),
        (b"</ceb:Order>\n<ceb:BaseTransfer>", b"</ceb:Order>\n<!-- </ceb:Order> --><ceb:BaseTransfer>"),
        (b"<ceb:Order>", b"<?pi?><ceb:Order>"),
        (b'version="1.0">', b'version="1.0" version="1.0">'),
        (b'version="1.0">', b'version="1.0" x="<ceb:Order>">'),
        (b"<ceb:BaseTransfer>", b"<ceb:Order ></ceb:Order ><ceb:BaseTransfer>"),
        (b"<ceb:BaseTransfer>", b'<x:Order xmlns:x="http://www.chinaport.gov.cn/ceb"/><ceb:BaseTransfer>'),
        (b"xmlns:ceb=", b'xmlns="http://www.chinaport.gov.cn/ceb" xmlns:ceb='),
        (b"chinaport.gov.cn/ceb", b"chinaport.gov.cn/xyz"),
        (b"<?xml", b"\n<?xml"),
        (b"UTF-8", b"GBK"),
        (b"?>\n", b"?><!DOCTYPE a>\n"),
        (b"<ceb:Order>", b"<ceb:Order>" + b" " * 10_100_000),
    ],
)
def test_whatever_is_odd_reads_alike(old: bytes, new: bytes) -> None:
    assert old in ORDERS
    _hold_equal(ORDERS.replace(old, new, 1))


def test_lines_that_libxml_can_only_guess_are_left_to_it() -> None:
    _hold_equal(ORDERS.replace(b"<ceb:OrderHead>", b"\n" * 70_000 + b"<ceb:OrderHead>"))


def test_a_hundred_and_one_documents_are_not_taken() -> None:
    whole = sample("CEB303Message", 100)
    start, end = whole.index(b"<ceb:Order>"), whole.index(b"</ceb:Order>") + len(b"</ceb:Order>")
    assert take(whole, strict=True) is not None
    assert take(whole[:end] + whole[start:end] + whole[end:], strict=True) is None


def test_documents_know_their_source_lines() -> None:
    assert [document.line_number for document in decode(ORDERS).documents] == [3, 4, 5]


_HEAD, _TAIL = ORDERS.split(b"<ceb:orderNo>", 1)
_ROW = ORDERS[ORDERS.index(b"<ceb:OrderList>") : ORDERS.index(b"</ceb:OrderList>") + len(b"</ceb:OrderList>")]


@pytest.mark.parametrize(
    "data",
    [
        b"<ceb:CEB303Message" + b" " * 2_000_000,
        b"<ceb:CEB303Message" + b' a="b"' * 300_000,
        b"<?xml " + b" " * 2_000_000 + ORDERS,
        ORDERS.replace(b"<ceb:Order>", b"<ceb:Order>" * 100_000),
        ORDERS.replace(b"</ceb:Order>", b"</ceb:Order>" * 100_000),
        _HEAD + b" " * 2_000_000 + b"<ceb:x>" + _TAIL,
        _HEAD + b"<ceb:orderNo>" + b"x" * 2_000_000 + _TAIL,
        _HEAD + b"<ceb:orderNo>x</ceb:orderNo>" * 70_000 + _TAIL,
        ORDERS.replace(b"</ceb:Order>", _ROW * 2_000 + b"<ceb:OrderList></ceb:Order>", 1),
    ],
)
def test_hostile_input_is_turned_down_at_once(data: bytes) -> None:
    started = time.process_time()
    assert take(data, strict=True) is None
    assert time.process_time() - started < 0.25
