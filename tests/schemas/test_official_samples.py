"""Customs' own sample messages are the yardstick."""

from pathlib import Path

import pytest
from lxml import etree

from schemas.derive.xsd import compiled
from schemas.messages.ceb.codec import decode, encode
from schemas.messages.checking import check
from tests.schemas.official import INVALID, VALID, read


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_every_official_sample_is_valid(path: Path) -> None:
    result = check(path.read_bytes())
    assert result.errors == ()
    assert result.message_type in path.name
    assert result.count in (6, 10)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_every_official_sample_fits_the_derived_schema(path: Path) -> None:
    root = etree.parse(path)
    assert compiled(path.name.split(".")[0]).validate(root)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_round_trip_keeps_every_text_and_stays_valid(path: Path) -> None:
    decoded = decode(path.read_bytes(), strict=False)
    values = [document.values for document in decoded.documents if document.values is not None]
    again = encode(decoded.envelope.type, values, decoded.envelope)
    assert compiled(decoded.envelope.type).validate(etree.fromstring(again))
    assert _texts(again) == _texts(path.read_bytes())


def test_the_sample_marked_invalid_is_refused_for_its_second_transfer_node() -> None:
    result = check(INVALID.read_bytes())
    assert [(finding.line, finding.element, finding.fault.code) for finding in result.errors] == [
        (721, "BaseTransfer", "repeated_element")
    ]
    assert not compiled("CEB603Message").validate(etree.parse(INVALID))


def test_what_only_the_specification_demands_is_a_warning_of_check_and_a_fault_of_intake() -> None:
    data = read("CEB311Message.202205.xml").replace(b"<ceb:unit>007</ceb:unit>", b"<ceb:unit>zzz</ceb:unit>", 1)
    result = check(data)
    assert result.errors == ()
    assert [(finding.element, finding.fault.code) for finding in result.warnings] == [("unit", "unknown_code")]
    faulty = [document for document in decode(data).documents if document.faults]
    assert [(document.position, document.faults[0].pointer) for document in faulty] == [(0, "/lines/0/unit")]


def _texts(data: bytes) -> list[tuple[str, str]]:
    parser = etree.XMLParser(remove_comments=True)
    root = etree.fromstring(data, parser)
    return [(str(node.tag), node.text or "") for node in root.iter() if len(node) == 0]
