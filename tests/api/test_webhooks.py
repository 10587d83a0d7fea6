"""Webhooks over the API: made, read with its ETag, changed with If-Match, tested, replayed, removed; a rival's are not there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from ccezone.accounts.rules import FIRM, Permission
from ccezone.notices.service.webhooks import Deliverer
from tests.api.conftest import Api, problem
from tests.api.told import endpoint_and_event
from tests.notices.receivers import DEAD, Receivers

pytestmark = pytest.mark.storage
MERCHANT, RIVAL = "furniture", "platform_export"
URL = "https://erp.example.com/hooks"
BODY = {"url": URL, "note": "ERP", "kinds": ["batch.finished"]}


def call(
    api: Api, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = MERCHANT, **headers: str
) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    authorized = {"Authorization": f"Bearer {api.token(MERCHANT)}", **named}
    return api.client.open(f"/api/v1/webhooks{path}", method=method, json=body, headers=authorized)


@pytest.fixture
def made(api: Api) -> Mapping[str, Any]:
    answer = call(api, "POST", "", BODY)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_an_endpoint_shows_its_secret_where_it_is_made_and_nowhere_else(api: Api, made: Mapping[str, Any]) -> None:
    assert made["secret"].startswith("whsec_")
    assert (made["enabled"], made["disabled_because"]) == (True, "")
    (listed,) = call(api, "GET", "").get_json()["webhooks"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert "secret" not in call(api, "GET", f"/{made['id']}").get_json()


def test_whoever_changes_an_endpoint_must_have_read_it(api: Api, made: Mapping[str, Any]) -> None:
    place = f"/{made['id']}"
    tag = call(api, "GET", place).headers["ETag"]
    problem(call(api, "PUT", place, BODY), 428)
    changed = call(api, "PUT", place, {**BODY, "note": "仓库", "enabled": False}, If_Match=tag)
    assert (changed.status_code, changed.get_json()["disabled_because"]) == (200, "by_hand")
    assert problem(call(api, "PUT", place, BODY, If_Match=tag), 412)
    assert call(api, "DELETE", place, If_Match=changed.headers["ETag"]).status_code == 204
    problem(call(api, "GET", place), 404)


def test_failing_calls_do_not_change_the_tag(api: Api, made: Mapping[str, Any]) -> None:
    receivers = Receivers({URL: lambda _: DEAD})
    tag = call(api, "GET", f"/{made['id']}").headers["ETag"]
    event = call(api, "POST", f"/{made['id']}/test").get_json()["event"]
    deliverer = Deliverer(api.hub.database, api.hub.vault, receivers, api.hub.clock, lambda: 0.0)
    for claim in deliverer.claim(1, ailing=False):
        deliverer.turn(claim)
    assert call(api, "GET", f"/{made['id']}").headers["ETag"] == tag
    shown = call(api, "GET", f"/{made['id']}/deliveries/{event}").get_json()
    assert (shown["state"], shown["attempts"], shown["last_error"]) == ("waiting", 1, "refused")
    assert shown["calls"][0]["error"] == "refused"
    assert '"type":"test.sent"' in shown["payload"]
    (listed,) = call(api, "GET", f"/{made['id']}/deliveries?state=waiting&kind=test.sent").get_json()["deliveries"]
    assert listed["event"] == event
    assert call(api, "GET", f"/{made['id']}/deliveries?state=failed").get_json() == {"deliveries": [], "next": None}


def test_events_are_replayed_one_by_one_and_all_that_failed(api: Api, made: Mapping[str, Any]) -> None:
    event = call(api, "POST", f"/{made['id']}/test").get_json()["event"]
    api.hub.change("UPDATE webhook_delivery SET state = 'failed', attempts = 11, due_at = NULL")
    assert call(api, "POST", f"/{made['id']}/replay", {"since": "2020-01-01T00:00:00Z"}).get_json() == {"events": 1}
    api.hub.change("UPDATE webhook_delivery SET state = 'failed', due_at = NULL")
    again = call(api, "POST", f"/{made['id']}/deliveries/{event}/replay")
    assert (again.status_code, again.get_json()["state"], again.get_json()["attempts"]) == (202, "waiting", 0)
    problem(call(api, "POST", f"/{made['id']}/deliveries/{UUID(int=1)}/replay"), 404)
    assert problem(call(api, "POST", f"/{made['id']}/replay", {"since": "yesterday"}), 422)[0]["code"] == "bad_moment"


def test_a_new_secret_is_shown_and_the_former_signs_for_a_day(api: Api, made: Mapping[str, Any]) -> None:
    rotated = call(api, "POST", f"/{made['id']}/secret").get_json()
    assert rotated["secret"] != made["secret"]
    assert rotated["former_secret_until"] is not None


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"url": "https://10.0.0.1/"}, "/url", "webhook_private"),
        ({"url": "http://erp.example.com/"}, "/url", "webhook_url"),
        ({"kinds": ["gossip"]}, "/kinds", "webhook_kind_unknown"),
        ({"note": "x" * 101}, "/note", "too_long"),
        ({"enabled": "maybe"}, "/enabled", "bad_value"),
    ],
)
def test_what_is_wrong_is_said_with_the_codes_of_the_page(api: Api, changes: Mapping[str, object], pointer: str, code: str) -> None:
    (error,) = problem(call(api, "POST", "", {**BODY, **changes}), 422)
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_a_rivals_endpoint_is_not_there_and_a_token_without_permission_is_refused(api: Api) -> None:
    endpoint, event = endpoint_and_event(api.hub, RIVAL)
    for method, path in (
        ("GET", ""),
        ("POST", "/secret"),
        ("POST", "/test"),
        ("GET", "/deliveries"),
        ("GET", f"/deliveries/{event}"),
        ("POST", f"/deliveries/{event}/replay"),
    ):
        problem(call(api, method, f"/{endpoint}{path}"), 404)
    problem(call(api, "PUT", f"/{endpoint}", BODY, If_Match="*"), 404)
    problem(call(api, "DELETE", f"/{endpoint}", If_Match="*"), 404)
    weak = api.token(MERCHANT, FIRM - {Permission.WEBHOOKS_WRITE})
    problem(api.client.get("/api/v1/webhooks", headers={"Authorization": f"Bearer {weak}"}), 403)


def test_the_description_tells_what_is_sent(api: Api) -> None:
    document = api.client.get("/api/openapi.json", headers={"Accept-Language": "en"}).get_json()
    sent = document["webhooks"]["list.state_changed"]["post"]
    name = sent["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert set(document["components"]["schemas"][name]["properties"]) == {"type", "timestamp", "data"}
    assert sent["summary"] == "State of lists changed"
