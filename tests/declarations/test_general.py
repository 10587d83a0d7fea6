"""General declarations: recorded, corrected by version, taken back and put up again; each merchant sees its own."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from ccezone.declarations.queries import general_declaration, search_general
from ccezone.declarations.rules.general import GeneralLine
from ccezone.declarations.service import GeneralEntry, amend_general, record_general, remove_general
from ccezone.kernel.errors import NotFound, Refused, Stale
from tests.hub.harness import Hub

pytestmark = pytest.mark.storage
LINE = GeneralLine("9403609990", "木椅", Decimal(100), "011", Decimal(60000), "502")
ENTRY = GeneralEntry(
    "400320260000000001", "E", "9710", "4003", date(2026, 1, 4), "142", Decimal(60000), [LINE], order_nos=["B-1"], country="502"
)


def record(hub: Hub, entry: GeneralEntry = ENTRY, by: str = "furniture") -> UUID:
    """Record a declaration."""
    return record_general(hub.database, hub.clock, hub.party(by).id, entry, "clerk")


def numbers(hub: Hub, by: str | None = "furniture", text: str = "") -> list[str]:
    """The numbers somebody sees."""
    with hub.database.reading() as connection:
        return [each.declaration_no for each in search_general(connection, hub.party(by).id if by else None, text)]


def test_what_was_recorded_is_shown_to_its_merchant_and_the_office(hub: Hub) -> None:
    number = record(hub)
    assert (numbers(hub), numbers(hub, "oranges"), numbers(hub, None)) == ([ENTRY.declaration_no], [], [ENTRY.declaration_no])
    assert (numbers(hub, text="B-1"), numbers(hub, text="2026000"), numbers(hub, text="B-2")) == (
        [ENTRY.declaration_no], [ENTRY.declaration_no], [],
    )  # fmt: skip
    with hub.database.reading() as connection:
        found = general_declaration(connection, hub.party("furniture").id, number)
        assert general_declaration(connection, hub.party("oranges").id, number) is None
    assert found is not None
    assert (found.lines, found.total_value, found.version) == ([LINE], Decimal(60000), 1)


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"declaration_no": "123"}, "/declaration_no", "bad_declaration_no"),
        ({"trade_mode": "9999"}, "/trade_mode", "unknown_code"),
        ({"declared_on": date(2026, 1, 6)}, "/declared_on", "day_to_come"),
        ({"released_on": date(2026, 1, 3)}, "/released_on", "released_before_declared"),
        ({"total_value": Decimal("60000.02")}, "/total_value", "lines_do_not_add_up"),
        ({"lines": []}, "/lines", "required"),
        ({"lines": [replace(LINE, hs_code="9403")]}, "/lines/0/hs_code", "bad_hs_code"),
    ],
)
def test_each_wrong_value_is_named(hub: Hub, change: dict[str, object], place: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        record(hub, replace(ENTRY, **change))  # type: ignore[arg-type]  # one dict serves every field
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(place, code)]


def test_a_number_is_recorded_once_whoever_comes_second(hub: Hub) -> None:
    record(hub)
    with pytest.raises(Refused) as refusal:
        record(hub, by="oranges")
    assert [fault.code for fault in refusal.value.faults] == ["general_recorded_before"]


def test_who_corrects_what_another_corrected_meanwhile_is_told(hub: Hub) -> None:
    number, owner = record(hub), hub.party("furniture").id
    amend_general(hub.database, hub.clock, owner, number, replace(ENTRY, note="更正"), 1, "first")
    with pytest.raises(Stale):
        amend_general(hub.database, hub.clock, owner, number, ENTRY, 1, "second")
    with pytest.raises(NotFound):
        amend_general(hub.database, hub.clock, hub.party("oranges").id, number, ENTRY, 2, "rival")


def test_what_is_taken_back_can_be_put_up_again(hub: Hub) -> None:
    number, owner = record(hub), hub.party("furniture").id
    remove_general(hub.database, hub.clock, owner, number, 1, "clerk")
    assert numbers(hub) == []
    remove_general(hub.database, hub.clock, owner, number, 2, "clerk", undo=True)
    assert numbers(hub) == [ENTRY.declaration_no]


def test_a_record_whose_number_was_recorded_anew_is_not_put_up_again(hub: Hub) -> None:
    number, owner = record(hub), hub.party("furniture").id
    remove_general(hub.database, hub.clock, owner, number, 1, "clerk")
    record(hub)
    with pytest.raises(Refused) as refusal:
        remove_general(hub.database, hub.clock, owner, number, 2, "clerk", undo=True)
    assert [fault.code for fault in refusal.value.faults] == ["general_recorded_before"]
    assert numbers(hub) == [ENTRY.declaration_no]
