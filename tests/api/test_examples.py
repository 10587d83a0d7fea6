"""Every example of the published description works as it stands: it is sent as written, and answered as described."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis.openapi
from werkzeug.test import TestResponse

from ccezone.accounts.rules import BANK_CREDENTIAL
from ccezone.accounts.service import issue_credential
from ccezone.api.examples import order_id, values
from ccezone.api.v1.fx_handling import EXAMPLE_ID
from ccezone.api.v1.summing import EXAMPLE_LIST
from ccezone.declarations.queries.summaries import groups_of_month
from tests.api.applying import application_for, closed_for_examples
from tests.api.conftest import Api
from tests.api.feeding import a_feed, provider_token
from tests.api.fx_examples import receipt_for_example, settlement_for_example
from tests.api.refunding import (
    claims_for_examples,
    declaration_for_examples,
    lots_for_examples,
    prerefunds_for_examples,
    undeclared_for_examples,
)
from tests.api.told import endpoint_and_event
from tests.declarations import summing
from tests.hub.bills import export_bills
from tests.web.portal_rivals import a_bank, banker, consented

pytestmark = pytest.mark.storage
SENDERS = {
    "postOrders": {"export": "platform_export", "import": "platform_import"},
    "postPayments": {"export": "payment_export", "import": "payment_import"},
    "postWaybills": {"export": "logistics_export", "import": "logistics_import"},
    "postShippingLinks": {"link": "platform_export"},
    "postMessage": {"order": "platform_export", "payment": "payment_export"},
    "postBatch": {"orders": "platform_export"},
    "getBatch": {"": "platform_export"},
    "getBatchErrors": {"": "platform_export"},
}
"""Who may send an example; whatever is not named here the merchant of the trade may."""
MERCHANT = "furniture"


@dataclass(frozen=True)
class Exemplary:
    """One example: the operation, and what its body is."""

    method: str
    path: str
    operation: Mapping[str, Any]
    parameters: Sequence[Mapping[str, Any]]
    media_type: str = ""
    name: str = ""
    body: bytes | None = None

    @property
    def id(self) -> str:
        return f"{self.operation['operationId']} {self.name}".strip()

    @property
    def sender(self) -> str:
        return SENDERS.get(self.operation["operationId"], {}).get(self.name, MERCHANT)


def description(api: Api) -> dict[str, Any]:
    """The description, as published."""
    document: dict[str, Any] = api.client.get("/api/openapi.json", headers={"Accept-Language": "en"}).get_json()
    return document


def examples(document: Mapping[str, Any]) -> Iterator[Exemplary]:
    """All examples of bodies, and every operation that needs none."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            said = (method, path, operation, [*operation["parameters"], *operations.get("parameters", [])])
            content = operation.get("requestBody", {}).get("content", {})
            if not content:
                yield Exemplary(*said)
            for media_type, media in content.items():
                for name, example in media.get("examples", {}).items():
                    value = example["value"]
                    body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
                    yield Exemplary(*said, media_type, name, body)


def address(api: Api, each: Exemplary) -> str:
    """The address with the examples of its parameters, or with what there is in the zone."""
    path, query = each.path, {}
    for parameter in each.parameters:
        name = parameter["name"]
        if parameter["in"] == "path":
            given = [example["value"] for example in parameter.get("examples", {}).values()]
            given += parameter["schema"].get("enum", [])
            if each.path.startswith("/api/v1/tax-refunds/"):
                given = [claims_for_examples(api.hub, api.hub.party(MERCHANT).id)[each.path.split("/")[-1]]]
            given += ids_made(api, each, name)
            if each.path.startswith("/api/v1/pre-refunds/"):
                given = [prerefunds_for_examples(api.hub, api.hub.party(MERCHANT).id)[each.path.split("/")[-1]]]
            if each.path.startswith("/api/v1/special-area/lots/"):
                given = [lots_for_examples(api.hub, api.hub.party(MERCHANT).id)]
            if name == "summary_id":
                given = [declaration_for_examples(api.hub, api.hub.party(MERCHANT).id)]
            value = given[0] if given else zone_ids(api)[f"{each.path.split('/')[3]}.{name}"]
            path = path.replace("{" + name + "}", str(value))
        elif parameter["in"] == "query" and parameter.get("required"):
            query[name] = parameter["schema"].get("enum", ["94"])[0]
    return f"{path}?{urlencode(query)}" if query else path


def ids_made(api: Api, each: Exemplary, name: str) -> list[object]:
    """A consent, a receipt of money, or an instruction to the bank, that the example can be done with."""
    merchant, order_no = api.hub.party(MERCHANT).id, str(values("CEB303Message")["order_no"])
    if each.path.startswith("/api/v1/bank/consents/"):
        with api.hub.database.begin() as uow:
            consent = consented(uow, merchant, a_bank(uow, api.hub.clock), api.hub.clock)
        return [consent if name == "consent_id" else order_id()]
    if name == "feed_id":
        return [a_feed(api)]
    if name == "application_id":
        return [application_for(api.hub, merchant, each.path)]
    if each.path.startswith("/api/v1/fx-receipts/"):
        return [receipt_for_example(api.hub, merchant, each.path.split("/")[-1], order_no)]
    return [settlement_for_example(api.hub, merchant, order_no)] if each.path.startswith("/api/v1/fx-settlements/") else []


def body_of(api: Api, each: Exemplary) -> bytes | None:
    """The example's body; where it names a receipt, a list or a group of lists, one that is there."""
    merchant, body = api.hub.party(MERCHANT).id, each.body or b""
    if EXAMPLE_ID.encode() in body:
        return body.replace(EXAMPLE_ID.encode(), str(receipt_for_example(api.hub, merchant, "ask", "")).encode())
    if each.operation["operationId"] == "openSummary":
        closed_for_examples(api.hub, merchant)
        with api.hub.database.reading() as connection:
            (group,) = groups_of_month(connection, merchant, summing.MONTH)
        return json.dumps({"month": summing.MONTH, "key": dict(group.key)}).encode()
    if each.operation["operationId"] == "openGoodsReturn":
        return body.replace(EXAMPLE_LIST.encode(), str(closed_for_examples(api.hub, merchant).id).encode())
    if each.operation["operationId"] == "gatherAreaDeliveries":
        undeclared_for_examples(api.hub, merchant, date.fromisoformat(json.loads(body)["day"]))
    if EXAMPLE_LIST.encode() in body:  # of the draft that the address names
        inside = api.hub.rows("SELECT declaration_id FROM summary_list WHERE live")[0][0]
        return body.replace(EXAMPLE_LIST.encode(), str(inside).encode())
    return each.body


def zone_ids(api: Api) -> dict[str, object]:
    """Ids that no example can know beforehand."""
    rows = api.hub.rows
    issued = rows("SELECT id FROM api_credential WHERE name = 'spare'")
    if not issued:
        api.issue(MERCHANT, "spare")
    endpoint, event = endpoint_and_event(api.hub, MERCHANT)
    return {
        "webhooks.webhook_id": endpoint,
        "webhooks.event_id": event,
        "payments.bill_id": rows("SELECT payment_key FROM payment_version ORDER BY batch_id, position")[0][0],
        "waybills.bill_id": rows("SELECT waybill_key FROM waybill_version ORDER BY batch_id, position")[0][0],
        "shipping-links.bill_id": rows("SELECT link_key FROM link_version ORDER BY batch_id, position")[0][0],
        "batches.batch_id": rows("SELECT id FROM intake_batch WHERE kind = 'link' ORDER BY id")[0][0],
        "declarations.number": rows("SELECT id FROM declaration_list ORDER BY id")[0][0],
        "credentials.credential_id": rows("SELECT id FROM api_credential WHERE name = 'spare'")[0][0],
    }


def bank_token(api: Api) -> str:
    """The token of a bank's system."""
    with api.hub.database.begin() as uow:
        bank = a_bank(uow, api.hub.clock)
        return issue_credential(uow, None, "bank", BANK_CREDENTIAL, banker(bank), api.hub.clock, bank_id=bank).token


def sent(api: Api, each: Exemplary) -> TestResponse:
    """Send an example."""
    tags = each.operation["tags"]
    token = bank_token(api) if "Banks" in tags else provider_token(api) if "Statistical feeds" in tags else api.token(each.sender)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    if each.media_type:
        headers["Content-Type"] = each.media_type
    place = address(api, each)
    if any(parameter["name"] == "If-Match" for parameter in each.parameters):
        known = api.client.get(place, headers=headers)
        headers |= {"If-Match": known.headers["ETag"]} if known.status_code == 200 else {}
    return api.client.open(place, method=each.method.upper(), data=body_of(api, each), headers=headers)


@pytest.fixture
def traded(api: Api) -> Api:
    """A zone in which the examples' own trade has happened; its merchant files by hand."""
    api.hub.change("UPDATE enterprise SET auto_submit = false")
    api.hub.change("UPDATE parameter SET value = 'false' WHERE key = 'filing.auto_submit'")
    api.hub.change("UPDATE enterprise SET roles = roles || '{credit_rating}' WHERE id = %(id)s", id=api.hub.party(MERCHANT).id)
    authorised = "INSERT INTO credit_source SELECT gen_random_uuid(), %(id)s, 'tax', 'letter', '2020-01-01', NULL, now(), 'test'"
    api.hub.change(authorised, id=api.hub.party(MERCHANT).id)
    api.hub.post(*export_bills())
    api.hub.merge()
    closed_for_examples(api.hub, api.hub.party(MERCHANT).id)
    return api


def in_turn(each: Exemplary) -> int:
    """Make first, remove last; what is cancelled must be with customs."""
    late = each.operation["operationId"] == "cancelDeclaration"
    return 2 if late else {"put": 0, "delete": 3}.get(each.method, 1)


def stored_by_customs(api: Api) -> None:
    """Customs takes the filed list in."""
    api.hub.dispatch()
    api.hub.answer(api.hub.lists()[0], 120)


def test_every_example_works_as_it_stands_and_is_answered_as_described(traded: Api) -> None:
    document = description(traded)
    judge = schemathesis.openapi.from_dict(document)
    found = sorted(examples(document), key=in_turn)
    assert len(found) >= 45
    for each in found:
        if each.operation["operationId"] == "cancelDeclaration":
            stored_by_customs(traded)
        answer = sent(traded, each)
        assert 200 <= answer.status_code < 300, f"{each.id}: {answer.status_code} {answer.text}"
        assert str(answer.status_code) in each.operation["responses"], each.id
        judge[each.path][each.method.upper()].validate_response(answer)
        if answer.status_code == 202 and "rejected" in answer.get_json():
            assert answer.get_json()["errors"] == [], each.id


def test_every_operation_has_an_example_or_needs_none(api: Api) -> None:
    document = description(api)
    shown = {each.operation["operationId"] for each in examples(document)}
    paths = document["paths"].values()
    assert shown == {each["operationId"] for path in paths for method, each in path.items() if method != "parameters"}
