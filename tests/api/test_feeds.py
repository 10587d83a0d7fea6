"""A data provider's own system sends statistical feeds: once, line by line, in its own name, and sees no others."""

import pytest

from ccezone.accounts.rules import BANK_CREDENTIAL, FIRM, Permission
from ccezone.accounts.service import issue_credential
from ccezone.kernel.errors import Refused
from tests.api.conftest import Api, problem
from tests.api.feeding import PLACE, feed, line, provider, provider_token
from tests.statistics.supplying import count, worth
from tests.web.portal_rivals import a_bank, banker

pytestmark = pytest.mark.storage


def test_good_lines_count_once_and_bad_ones_come_back_with_their_places(api: Api) -> None:
    token = provider_token(api)
    said = feed(line("RR1"), line("RR2", flow="X"), line("RR3", amount="-7"), line("RR4", amount="50.00"))
    first = api.call("POST", PLACE, body=said, token=token)
    assert first.status_code == 201, first.text
    told = first.get_json()
    assert (told["sender"], told["lines"], told["refused"], told["repeated"]) == ("赣州邮政", 2, 2, False)
    assert [(each["pointer"], each["position"]) for each in told["errors"]] == [("/lines/1/flow", 1), ("/lines/2/amount", 2)]
    assert all(each["message"] and each["remedy"] for each in told["errors"])
    again = api.call("POST", PLACE, body=said, token=token)
    assert (again.status_code, again.get_json()["repeated"], again.get_json()["id"]) == (200, True, told["id"])
    overlapping = api.call("POST", PLACE, body=feed(line("RR4", amount="50.00"), line("RR5")), token=token).get_json()
    count(api.hub)
    assert worth(api.hub) == 250
    shown = api.call("GET", f"{PLACE}/{overlapping['id']}", token=token).get_json()
    assert shown["standings"] == [{"standing": "counted", "lines": 1}, {"standing": "fed", "lines": 1}]
    assert api.hub.count("supplement_batch") == 2


def test_the_same_key_sends_once(api: Api) -> None:
    token = provider_token(api)
    first, again = (api.call("POST", PLACE, body=feed(line("RR1")), token=token, Idempotency_Key="feed-1") for _ in range(2))
    assert (first.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.get_json() == again.get_json()
    assert api.hub.count("supplement_batch") == 1


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"lines": []}, "/lines", "empty"),
        ({"source": "gossip"}, "/source", "not_a_choice"),
        ({"source": "sample"}, "/method", "supplement_method_unfit"),
        ({"lines": [line("RR1", weigth="2")]}, "/lines/0/weigth", "unknown_element"),
        ({"period": ""}, "/period", "empty"),
    ],
)
def test_a_bad_feed_says_what_is_wrong_and_nothing_is_kept(api: Api, changes: dict[str, object], pointer: str, code: str) -> None:
    answer = api.call("POST", PLACE, body=feed(line("RR1"), **changes), token=provider_token(api))
    assert (pointer, code) in {(each["pointer"], each["code"]) for each in problem(answer, 422)}
    assert api.hub.count("supplement_batch") == 0


def test_a_provider_reads_its_own_feeds_and_nobody_elses_and_nothing_else(api: Api) -> None:
    post, express = provider_token(api), provider_token(api, "EXPRESS-1")
    made = [api.call("POST", PLACE, body=feed(line("RR1")), token=token).get_json() for token in (post, express)]
    assert made[0]["id"] != made[1]["id"]  # the same said by another provider is another feed, though its parcel counts once
    for token, own, other in ((post, made[0], made[1]), (express, made[1], made[0])):
        assert [each["id"] for each in api.call("GET", PLACE, token=token).get_json()["feeds"]] == [own["id"]]
        assert api.call("GET", f"{PLACE}?text=RR1&source=mail", token=token).get_json()["feeds"]
        assert api.call("GET", f"{PLACE}?text=RR9", token=token).get_json()["feeds"] == []
        problem(api.call("GET", f"{PLACE}/{other['id']}", token=token), 404)
    for place in ("/enterprise", "/orders", "/declarations", "/credentials", "/bank/consents"):
        problem(api.call("GET", place, token=post), 403)


def test_neither_a_firm_nor_a_bank_sends_feeds_and_a_suspended_provider_is_shut_out(api: Api) -> None:
    with api.hub.database.begin() as uow:
        bank = a_bank(uow, api.hub.clock)
        of_bank = issue_credential(uow, None, "授信", BANK_CREDENTIAL, banker(bank), api.hub.clock, bank_id=bank).token
    for token in (api.token("furniture", FIRM), of_bank):
        assert problem(api.call("POST", PLACE, body=feed(line("RR1")), token=token), 403)[0]["code"] == "not_permitted"
        problem(api.call("GET", PLACE, token=token), 403)
    assert api.hub.count("supplement_batch") == 0
    owner, token = provider(api), provider_token(api)
    api.hub.change("UPDATE partner SET active = false WHERE id = %(id)s", id=owner)
    problem(api.call("POST", PLACE, body=feed(line("RR1")), token=token), 401)
    with api.hub.database.begin() as uow, pytest.raises(Refused):
        issue_credential(uow, None, "x", [Permission.BILLS_READ], None, api.hub.clock, provider_id=owner)
