"""The transport envelope."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas.derive.xsd import compiled, xsd
from schemas.messages.ceb.samples import sample_transport
from schemas.messages.checking import check
from schemas.messages.dxp import DxpMessage, decode, encode
from schemas.messages.dxp.codec import decode_thoroughly
from schemas.messages.dxp.shape import ENVELOPE_TYPES
from schemas.messages.parsing import MalformedMessage

PLAIN = DxpMessage("id-1", "DXPENTGZ00000001", ("DXPEDCCEB0000003",), datetime(2026, 1, 5, 1, tzinfo=UTC), "CEB303Message", b"<a/>")


@given(
    data=st.binary(max_size=200),
    receivers=st.lists(st.text("AZ09&", min_size=1, max_size=16), min_size=1, max_size=5),
    keys=st.lists(st.tuples(st.text('a"<', min_size=1, max_size=9), st.text("b&", min_size=1, max_size=64)), max_size=5),
)
def test_what_is_packed_comes_out_again(data: bytes, receivers: list[str], keys: list[tuple[str, str]]) -> None:
    message = replace(PLAIN, data=data, receiver_ids=tuple(receivers), biz_keys=tuple(keys), file_name="订单.xml")
    message = replace(message, text_encoding="UTF-8", rec_map_id="M1", id="S1")
    packed = encode(message)
    assert decode(packed) == message
    assert compiled("DxpMsg").validate(etree.fromstring(packed))


def test_time_is_spoken_in_shanghai_on_the_wire() -> None:
    assert b"<CreatTime>2026-01-05T09:00:00</CreatTime>" in encode(PLAIN)


@pytest.mark.parametrize("envelope_type", ENVELOPE_TYPES)
def test_every_envelope_has_a_schema_file(envelope_type: str) -> None:
    assert f'name="{envelope_type}"' in xsd(envelope_type)
    compiled(envelope_type)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<Data>", b"<Data>*", "bad_base64"),
        (b"<Data>", "<Data>数".encode(), "bad_base64"),
        (b"</Data>", b"=</Data>", "bad_base64"),
        (b"2026-01-05T09:00:00", b"yesterday", "bad_time"),
        (b"id-1", b"x" * 256, "too_long"),
        (b"<CopMsgId>id-1</CopMsgId>", b"", "required"),
        (b"/dxp", b"/abc", "wrong_namespace"),
        (b"DxpMsg", b"DxpMess", "wrong_root"),
        (b"?>\n", b"?><!DOCTYPE a>", "doctype_forbidden"),
        (b"<ReceiverId>DXPEDCCEB0000003</ReceiverId>", b"", "required"),
    ],
)
def test_a_bad_envelope_says_why(old: bytes, new: bytes, code: str) -> None:
    with pytest.raises(MalformedMessage) as refused:
        decode(encode(PLAIN).replace(old, new))
    assert refused.value.fault.code == code


@pytest.mark.parametrize(
    "message",
    [replace(PLAIN, receiver_ids=()), replace(PLAIN, receiver_ids=("A",) * 6), replace(PLAIN, sender_id="")],
)
def test_an_envelope_that_does_not_fit_is_never_written(message: DxpMessage) -> None:
    with pytest.raises(MalformedMessage):
        encode(message)


@pytest.mark.parametrize("layout", [b" ", b"\n", b"\r\n\t"])
def test_white_space_in_the_payload_means_nothing(layout: bytes) -> None:
    packed = encode(PLAIN)
    start = packed.index(b"<Data>") + 6
    assert decode(packed[:start] + layout + packed[start : start + 4] + layout + packed[start + 4 :]).data == PLAIN.data


def test_check_judges_envelopes_too() -> None:
    packed = encode(sample_transport())
    assert (check(packed).message_type, check(packed).errors) == ("DxpMsg", ())
    errors = check(packed.replace(b"<CopMsgId>", b"<CopMsgIds>").replace(b"</CopMsgId>", b"</CopMsgIds>")).errors
    assert [(finding.element, finding.fault.code) for finding in errors] == [("CopMsgIds", "not_schema_valid")]


def test_a_business_key_is_held_to_its_length() -> None:
    packed = encode(replace(PLAIN, biz_keys=(("name", "k" * 65),)))
    assert [finding.element for finding in check(packed).errors] == ["Key"]


_ODD = [
    b"",
    b" ",
    b"<!-- <Data>AAAA</Data> -->",
    b"<Data>AAAA</Data>",
    b"</Data>",
    b"&amp;",
    b"=",
    b"A",
    b"<CopMsgId>x</CopMsgId>",
    b"<x/>",
]
_UUID = "018f0000-0000-7000-8000-000000000001"


def _outcome(read: Callable[[bytes], DxpMessage], data: bytes) -> object:
    try:
        return read(data)
    except MalformedMessage as error:
        return error.found


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_envelopes_read_alike_with_and_without_a_tree(data: st.DataObject) -> None:
    packed = encode(replace(PLAIN, cop_msg_id=_UUID, data=data.draw(st.binary(max_size=40)), file_name="a"))
    for _ in range(data.draw(st.integers(0, 2))):
        edges = [place for place, byte in enumerate(packed) if byte in b"<>"]
        start = data.draw(st.sampled_from(edges)) + data.draw(st.integers(0, 1))
        packed = packed[:start] + data.draw(st.sampled_from(_ODD)) + packed[start + data.draw(st.sampled_from([0, 0, 1, 6, 30])) :]
    assert _outcome(decode, packed) == _outcome(decode_thoroughly, packed)


def test_a_payload_in_a_comment_is_never_taken_for_the_payload() -> None:
    packed = encode(replace(PLAIN, cop_msg_id=_UUID))
    prefixed = packed.replace(b"<Data>", b'<!--<Data>AAAA</Data>--><d:Data xmlns:d="http://www.chinaport.gov.cn/dxp">')
    assert decode(prefixed.replace(b"</Data></DxpMsg>", b"</d:Data></DxpMsg>")).data == PLAIN.data
