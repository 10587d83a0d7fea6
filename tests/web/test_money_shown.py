"""Amounts on pages: as exactly as they were stated; reckoned into a currency, with that one's decimals."""

from decimal import Decimal

from flask import Flask

from ccezone.web.shell.rendering import money


def test_what_was_stated_is_shown_as_exactly_as_it_is(app: Flask) -> None:
    with app.test_request_context():
        assert money(Decimal("59747.06800"), "142") == "59,747.068 人民币"
        assert money(Decimal("1200"), "502") == "1,200.00 美元"
        assert money(Decimal("0.125")) == "0.125"


def test_what_was_reckoned_into_a_currency_has_its_decimals(app: Flask) -> None:
    with app.test_request_context():
        assert money(Decimal("59747.068"), "142", reckoned=True) == "59,747.07 人民币"
        assert money(Decimal("59747.065"), "142", reckoned=True) == "59,747.07 人民币"
        assert money(Decimal("-1200.5"), "116", reckoned=True) == "-1,201 日本元"
        assert money(Decimal("1.23456"), "118", reckoned=True) == "1.235 科威特第纳尔"
