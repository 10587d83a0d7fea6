"""API credentials through their page: an end, a replacement with overlap, last use."""

import re
from datetime import timedelta

import pytest

from ccezone.accounts.queries import authenticate_token, credentials_of, forget_tokens
from ccezone.kernel.clock import FixedClock
from ccezone.storage import Database
from tests.web.conftest import Cast, SignIn

pytestmark = pytest.mark.storage
FORM = {"name": "ERP", "permissions": ["bills:write"]}


def shown(page: str) -> str:
    """The token on a page."""
    found = re.search(r'value="(ccez_[\w-]+)"', page)
    assert found is not None
    return found[1]


def stands(database: Database, clock: FixedClock, token: str) -> bool:
    """Whether a token is taken."""
    with database.reading() as connection:
        forget_tokens(connection)
        return authenticate_token(connection, token, clock.now()) is not None


def test_a_credential_ends_when_its_last_day_in_the_zone_does(
    signed_in: SignIn, database: Database, clock: FixedClock, cast: Cast
) -> None:
    token = shown(signed_in("merchant").post("/firm/credentials", data={**FORM, "expires_on": "2026-06-02"}).text)
    clock.advance(hours=35, minutes=59)  # from noon of the first of June to a minute before midnight of the second
    assert stands(database, clock, token)
    clock.advance(minutes=1)
    assert not stands(database, clock, token)


@pytest.mark.parametrize("day", ["2026-05-01", "soon", "9999-12-31T"])
def test_an_end_that_is_none_or_past_is_named(signed_in: SignIn, day: str) -> None:
    answer = signed_in("merchant").post("/firm/credentials", data={**FORM, "expires_on": day})
    assert answer.status_code == 422
    assert 'href="#expires_on"' in answer.text


def test_a_token_is_replaced_with_an_overlap(signed_in: SignIn, database: Database, clock: FixedClock, cast: Cast) -> None:
    browser = signed_in("merchant")
    old = shown(browser.post("/firm/credentials", data=FORM).text)
    place = re.search(r"/firm/credentials/[0-9a-f-]{36}/rotate", browser.get("/firm/credentials").text)
    assert place is not None
    new = shown(browser.post(place[0], data={"overlap": "24"}).text)
    assert (stands(database, clock, old), stands(database, clock, new)) == (True, True)
    assert f"旧令牌 {old[:9]}… 可用至" in browser.get("/firm/credentials").text
    assert browser.post(place[0], data={"overlap": "1000"}).status_code == 400
    clock.moment += timedelta(days=1)
    assert not stands(database, clock, old)


def test_a_rival_replaces_nothing(signed_in: SignIn, database: Database, clock: FixedClock, cast: Cast) -> None:
    signed_in("merchant").post("/firm/credentials", data=FORM)
    with database.reading() as connection:
        (known,) = credentials_of(connection, cast.merchant_id)
    assert signed_in("rival").post(f"/firm/credentials/{known.id}/rotate", data={"overlap": "0"}).status_code == 404
