"""Banks' statements: three formats that say the same, faults by line, days in turn, nothing taken twice."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccezone.fx.service.exchanging import take_files
from ccezone.fx.service.statements import take_parked_of, take_statement
from ccezone.kernel.errors import Refused
from schemas.statements import FORMATS, Entry, Statement, read_settlement, read_statement, write_statement
from tests.fx.money import ACCOUNT, WHO, Zone

_DAY = date(2026, 1, 2)


def _statement(
    sequence: int = 1, opening: str = "0.00", amounts: Sequence[str] = ("10.00",), account: str = ACCOUNT, payer: str = "A/B 平台"
) -> Statement:
    day = _DAY + timedelta(days=sequence - 1)
    entries = [
        Entry(f"S{sequence}-{place}", Decimal(amount), day, payer, "platform", "E1 E2") for place, amount in enumerate(amounts)
    ]
    closing = Decimal(opening) + sum((each.amount for each in entries), Decimal(0))
    return Statement(account, "502", sequence, day, Decimal(opening), closing, tuple(entries))


@pytest.mark.parametrize("form", FORMATS)
@given(
    st.lists(st.decimals("-9999999", "9999999", places=2).filter(bool), max_size=6),
    st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=30).map(str.strip).filter(bool),
)
def test_what_a_format_spells_is_read_back(form: str, amounts: list[Decimal], payer: str) -> None:
    said = _statement(amounts=[f"{each:f}" for each in amounts], payer=payer)
    found = read_statement(write_statement(said, form))
    assert (found.format, found.entries, found.closing, found.day) == (form, said.entries, said.closing, said.day)


@pytest.mark.parametrize(
    ("form", "old", "new", "pointer", "code"),
    [
        ("csv", ",10.00,2026", ",ten,2026", "/entries/0/amount", "statement_bad"),
        ("csv", "platform", "gift", "/entries/0/kind", "statement_bad"),
        ("csv", "USD", "XXX", "/currency", "statement_bad"),
        ("json", '"sequence": "1"', '"sequence": "one"', "/sequence", "statement_bad"),
        ("json", '"bank_reference": "S1-0"', '"bank_reference": ""', "/entries/0/bank_reference", "statement_missing"),
        ("json", '"closing": "10.00"', '"closing": "11.00"', "/closing", "statement_sum"),
        ("json", '"entries"', '"lines"', "", "statement_unreadable"),
        ("mt940", ":25:" + ACCOUNT, ":25:", "/account", "statement_missing"),
        ("mt940", ":61:", ":61:X", "", "statement_unreadable"),
        ("mt940", "USD0,00", "USD0;00", "", "statement_unreadable"),
    ],
)
def test_a_broken_statement_names_the_field(form: str, old: str, new: str, pointer: str, code: str) -> None:
    text = write_statement(_statement(), form).decode()
    assert old in text
    with pytest.raises(Refused) as refused:
        read_statement(text.replace(old, new).encode())
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]
    if code in ("statement_bad", "statement_missing"):
        assert refused.value.faults[0].params["line"].isdigit()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"a,b\n1,2\n", b":61:"])
def test_what_is_no_statement_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read_statement(content)


def test_a_settlement_file_names_the_line_that_is_wrong() -> None:
    head = b"reference,order_no,gross,fee,currency\n"
    [line] = read_settlement(head + b"PS1,E1,100.00,2.00,USD\n")
    assert (line.order_no, line.fee, line.currency) == ("E1", Decimal("2.00"), "502")
    with pytest.raises(Refused) as refused:
        read_settlement(head + b"PS1,E1,100.00,2.00,USD\nPS1,E2,,x,USD\n")
    assert [fault.params["line"] for fault in refused.value.faults] == ["3", "3"]


def _take(zone: Zone, said: Statement) -> tuple[str, str, int]:
    with zone.hub.database.begin() as uow:
        found = take_statement(uow, said, "feed", WHO, zone.hub.clock)
    return found.standing, found.reason, found.released


@pytest.mark.storage
def test_a_statement_read_twice_in_another_format_doubles_nothing(zone: Zone) -> None:
    said = _statement(amounts=("10.00", "-3.00", "5.50"))
    again = read_statement(write_statement(said, "mt940"))
    assert [_take(zone, each)[0] for each in (said, again, said)] == ["taken", "known", "known"]
    assert zone.hub.rows("SELECT count(*), sum(amount) FROM fx_receipt") == [(2, Decimal("15.50"))]


@pytest.mark.storage
def test_days_that_come_too_early_wait_with_their_reason_and_follow_when_the_missing_one_comes(zone: Zone) -> None:
    assert _take(zone, _statement(1)) == ("taken", "", 0)
    assert _take(zone, _statement(4, "30.00")) == ("parked", "gap", 0)
    assert _take(zone, _statement(3, "20.00")) == ("parked", "gap", 0)
    assert zone.hub.count("fx_receipt") == 1
    assert _take(zone, _statement(2, "10.00")) == ("taken", "", 2)
    assert zone.hub.count("fx_receipt") == 4


@pytest.mark.storage
def test_a_balance_that_does_not_go_on_and_a_number_told_otherwise_are_parked(zone: Zone) -> None:
    _take(zone, _statement(1))
    assert _take(zone, _statement(2, "11.00")) == ("parked", "opening_differs", 0)
    assert _take(zone, _statement(1, amounts=("99.00",))) == ("parked", "changed", 0)
    assert _take(zone, _statement(2, "10.00")) == ("taken", "", 0)


@pytest.mark.storage
def test_an_unknown_account_waits_until_somebody_registers_it(zone: Zone) -> None:
    assert _take(zone, _statement(1, account="99887766")) == ("parked", "unknown_account", 0)
    zone.hub.change(
        "INSERT INTO fx_account VALUES ('99887766', %(id)s, 'b', '502', now(), 'x')",
        id=zone.merchant,
    )
    with zone.hub.database.begin() as uow:
        assert take_parked_of(uow, "99887766", WHO, zone.hub.clock) == 1


@pytest.mark.storage
def test_a_receipt_told_before_is_confirmed_by_the_bank_or_named_when_it_differs(zone: Zone) -> None:
    same, other = zone.receive("10.00", bank_reference="S1-0"), zone.receive("7.00", bank_reference="S1-1")
    _take(zone, _statement(1, amounts=("10.00", "7.50")))
    confirmed = dict(zone.hub.rows("SELECT id, confirmed_at IS NOT NULL FROM fx_receipt"))
    assert (confirmed[same], confirmed[other]) == (True, False)
    [(reason, doubts)] = zone.hub.rows("SELECT reason, content -> 'doubts' FROM fx_statement")
    assert reason == "doubts"
    assert doubts[0]["params"] == {"value": "S1-1", "told": "7.00", "bank": "7.50"}


@pytest.mark.storage
def test_the_banks_own_feed_is_taken_day_by_day_in_every_format(zone: Zone) -> None:
    zone.hub.clock.moment = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
    for number in (1, 2, 3):
        money = {"account": ACCOUNT, "currency": "502", "amount": "12.34", "payer": "P", "kind": "platform"}
        booked = zone.mock.post("/bookings", json={**money, "bank_reference": f"F{number}", "value_date": f"2026-01-0{number}"})
        assert booked.status_code == 200
    assert take_files(zone.hub.database, zone.bank, zone.hub.clock) == 3
    assert take_files(zone.hub.database, zone.bank, zone.hub.clock) == 0
    assert zone.hub.rows("SELECT sum(amount), count(*) FROM fx_receipt") == [(Decimal("37.02"), 3)]
    assert {row[0] for row in zone.hub.rows("SELECT format FROM fx_statement WHERE state = 'taken'")} == set(FORMATS)
