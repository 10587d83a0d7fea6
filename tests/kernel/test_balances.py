"""A balance stands when its parts add up and no item disagrees."""

from datetime import date
from decimal import Decimal

from ccezone.kernel.balances import Balance, Difference, Part


def balance(*amounts: str, differences: tuple[Difference, ...] = ()) -> Balance:
    parts = [Part(str(place), Decimal(amount)) for place, amount in enumerate(amounts)]
    return Balance("goods", date(2026, 11, 22), "CNY", Decimal("10.00"), parts, differences)


def test_a_balance_stands_when_its_parts_add_up() -> None:
    assert balance("4.00", "6.00").stands


def test_a_fen_too_few_is_a_gap() -> None:
    assert balance("4.00", "5.99").gap == Decimal("0.01")
    assert not balance("4.00", "5.99").stands


def test_two_errors_that_cancel_out_do_not_stand() -> None:
    items = (
        Difference("order", "1", "91330100MA00000000", Decimal(1), Decimal(2)),
        Difference("order", "2", "91330100MA00000000", Decimal(2), Decimal(1)),
    )
    swapped = balance("4.00", "6.00", differences=items)
    assert swapped.gap == 0
    assert not swapped.stands
