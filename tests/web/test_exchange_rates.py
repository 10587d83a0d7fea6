"""Entering customs exchange rates through their page."""

import pytest

from tests.web.conftest import SignIn

pytestmark = pytest.mark.storage


def test_an_officer_enters_a_months_exchange_rates_and_sees_them(signed_in: SignIn) -> None:
    officer = signed_in("officer")
    assert "还没有汇率" in officer.get("/office/exchange-rates").text
    typed = {"month": "2026-01", "document": "公告", "502": "7.0123"}
    assert officer.post("/office/exchange-rates/new", data=typed).status_code == 302
    page = officer.get("/office/exchange-rates").text
    assert "7.0123" in page
    assert "公告" in page
    again = officer.post("/office/exchange-rates/new", data=typed)
    assert again.status_code == 422
    assert "2026-01 已有该币制的汇率" in again.text
    assert officer.post("/office/exchange-rates/new", data={**typed, "month": "soon"}).status_code == 422


def test_exchange_rates_are_not_for_firms_to_enter(signed_in: SignIn) -> None:
    assert signed_in("merchant").post("/office/exchange-rates/new", data={}).status_code == 403
