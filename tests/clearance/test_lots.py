"""Receipts by columns end as receipts one by one do: the same rows, the same states, the same ones parked."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from ccezone.clearance.ports import Receipt, ReceiptLot
from ccezone.clearance.service import receive
from ccezone.clearance.service.lots import lot_digests
from ccezone.clearance.service.receiving import receipt_digest
from ccezone.storage.copying import microseconds
from integrations.single_window import CebReader
from schemas.messages.ceb.samples import sample
from tests.hub.bills import export_bills
from tests.hub.harness import Hub
from tests.hub.window import list_receipt, receipt

_TYPES = [f"CEB{number}Message" for number in (304, 312, 404, 412, 506, 512, 604, 622)]
_STORED = """
SELECT kind, subject, digest, submission, code, returned_at, info FROM receipt ORDER BY kind, subject, digest
"""
_PARKED = "SELECT digest, message_type, guid, code, returned_at, info, keys, content FROM parked_receipt ORDER BY digest"


class OneByOne(CebReader):
    """A reader that knows no short way."""

    def lot(self, body: bytes) -> ReceiptLot | None:
        """Leave every message to the thorough way."""
        return None


def posted(hub: Hub, submission: UUID) -> Sequence[bytes]:
    """Answers to a list, some of them twice, to its bills, and to documents nobody knows."""
    sold, paid, carried, *_ = export_bills()
    said = {bill.message_type: dict(bill.values) for bill in (sold, paid, carried)}
    named = {
        "CEB304Message": ("order_no", "platform_code", "merchant_code"),
        "CEB404Message": ("order_no", "merchant_code", "payment_no"),
        "CEB506Message": ("carrier_code", "waybill_no"),
    }
    bodies = []
    for answer, asked in zip(named, said, strict=True):
        keys = {name: said[asked][name] for name in named[answer] if name in said[asked]}
        bodies += [receipt(answer, code, hub.clock.now(), **keys) for code in (2, 3, 120, 120)]
    for code in (2, 120, 800, 399, 899, 800):
        hub.clock.advance(minutes=1)
        bodies.append(list_receipt(submission, code, hub.clock.now()))
    bodies += [list_receipt(uuid4(), 2, hub.clock.now()), sample("CEB404Message", 2)]
    return bodies


@pytest.mark.storage
def test_receipts_by_columns_end_as_receipts_one_by_one_do(hub: Hub) -> None:
    hub.matched(*export_bills())
    hub.dispatch()
    bodies = posted(hub, hub.submission_of(hub.only_list()))
    ended = []
    for reader in (OneByOne(), CebReader()):
        for body in bodies:
            hub.window.post(body)
        assert receive(hub.database, hub.window, reader, hub.clock, limit=100, wait=0) == len(bodies)
        ended.append((hub.rows(_STORED), hub.rows(_PARKED), hub.states()))
        if len(ended) == 1:
            hub.change("DELETE FROM receipt")
            hub.change("DELETE FROM parked_receipt")
            undone = "UPDATE declaration_state SET state = 'sent', code = NULL, returned_at = NULL, standing = NULL"
            hub.change(f"{undone}, standing_at = NULL, standing_seen = 0")
    assert ended[0] == ended[1]
    assert (len(ended[1][0]), len(ended[1][1]), ended[1][2]) == (16, 2, ["899"])


@pytest.mark.parametrize("message_type", _TYPES)
def test_a_lot_holds_what_reading_gives(message_type: str) -> None:
    body, reader = sample(message_type, 20), CebReader()
    lot, receipts = reader.lot(body), reader.read(body)
    assert lot is not None
    assert [lot.receipt(place) for place in range(len(receipts))] == [_without_empty(each) for each in receipts]
    times = [microseconds(moment) for moment in lot.moments]
    assert list(lot_digests(lot, times)) == [receipt_digest(each) for each in receipts]


@pytest.mark.parametrize("status", [b"x", b"9999999999"])
def test_a_status_that_is_none_is_left_to_reading(status: bytes) -> None:
    body = sample("CEB604Message", 1)
    start = body.index(b"<ceb:returnStatus>") + len(b"<ceb:returnStatus>")
    end = body.index(b"</ceb:returnStatus>")
    assert CebReader().lot(body[:start] + status + body[end:]) is None


@pytest.mark.parametrize("message_type", ["CEB816Message", "CEB900Message", "CEB702Message", "CEB606Message"])
def test_other_answers_are_left_to_reading(message_type: str) -> None:
    assert CebReader().lot(sample(message_type, 1)) is None


def _without_empty(found: Receipt) -> Receipt:
    found.content = {name: value for name, value in found.content.items() if value}
    return found
