"""A bank's own system reports a background check: in the bank's name, once by its key, and nothing else."""

import pytest

from ccezone.accounts.rules import BANK_CREDENTIAL, FIRM
from ccezone.accounts.service import issue_credential
from ccezone.risk.queries.background import background_checks
from tests.api.conftest import Api, problem
from tests.web.portal_rivals import a_bank, banker

pytestmark = pytest.mark.storage
PLACE = "/bank/background-checks"


@pytest.fixture
def token(api: Api) -> str:
    with api.hub.database.begin() as uow:
        bank = a_bank(uow, api.hub.clock)
        return issue_credential(uow, None, "授信系统", BANK_CREDENTIAL, banker(bank), api.hub.clock, bank_id=bank).token


def report(api: Api, **changes: object) -> dict[str, object]:
    said = {"uscc": api.hub.party("furniture").uscc, "purpose": "loan", "outcome": "clear", "checked_on": "2026-01-02"}
    return {**said, "document": "授信调查报告 18", **changes}


def test_a_report_is_recorded_in_the_name_of_the_bank(api: Api, token: str) -> None:
    answer = api.call("POST", PLACE, body=report(api), token=token)
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["institution"] == "BANK-9银行"
    with api.hub.database.reading() as connection:
        (found,) = background_checks(connection)
    assert (found.institution, found.kind, found.uscc) == ("BANK-9银行", "bank", report(api)["uscc"])


def test_the_same_key_reports_once(api: Api, token: str) -> None:
    first, again = (api.call("POST", PLACE, body=report(api), token=token, Idempotency_Key="check-1") for _ in range(2))
    assert (first.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert first.get_json() == again.get_json()
    assert api.hub.count("risk_background_check") == 1


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"uscc": "91360700MA35CAM99X"}, "/uscc", "party_not_registered"),
        ({"outcome": "concern"}, "/note", "required"),
        ({"checked_on": "2036-01-01"}, "/checked_on", "credit_from_future"),
        ({"valid_to": "2025-01-01"}, "/valid_to", "ends_before_begin"),
    ],
)
def test_a_bad_report_says_what_is_wrong(api: Api, token: str, changes: dict[str, object], pointer: str, code: str) -> None:
    answer = api.call("POST", PLACE, body=report(api, **changes), token=token)
    assert (pointer, code) in {(each["pointer"], each["code"]) for each in problem(answer, 422)}
    assert api.hub.count("risk_background_check") == 0


def test_a_firm_may_not_report_and_a_bank_may_nothing_else(api: Api, token: str) -> None:
    problem(api.call("POST", PLACE, body=report(api), token=api.token("furniture", FIRM)), 403)
    for place in ("/enterprise", "/orders", "/declarations", "/products", "/credentials"):
        problem(api.call("GET", place, token=token), 403)
