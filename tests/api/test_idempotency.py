"""The same request by the same Idempotency-Key is done once, whatever happens between asking and hearing the answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from ccezone.accounts.service import claim
from ccezone.accounts.service.idempotency import Asked
from ccezone.api.services import Services
from ccezone.storage import Database, UnitOfWork
from tests.api.conftest import Api, problem
from tests.hub.bills import message, order

pytestmark = pytest.mark.storage
GOOD = message(order())
ISSUE = {"name": "ERP", "permissions": ["bills:read"]}


def posted(api: Api, body: bytes = GOOD, key: str = "once", by: str = "platform_export") -> TestResponse:
    """Send a message by a key."""
    return api.message(body, by, Idempotency_Key=key)


def test_the_same_request_again_gets_the_first_answer_and_changes_nothing(api: Api) -> None:
    first, again = posted(api), posted(api)
    assert (again.status_code, again.data, again.mimetype) == (202, first.data, first.mimetype)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert api.hub.count("intake_batch") == 1


def test_another_body_by_the_same_key_is_refused(api: Api) -> None:
    posted(api)
    assert problem(posted(api, message(order(2))), 422)[0]["code"] == "idempotency_mismatch"
    assert api.hub.count("intake_batch") == 1


def test_another_address_by_the_same_key_is_refused(api: Api) -> None:
    posted(api)
    answer = api.post("/orders", b"[{}]", media_type="application/json", Idempotency_Key="once")
    assert problem(answer, 422)[0]["code"] == "idempotency_mismatch"


def test_a_rivals_key_is_another_key(api: Api) -> None:
    posted(api)
    assert problem(posted(api, GOOD, by="oranges"), 403)[0]["code"] == "sender_mismatch"


def test_what_was_refused_may_be_mended_and_sent_by_the_same_key(api: Api) -> None:
    problem(posted(api, b"<nonsense/>"), 422)
    answer = posted(api)
    assert answer.status_code == 202
    assert "Idempotent-Replayed" not in answer.headers


def test_while_the_first_is_worked_on_the_second_is_told_to_wait(api: Api) -> None:
    sender = api.hub.party("platform_export").id
    with api.hub.database.begin() as uow:
        claim(uow, api.hub.vault, Asked(sender, "once", b""), api.hub.clock.now())
        answer = posted(api)
    assert problem(answer, 409)[0]["code"] == "idempotency_in_flight"
    assert answer.headers["Retry-After"] == "1"
    assert posted(api).status_code == 202


def test_a_key_that_is_none_is_refused(api: Api) -> None:
    for key in ("", "two words", "x" * 256, "schlüssel"):
        assert problem(posted(api, key=key), 400)[0]["code"] == "bad_idempotency_key"


def test_after_its_time_a_key_may_be_used_anew(api: Api) -> None:
    posted(api)
    api.hub.clock.advance(hours=24)
    answer = posted(api, message(order(2)))
    assert answer.status_code == 202
    assert "Idempotent-Replayed" not in answer.headers


def test_a_token_is_issued_once_and_told_again_to_whoever_lost_the_answer(api: Api) -> None:
    token = api.token("furniture")
    first = api.call("POST", "/credentials", body=ISSUE, Idempotency_Key="new", token=token)
    again = api.call("POST", "/credentials", body=ISSUE, Idempotency_Key="new", token=token)
    assert first.status_code == again.status_code == 201
    assert first.get_json()["token"] == again.get_json()["token"]
    assert len(api.hub.rows("SELECT id FROM api_credential WHERE name = 'ERP'")) == 1


class Dying(Database):
    """A database that goes away just before the first unit of work commits: all that was done in it is lost."""

    def __init__(self, real: Database) -> None:
        self.url, self.engine, self.subscriptions = real.url, real.engine, real.subscriptions
        self.lives = 0

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        with super().begin() as uow:
            yield uow
            if self.lives == 0:
                raise ConnectionError("killed")


def test_a_process_that_dies_before_it_commits_leaves_nothing_and_the_next_try_does_it(api: Api) -> None:
    token = api.token()  # its use is noted now, so that the request is the next unit of work
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml", "Idempotency-Key": "once"}
    assert api.client.get("/api/v1/enterprise", headers=headers).status_code == 200
    services: Services = api.app.extensions["ccezone_api"]
    api.app.extensions["ccezone_api"] = replace(services, database=Dying(api.hub.database))
    assert api.client.post("/api/v1/messages", data=GOOD, headers=headers).status_code == 500
    assert (api.hub.count("intake_batch"), api.hub.count("idempotent_answer")) == (0, 0)
    api.app.extensions["ccezone_api"] = services
    answer = api.client.post("/api/v1/messages", data=GOOD, headers=headers)
    assert (answer.status_code, answer.get_json()["replayed"]) == (202, 0)


def test_orders_and_their_key_are_there_together(api: Api) -> None:
    body = json.dumps({"orderNo": "incomplete"}).encode()
    answer = api.post("/orders?flow=E", body, media_type="application/json", Idempotency_Key="bad-document")
    assert answer.get_json()["rejected"] == 1
    again = api.post("/orders?flow=E", body, media_type="application/json", Idempotency_Key="bad-document")
    assert again.data == answer.data
    assert api.hub.count("batch_fault") == len(answer.get_json()["errors"])
