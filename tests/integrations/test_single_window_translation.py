"""Writing messages in a transmitter's name, and reading what comes back."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from ccezone.clearance.ports import Receipt, Transmitter
from integrations.signatures import KeyRing, verify
from integrations.single_window import CebReader, CebWriter
from schemas.messages.ceb import MESSAGE_TYPES, definition
from schemas.messages.ceb.codec import Unencodable, decode
from schemas.messages.ceb.samples import sample
from tests.integrations.trades import document

GOLDEN = Path(__file__).parent / "golden"
AGENT = Transmitter("360796Y013", "赣州关通报关服务有限公司", "DXPENTGZ00000013")
MESSAGE_ID = UUID("018f0000-0000-7000-8000-00000000000a")
ANSWERS = [each for each in MESSAGE_TYPES if definition(each).direction == "down" and each != "CEB792Message"]


@pytest.fixture
def writer(tmp_path: Path) -> CebWriter:
    return CebWriter(KeyRing(tmp_path))


def test_a_fragment_is_the_business_node_of_one_document(writer: CebWriter) -> None:
    fragment = writer.fragment("CEB505Message", document("CEB505Message"))
    assert fragment == (GOLDEN / "waybill.xml").read_bytes().rstrip(b"\n")


def test_a_pack_is_signed_in_the_transmitters_name(writer: CebWriter, tmp_path: Path) -> None:
    fragments = [writer.fragment("CEB621Message", document("CEB621Message", number)) for number in (1, 2)]
    packed = writer.pack("CEB621Message", fragments, AGENT, MESSAGE_ID)
    decoded = decode(packed)
    assert decoded.envelope.guid == str(MESSAGE_ID).upper()
    assert decoded.envelope.transfer["cop_code"] == AGENT.code
    assert [each.faults for each in decoded.documents] == [[], []]
    assert verify(packed, {AGENT.code: KeyRing(tmp_path).pair(AGENT.code).public_key}).valid


def test_more_than_a_hundred_documents_do_not_fit_into_one_message(writer: CebWriter) -> None:
    fragment = writer.fragment("CEB603Message", document("CEB603Message"))
    with pytest.raises(Unencodable):
        writer.pack("CEB603Message", [fragment] * 101, AGENT, MESSAGE_ID)


def test_a_value_the_schema_does_not_allow_is_not_written(writer: CebWriter) -> None:
    with pytest.raises(Unencodable):
        writer.fragment("CEB505Message", document("CEB505Message", waybill_no="9" * 33))


def test_a_list_receipt_is_read() -> None:
    (receipt,) = CebReader().read((GOLDEN / "list_receipt.xml").read_bytes())
    assert receipt == Receipt(
        "CEB604Message",
        "B820DAD3-E9A7-472C-A254-ACB356FA5424",
        120,
        datetime(2026, 11, 11, 4, 0, 0, 2000, tzinfo=UTC),
        "[Code:1800;Desc:逻辑校验通过]",
        {
            "cop_no": "CE20260105000000001",
            "eport_no": "B20261111000000004",
            "list_no": "40032026E000000004",
            "merchant_code": "360796Y001",
            "platform_code": "无",
            "order_no": "E20260105000000001",
        },
        {"agent_code": "360796Y013", "declaration_path": "A"},
    )


def test_a_tax_bill_is_read_with_its_amounts() -> None:
    (bill,) = CebReader().read((GOLDEN / "tax_bill.xml").read_bytes())
    assert (bill.message_type, bill.code, bill.keys["list_no"]) == ("CEB816Message", 1, "40172026I000000004")
    assert bill.content["value_added_tax"] == Decimal("16.11")
    assert bill.content["tax_no"] == "40172026I000000004_0"


def test_a_schema_check_names_the_message_it_is_about() -> None:
    (receipt,) = CebReader().read((GOLDEN / "schema_check.xml").read_bytes())
    assert (receipt.message_type, receipt.code) == ("CEB900Message", -999999)
    assert receipt.keys == {"message_id": str(MESSAGE_ID)}
    assert receipt.content == {"ori_message_type": "CEB603Message"}


@pytest.mark.parametrize("message_type", ANSWERS)
def test_every_answer_there_is_can_be_read(message_type: str) -> None:
    receipts = CebReader().read(sample(message_type, documents=1))
    assert [receipt.message_type for receipt in receipts] == [message_type]
    assert receipts[0].returned_at.tzinfo is UTC


@pytest.mark.parametrize("body", [b"", b"<x/>", b"{}", sample("CEB303Message")])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a receipt|not an answer"):
        CebReader().read(body)


def test_a_receipt_that_cannot_be_read_is_refused_naming_the_element() -> None:
    body = (GOLDEN / "list_receipt.xml").read_bytes().replace(b"<ceb:copNo>CE20260105000000001</ceb:copNo>", b"")
    with pytest.raises(ValueError, match="copNo required"):
        CebReader().read(body)
