"""Receipts by the mock's short ways say what its thorough ways say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mockservers.single_window.layout import LAYOUTS
from integrations.mockservers.single_window.receipts import _template, _values, opening
from integrations.mockservers.single_window.records import Document, Record
from schemas.messages import dxp
from tests.integrations.conftest import Window
from tests.integrations.trades import EXPORT

_TEXTS = st.one_of(st.just(""), st.sampled_from(["A&B", "<", ">", "无", "3607"]), st.text(st.characters(categories=["L", "N"])))


@given(st.sampled_from(sorted(LAYOUTS)), st.data())
def test_an_opening_is_what_the_thorough_way_writes(message_type: str, data: st.DataObject) -> None:
    layout = LAYOUTS[message_type]
    head = {name: data.draw(_TEXTS) for name in layout.head}
    record = Record.of(Document(layout, head, [], 1, 2, 3), 12, "20261111", "HUB")
    template = _template(layout)
    assert opening(record).decode() == template.start % _values(record, template.slots)


def _fragments(window: Window) -> list[bytes]:
    while window.service.processor.turn():
        pass
    bodies = [dxp.decode(each["envelope"].encode()).data for each in window.mailbox(200)]
    window.http.post("/dxp/mailbox/DXPHUB0000000001/ack", json={"ids": [each["id"] for each in window.mailbox(200)]})
    return sorted(part for body in bodies for part in body.split(b"Return>"))


@pytest.mark.storage
def test_receipts_written_together_are_those_written_one_by_one(window: Window) -> None:
    found = []
    for duplicate in (0, 1e-12):  # the second switch sends every receipt the thorough way, and repeats none of these
        with window.service.connections.transaction() as connection:
            connection.execute("TRUNCATE inbox, inbox_queue, documents, waiting")
            connection.execute("UPDATE serial SET last = 0")
        window.throw(duplicate=duplicate, rules=[{"effect": "inspection", "outcome": "fail", "pattern": "*2"}])
        for number in (1, 2, 3):
            window.post_trade(EXPORT, number)
        found.append([part for part in _fragments(window) if b"guid=" not in part])
    assert len(found[0]) > 3 * 13
    assert found[0] == found[1]
