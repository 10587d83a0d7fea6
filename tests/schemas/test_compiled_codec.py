"""The compiled short cuts say what marshmallow and the derived schema say, on good and on spoilt documents."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from schemas.derive.xsd import compiled
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.ceb.codec import Envelope, Unencodable, decode, encode, encode_document, oddities, wrap
from schemas.messages.ceb.definition import NAMESPACE
from schemas.messages.ceb.dumping import dumper, write_thoroughly
from schemas.messages.ceb.loading import loader
from schemas.messages.ceb.reading import explain
from schemas.messages.ceb.samples import sample_envelope, sample_values
from schemas.messages.checking import check
from schemas.messages.parsing import parse
from tests.schemas.strategies import PREFIX, documents, spoils

_FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
_SIGNATURE = etree.fromstring(
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod/>'
    "<ds:SignatureMethod/><ds:Reference><ds:DigestMethod/><ds:DigestValue/></ds:Reference></ds:SignedInfo>"
    "<ds:SignatureValue/></ds:Signature>"
)
_SUBSCRIBE = (
    f'<s:BaseSubscribe xmlns:s="{NAMESPACE}"><s:status>ALL</s:status><s:dxpMode>DXP</s:dxpMode>'
    "<s:dxpAddress>A</s:dxpAddress></s:BaseSubscribe>"
)
_types = pytest.mark.parametrize("message_type", MESSAGE_TYPES)


def _envelope(message_type: str) -> Envelope:
    envelope = sample_envelope(message_type)
    if definition(message_type).signature:
        envelope.signature = etree.tostring(_SIGNATURE)
    return envelope


@_types
@_FEW
@given(data=st.data())
def test_decoding_what_was_encoded_gives_the_same_values(message_type: str, data: st.DataObject) -> None:
    values = data.draw(documents(message_type))
    xml = encode(message_type, [values], _envelope(message_type))
    (document,) = decode(xml, strict=False).documents
    assert document.faults == []
    assert document.values == values
    assert compiled(message_type).validate(etree.fromstring(xml))


@_types
@_FEW
@given(data=st.data())
def test_a_spoilt_document_is_judged_alike_by_loader_marshmallow_and_schema(message_type: str, data: st.DataObject) -> None:
    message = definition(message_type)
    xml = encode(message_type, [data.draw(documents(message_type))], _envelope(message_type))
    root = etree.fromstring(xml)
    leaves = sum(1 for node in root[0].iter() if len(node) == 0)
    data.draw(spoils(leaves))(root[0])
    spoilt = parse(etree.tostring(root))
    for strict in (False, True):
        short = None if oddities(message.flat)(spoilt) else loader(message_type, strict=strict)(spoilt[0])
        long = explain(message, spoilt[0], strict=strict)
        assert short is None or short == long.values
        assert (long.values is None) == bool(long.found)
    assert (explain(message, spoilt[0], strict=False).values is not None) == _schema_accepts(message_type, root)


def _schema_accepts(message_type: str, root: etree._Element) -> bool:
    """Whether the schema takes it, leaving out elements that are read although the schema lacks them."""
    return compiled(message_type).validate(etree.fromstring(etree.tostring(root)))


@_types
def test_the_loader_takes_plain_documents_itself(message_type: str) -> None:
    xml = encode(message_type, list(sample_values(message_type)), _envelope(message_type))
    assert loader(message_type, strict=True)(parse(xml)[0]) is not None


@_types
@_FEW
@given(data=st.data())
def test_the_compiled_writer_writes_what_marshmallow_writes(message_type: str, data: st.DataObject) -> None:
    values = data.draw(documents(message_type))
    short = dumper(message_type)(values)
    assert short is None or short == write_thoroughly(definition(message_type), values)


def test_fragments_wrapped_later_give_the_same_bytes() -> None:
    values = list(sample_values("CEB603Message", 3))
    fragments = [encode_document("CEB603Message", each) for each in values]
    envelope = _envelope("CEB603Message")
    assert wrap("CEB603Message", fragments, envelope) == encode("CEB603Message", values, envelope)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"order_no": "x" * 61}, "/orderNo", "too_long"),
        ({"order_no": None}, "/orderNo", "required"),
        ({"goods_value": Decimal("NaN")}, "/goodsValue", "not_a_number"),
        ({"goods_value": Decimal("1.123456")}, "/goodsValue", "too_many_decimals"),
        ({"note": "a\x00b"}, "/note", "illegal_character"),
        ({"colour": "red"}, "/colour", "unknown_element"),
        ({"lines": []}, "/lines", "required"),
    ],
)
def test_nothing_that_does_not_fit_is_ever_written(change: dict[str, object], pointer: str, code: str) -> None:
    (values,) = sample_values("CEB303Message")
    with pytest.raises(Unencodable) as refused:
        encode_document("CEB303Message", values | change)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]


def test_an_amount_that_is_a_float_is_a_programming_error() -> None:
    (values,) = sample_values("CEB303Message")
    with pytest.raises(TypeError, match="float"):
        encode_document("CEB303Message", values | {"goods_value": 1.5})


def test_a_hundred_and_one_documents_are_never_wrapped() -> None:
    (values,) = sample_values("CEB303Message")
    with pytest.raises(Unencodable, match="too_many_documents"):
        encode("CEB303Message", [values] * 101, _envelope("CEB303Message"))


def test_an_absent_optional_element_has_no_key_and_an_empty_one_is_an_empty_text() -> None:
    (values,) = sample_values("CEB303Message")
    xml = encode("CEB303Message", [values | {"note": ""}], _envelope("CEB303Message"))
    assert decode(xml).documents[0].values == values | {"note": ""}
    assert f"{PREFIX}note".encode() not in xml
    assert "note" not in values


@pytest.mark.parametrize("message_type", ["CEB303Message", "CEB621Message", "CEB816Message", "CEB900Message"])
@_FEW
@given(data=st.data())
def test_a_spoilt_envelope_is_judged_alike_by_check_and_schema(message_type: str, data: st.DataObject) -> None:
    root = etree.fromstring(encode(message_type, list(sample_values(message_type)), _envelope(message_type)))
    transfer = root.find(f"{PREFIX}BaseTransfer")
    if transfer is not None:
        data.draw(spoils(len(transfer)))(transfer)
    place = data.draw(st.integers(0, len(root) - 1))
    kind = data.draw(st.sampled_from(["none", "drop", "double", "swap", "alien", "subscribe", "attribute"]))
    _spoil_root(root, kind, place)
    xml = etree.tostring(root)
    assert (check(xml).errors == ()) == compiled(message_type).validate(etree.fromstring(xml))


def _spoil_root(root: etree._Element, kind: str, place: int) -> None:
    if kind == "drop":
        root.remove(root[place])
    elif kind == "double":
        root.insert(place, deepcopy(root[place]))
    elif kind == "swap":
        root.insert(0, root[place])
    elif kind == "alien":
        etree.SubElement(root, f"{PREFIX}alien")
    elif kind == "subscribe":
        root.insert(place, etree.fromstring(_SUBSCRIBE))
    elif kind == "attribute":
        root.set("version", "1" * (place + 8))
