"""Every operation of the API on somebody's rows: another firm gets nothing of them, changes nothing, and its lists lack them."""

import re
from collections.abc import Mapping
from uuid import UUID

import pytest

from ccezone.api.blueprint import RESOURCES
from ccezone.api.operations import Operation
from ccezone.api.v1.fx_receipts import KNOWN_ACCOUNT
from ccezone.fx.service.receipts import add_account
from ccezone.tax_refunds.rules.amounts import Method
from ccezone.tax_refunds.service.claims import Figures, Opening, open_claim
from tests.api.applying import applications_for_examples
from tests.api.conftest import Api
from tests.api.fx_examples import settlement_for_example
from tests.api.refunding import declaration_for_examples, lots_for_examples, prerefunds_for_examples

pytestmark = pytest.mark.storage
OPERATIONS = {each.name: each for resource in RESOURCES for each in resource.operations}
_PARAMETER = re.compile(r"<(?:([^:>]+):)?(\w+)>")
_BY_NATURE = {"item_no", "trade_mode", "flow", "list_name", "message_type", "uscc", "table"}
"""What names no row of somebody's: it means one's own for everybody, or is public."""
_WATCHED = (
    "api_credential",
    "webhook_endpoint",
    "declaration_state",
    "submission",
    "cancellation",
    "webhook_delivery",
    "refund_claim",
    "fx_account",
    "fx_receipt",
    "fx_instruction",
    "overseas_sale",
    "customs_application",
)
_BILLS = {"getOrder": "order", "getPayment": "payment", "getWaybill": "waybill", "getShippingLink": "link"}


def owner(api: Api) -> str:
    """Let a firm import, export, keep a credential and a webhook; return its key."""
    api.hub.imports()
    api.hub.dispatch()
    [(merchant,)] = api.hub.rows("SELECT merchant_id FROM declaration_list")
    return next(key for key in ("cosmetics", "milk") if api.hub.party(key).id == merchant)


def ids_of(api: Api, key: str) -> Mapping[str, str]:
    """The ids of its rows by parameter; of bills by kind."""
    hook = api.call("POST", "/webhooks", key, {"url": "https://erp.example.com/hooks", "kinds": ["batch.finished"]})
    assert hook.status_code == 201, hook.text
    one = {
        "order": "SELECT order_key FROM order_version",
        "payment": "SELECT payment_key FROM payment_version",
        "waybill": "SELECT waybill_key FROM waybill_version",
        "number": "SELECT id FROM declaration_list",
        "batch_id": "SELECT id FROM intake_batch WHERE kind = 'order'",
    }
    found = {name: str(api.hub.rows(statement)[0][0]) for name, statement in one.items()}
    issued = str(api.issue(key, "its own").id)
    return {
        **found,
        "link": found["order"],
        "credential_id": issued,
        "webhook_id": hook.get_json()["id"],
        "event_id": str(UUID(int=1)),
        "claim_id": str(claim_of(api, key)),
        **money_of(api, key),
        "prerefund_id": str(prerefund_of(api, key)),
        "item_id": str(lots_for_examples(api.hub, api.hub.party(key).id)),
        "summary_id": str(declaration_for_examples(api.hub, api.hub.party(key).id)),
        **{kind: str(number) for kind, number in applications_for_examples(api.hub, api.hub.party(key).id).items()},
    }


def claim_of(api: Api, key: str) -> UUID:
    """A draft of a refund claim."""
    opening = Opening(Method.EXEMPT_REFUND, "2025-12", 1, Figures())
    with api.hub.database.begin() as uow:
        return open_claim(uow, api.hub.party(key).id, opening, "user:x", api.hub.clock)


def money_of(api: Api, key: str) -> Mapping[str, str]:
    """An account with a receipt of money, and an instruction to the bank."""
    firm = api.hub.party(key).id
    with api.hub.database.begin() as uow:
        add_account(uow, firm, KNOWN_ACCOUNT, "bank", "502", "user:x", api.hub.clock)
    asked = settlement_for_example(api.hub, firm, "")
    [(receipt,)] = api.hub.rows("SELECT receipt_id FROM fx_instruction")
    return {"account": KNOWN_ACCOUNT, "receipt_id": str(receipt), "settlement_id": str(asked)}


def prerefund_of(api: Api, key: str) -> UUID:
    """A pre-refund of goods abroad."""
    return prerefunds_for_examples(api.hub, api.hub.party(key).id)["sales"]


def address(operation: Operation, ids: Mapping[str, str]) -> str | None:
    """The operation's address with the owner's ids; ``None`` where it names nobody's row, or is a bank's
    (``test_consented``) or a data provider's (``test_feeds``)."""
    names = [name for _kind, name in _PARAMETER.findall(operation.rule)]
    if not names or set(names) <= _BY_NATURE:
        return None
    if operation.bank or operation.provider:
        return None
    applied = ids["return" if "goods-returns" in operation.rule else "summary"]
    known = {**ids, "bill_id": ids[_BILLS.get(operation.name, "order")], "application_id": applied}
    return _PARAMETER.sub(lambda found: known[found[2]], operation.rule)


def kept(api: Api) -> object:
    """What another's call must not change."""
    return [api.hub.rows(f"SELECT to_jsonb(t) - 'last_used_at' FROM {table} t ORDER BY 1::text") for table in _WATCHED]  # noqa: S608


def test_no_operation_answers_another_firm_about_a_row_that_its_owner_sees(api: Api) -> None:
    key = owner(api)
    ids, stranger = ids_of(api, key), api.token("furniture")
    numbers = [row[0] for row in api.hub.rows("SELECT order_no FROM order_version UNION SELECT waybill_no FROM waybill_version")]
    before, tried = kept(api), 0
    for operation in OPERATIONS.values():
        place = address(operation, ids)
        if place is None:
            continue
        answer = api.call(operation.method, place, body=None if operation.method == "GET" else {}, token=stranger)
        tried += 1
        assert answer.status_code == 404 or (operation.body and answer.status_code == 422), (operation.name, answer.text)
        assert not [number for number in numbers if number in answer.text], operation.name
    assert kept(api) == before
    assert tried >= 20
    own = (
        "getOrder",
        "getWaybill",
        "getDeclaration",
        "getWebhook",
        "getCredential",
        "getDeclarationTimeline",
        "getTaxRefund",
        "getFxReceipt",
        *("getSummary", "getGoodsReturn"),
    )
    seen = [name for name in own if api.get(address(OPERATIONS[name], ids) or "", key).status_code == 200]
    assert len(seen) == len(own), "else the test would prove nothing"


def test_no_list_of_another_firm_holds_its_rows(api: Api) -> None:
    key = owner(api)
    ids = ids_of(api, key)
    secrets = [ids["number"], ids["batch_id"], ids["credential_id"], ids["webhook_id"], ids["claim_id"], ids["receipt_id"]]
    secrets += [ids["account"], ids["settlement_id"], ids["summary"], ids["return"]]
    secrets += [row[0] for row in api.hub.rows("SELECT order_no FROM order_version")]
    lists = [each for each in OPERATIONS.values() if each.method == "GET" and "<" not in each.rule]
    own = "".join(api.get(each.rule, key).text for each in lists)
    others = "".join(api.get(each.rule, "furniture").text for each in lists)
    assert [secret for secret in secrets if secret not in own] == []
    assert [secret for secret in secrets if secret in others] == []
