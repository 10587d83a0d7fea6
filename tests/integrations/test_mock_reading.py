"""The mock's short way of reading takes nothing the schema file would refuse, and reads nothing the tree would not show."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.mockservers.single_window.cutting import cut
from integrations.mockservers.single_window.layout import LAYOUTS
from integrations.mockservers.single_window.reading import Incoming, Unreadable, read
from integrations.mockservers.single_window.records import Values
from integrations.signatures import KeyRing
from schemas.messages.ceb.definition import definition
from tests.integrations.trades import document, message

ODD = "<&>]\r\n\t\x00\x01\u00a0\u3000\ufffe\uffff\"'. -+"
TEXTS = (
    st.text(st.sampled_from(ODD + "0123456789ab中١"), max_size=40)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str)
    | st.integers(0, 10**25).map(str)
    | st.sampled_from(
        ("<![CDATA[5]]>", "<!-- 5 -->5", "&#53;", "5<ceb:qty>5</ceb:qty>", "]]>", "1" * 3000, "1e5", "+1", ".5", "5.")
    )
)


def contents(incoming: Incoming) -> Sequence[tuple[Values, Sequence[Values]]]:
    return [(each.head, each.lines) for each in incoming.documents]


def outcome(body: bytes) -> object:
    """What reading comes to: the values, or the complaint."""
    try:
        return contents(read(body))
    except Unreadable as error:
        return error.message_type, error.text


def the_long_way(body: bytes) -> bytes:
    """The same message with an instruction before its root, which is never plain and changes no source line."""
    start = body.index(b"<ceb:CEB")
    return body[:start] + b"<?long way?>" + body[start:]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


def several(message_type: str, keys: KeyRing | None = None) -> bytes:
    most = definition(message_type).max_documents or 3
    return message(message_type, *(document(message_type, number) for number in range(1, min(most, 3) + 1)), keys=keys)


@pytest.mark.parametrize("message_type", LAYOUTS)
def test_a_plain_message_is_read_the_short_way_and_the_same(message_type: str, keys: KeyRing) -> None:
    body = several(message_type, keys)
    short = cut(body)
    assert short is not None
    assert cut(the_long_way(body)) is None
    assert contents(read(body)) == short.contents == contents(read(the_long_way(body)))
    assert [list(head) for head, _ in short.contents] == [list(LAYOUTS[message_type].head)] * len(short.contents)


@pytest.mark.parametrize("message_type", ["CEB303Message", "CEB403Message", "CEB505Message", "CEB603Message", "CEB621Message"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_a_value_becomes_both_ways_say_the_same(message_type: str, keys: KeyRing, data: st.DataObject) -> None:
    body = several(message_type, keys).decode()
    message_definition = definition(message_type)
    field = data.draw(st.sampled_from([*message_definition.fields(), *message_definition.lines()]))
    pieces = body.split(f"<ceb:{field.element}>")
    if len(pieces) < 2:
        return
    place = data.draw(st.integers(1, len(pieces) - 1))
    pieces[place] = data.draw(TEXTS) + pieces[place][pieces[place].index("</") :]
    changed = f"<ceb:{field.element}>".join(pieces).encode()
    assert outcome(changed) == outcome(the_long_way(changed))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</ceb:Order><ceb:Order>", b"</ceb:Order><!-- a pause --><ceb:Order>"),
        (b"</ceb:Order><ceb:Order>", b'</ceb:Order><o:Order xmlns:o="http://www.chinaport.gov.cn/ceb">'),
        (b"</ceb:Order><ceb:Order>", b'</ceb:Order><ceb:Order xmlns:ceb="urn:else">'),
        (b"<ceb:orderNo>", b"<ceb:orderNo >"),
        (b"<ceb:orderNo>", b"<ceb:orderNo></ceb:orderNo><ceb:orderNo>"),
        (b'xmlns:ceb="http://www.chinaport.gov.cn/ceb"', b'xmlns:ceb="urn:else"'),
        (b'encoding="UTF-8"', b'encoding="GBK"'),
        (b"<ceb:BaseTransfer>", b"<ceb:BaseTransfer><ceb:Order/>"),
        (b"<ceb:OrderList>", b"<ceb:OrderList/><ceb:OrderList>"),
        (b"</ceb:OrderHead>", b""),
    ],
)
def test_odd_spellings_and_structures_come_to_the_same(old: bytes, new: bytes) -> None:
    body = several("CEB303Message")
    closed = b"".join(body.split(b"\n")) if b"</ceb:Order><ceb:Order>" in old else body
    assert old in closed
    changed = new.join(closed.rsplit(old, 1)) if b"Order>" in old else closed.replace(old, new, 1)
    if b"o:Order" in new:
        changed = b"</o:Order>".join(changed.rsplit(b"</ceb:Order>", 1))
    assert outcome(changed) == outcome(the_long_way(changed))


def test_no_document_hides_behind_a_comment() -> None:
    body = several("CEB303Message").replace(b"</ceb:Order>", b"</ceb:Order><!-- -->")
    assert len(read(body).documents) == 3


def test_no_document_is_read_out_of_a_comment() -> None:
    body = several("CEB303Message")
    start, end = body.index(b"<ceb:Order>"), body.rindex(b"</ceb:Order>") + len(b"</ceb:Order>")
    hidden = message("CEB303Message", document("CEB303Message", 9))
    comment = hidden[hidden.index(b"<ceb:Order>") : hidden.rindex(b"</ceb:Order>") + len(b"</ceb:Order>")]
    assert len(read(body[:start] + b"<!--" + comment + b"-->" + body[start:end] + body[end:]).documents) == 3
