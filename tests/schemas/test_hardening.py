"""Input made by strangers: refused clearly, cheaply, and only as far as it is bad."""

from collections.abc import Mapping

import pytest

from schemas.messages.ceb.codec import MalformedMessage, decode
from schemas.messages.ceb.samples import sample
from schemas.messages.checking import check

ORDER = sample("CEB303Message", 2)


def _refusal(data: bytes) -> MalformedMessage:
    with pytest.raises(MalformedMessage) as refused:
        decode(data)
    return refused.value


def _prolog(text: str) -> bytes:
    return ORDER.replace(b"?>\n", f"?>\n{text}\n".encode(), 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_well_formed"),
        (b"order no 1", "not_well_formed"),
        (ORDER[:-40], "not_well_formed"),
        (ORDER.replace(b"UTF-8", b"GBK"), "wrong_encoding"),
        (ORDER.decode().encode("utf-16"), "wrong_encoding"),
        (ORDER.decode().encode("gb18030"), "wrong_encoding"),
        (_prolog('<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "doctype_forbidden"),
        (_prolog("<!-- hidden --><?pi x?> <!DOCTYPE a [<!ENTITY b 'c'>]>"), "doctype_forbidden"),
        (ORDER.replace(b"<ceb:orderNo>", b"<ceb:orderNo>&bomb;", 1), "not_well_formed"),
        (b'<CEB303Message guid="x"/>', "wrong_namespace"),
        (ORDER.replace(b"chinaport.gov.cn/ceb", b"chinaport.gov.cn/xyz"), "wrong_namespace"),
        (ORDER.replace(b"CEB303Message", b"CEB999Message"), "wrong_root"),
    ],
)
def test_a_message_that_cannot_be_used_says_why(data: bytes, code: str) -> None:
    assert _refusal(data).fault.code == code
    assert check(data).errors[0].fault.code == code


def test_a_billion_laughs_are_refused_before_they_are_told() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    assert _refusal(_prolog(f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]>')).fault.code == "doctype_forbidden"


def test_a_hostile_prolog_does_not_stall_the_search_for_a_document_type() -> None:
    assert _refusal(b"<?a?><!-- -->" * 20_000 + b"<b/>").fault.code == "wrong_namespace"


def test_an_external_entity_is_never_opened(tmp_path: object) -> None:
    text = f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{tmp_path}/secret">]>'
    assert _refusal(_prolog(text)).fault.code == "doctype_forbidden"


def test_a_message_above_the_callers_limit_is_refused_unread() -> None:
    with pytest.raises(MalformedMessage) as refused:
        decode(ORDER, limit=len(ORDER) - 1)
    assert refused.value.fault.code == "too_large"


def test_a_hundred_and_one_documents_are_refused_as_a_whole() -> None:
    whole = sample("CEB303Message", 100)
    start, end = whole.index(b"<ceb:Order>"), whole.index(b"</ceb:Order>") + len(b"</ceb:Order>")
    refusal = _refusal(whole[:end] + whole[start:end] + whole[end:])
    assert (refusal.fault.code, refusal.fault.params) == ("too_many_documents", {"max": "100"})


def _changed(old: str, new: str) -> bytes:
    data = ORDER.decode()
    assert old in data
    return data.replace(old, new, 1).encode()


def _cut(data: bytes, element: str) -> str:
    text = data.decode()
    return text[text.index(f"<ceb:{element}>") : text.index(f"</ceb:{element}>") + len(element) + 7]


TRANSFER = _cut(ORDER, "BaseTransfer")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (_changed(TRANSFER, ""), {"/BaseTransfer": "required"}),
        (_changed(TRANSFER, TRANSFER * 2), {"/BaseTransfer": "repeated_element"}),
        (_changed("<ceb:Order>", TRANSFER + "<ceb:Order>"), {"/Order": "wrong_order", "/BaseTransfer": "repeated_element"}),
        (_changed(TRANSFER, TRANSFER + "<ceb:Extra/>"), {"/Extra": "unknown_element"}),
        (_changed("<ceb:dxpMode>DXP", "<ceb:dxpMode>DXPX"), {"/BaseTransfer/dxpMode": "wrong_length"}),
        (
            _changed('" version="1.0">', '">'),
            {"/version": "required"},
        ),
    ],
)
def test_an_envelope_names_everything_that_is_wrong_around_the_documents(data: bytes, found: Mapping[str, str]) -> None:
    assert {fault.pointer: fault.code for _, fault in _refusal(data).found}.items() >= found.items()


@pytest.mark.parametrize(
    ("old", "new", "pointer", "code"),
    [
        ("<ceb:goodsValue>", "<ceb:goodsValue>12a", "/goodsValue", "not_a_number"),
        ("<ceb:qty>", "<ceb:qty>1e", "/lines/0/qty", "not_a_number"),
        ("<ceb:currency>502", "<ceb:currency>50", "/currency", "wrong_length"),
        ("<ceb:orderType>E", "<ceb:orderType>Q", "/orderType", "unknown_code"),
        ("<ceb:appTime>20260105", "<ceb:appTime>20260230", "/appTime", "bad_time"),
        ("<ceb:ebpName>", "<ceb:ebpNames/><ceb:ebpName>", "/ebpNames", "unknown_element"),
        ("<ceb:OrderHead>", "<ceb:OrderHead>stray", "", "unexpected_text"),
        ("<ceb:orderNo>", '<ceb:orderNo a="b">', "/orderNo", "unexpected_attribute"),
        ("<ceb:orderNo>", "<ceb:orderNo>E1<ceb:x/>", "/orderNo/x", "unknown_element"),
    ],
)
def test_a_bad_document_names_the_element_and_leaves_its_neighbour_alone(old: str, new: str, pointer: str, code: str) -> None:
    bad, good = decode(_changed(old, new)).documents
    assert [(fault.pointer, fault.code) for fault in bad.faults] == [(pointer, code)]
    assert (bad.values, bad.position, bad.line_number) == (None, 0, 3)
    assert good.faults == []
    assert good.values is not None


def test_mandatory_text_that_is_empty_is_a_fault_at_intake_only() -> None:
    data = ORDER.decode()
    name = data[data.index("<ceb:ebpName>") : data.index("</ceb:ebpName>")]
    empty = data.replace(name, "<ceb:ebpName>", 1).encode()
    assert [fault.code for fault in decode(empty).documents[0].faults] == ["empty"]
    assert decode(empty, strict=False).documents[0].faults == []


def test_an_unknown_currency_is_no_fault_because_the_list_is_incomplete() -> None:
    data = ORDER.replace(b"<ceb:currency>502", b"<ceb:currency>999", 1)
    assert decode(data).documents[0].faults == []
    assert [finding.fault.code for finding in check(data).warnings] == ["unlisted_code"]


def test_a_mandatory_signature_may_be_missing_only_on_the_way_to_the_signer() -> None:
    unsigned = sample("CEB621Message")
    assert _refusal(unsigned).fault.code == "signature_required"
    assert decode(unsigned, unsigned=True).documents[0].faults == []


def test_a_byte_order_mark_comments_and_any_prefix_are_welcome() -> None:
    data = b"\xef\xbb\xbf" + ORDER.replace(b"ceb:", b"x:").replace(b"xmlns:x:", b"xmlns:x").replace(b":ceb=", b":x=")
    data = data.replace(b"<x:orderNo>", b"<!-- c --><x:orderNo><!-- d -->", 1)
    assert [document.values for document in decode(data).documents] == [document.values for document in decode(ORDER).documents]
