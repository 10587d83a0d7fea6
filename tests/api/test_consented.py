"""A bank's system reads under a firm's consent: what was agreed to, while it lasts, each look on record; others get nothing."""

import pytest

from ccezone.accounts.rules import BANK_CREDENTIAL
from ccezone.accounts.service import issue_credential
from ccezone.consents.queries import reads
from tests.api.conftest import Api, problem
from tests.hub.bills import export_bills
from tests.web.portal_rivals import a_bank, banker, consented

pytestmark = pytest.mark.storage


def bank_token(api: Api, code: str = "BANK-9") -> str:
    with api.hub.database.begin() as uow:
        bank = a_bank(uow, api.hub.clock, code)
        return issue_credential(uow, None, "授信系统", BANK_CREDENTIAL, banker(bank), api.hub.clock, bank_id=bank).token


def consent_of(api: Api) -> str:
    """The merchant consents for ten days."""
    api.hub.post(*export_bills())
    api.hub.merge()
    with api.hub.database.begin() as uow:
        return str(consented(uow, api.hub.party("furniture").id, a_bank(uow, api.hub.clock), api.hub.clock))


def looks(api: Api) -> list[tuple[str, str, bool]]:
    with api.hub.database.reading() as connection:
        return [(each.name, each.kind, each.refused) for each in reads(connection, firm=api.hub.party("furniture").id)]


def test_a_bank_reads_and_compares_what_was_agreed_to_until_the_last_day(api: Api) -> None:
    place, token = f"/bank/consents/{consent_of(api)}", bank_token(api)
    (row,) = api.get("/bank/consents", token=token).get_json()["consents"]
    assert (row["uscc"], row["standing"]) == (api.hub.party("furniture").uscc, "live")
    (order,) = api.get(f"{place}/orders", token=token).get_json()["bills"]
    assert api.get(f"{place}/logistics", token=token).get_json()["bills"]
    compared = api.get(f"{place}/orders/{order['id']}/comparison", token=token).get_json()
    assert (compared["order_no"], compared["agrees"], len(compared["payments"])) == (order["number"], True, 1)
    assert looks(api)[-1] == ("授信系统", "orders", False)
    api.hub.clock.advance(days=10)
    assert api.get(f"{place}/orders", token=bank_token(api)).status_code == 200, "the last day counts"
    before = len(looks(api))
    api.hub.clock.advance(days=1)
    shut = api.get(f"{place}/orders", token=bank_token(api))
    assert [each["code"] for each in problem(shut, 403)] == ["consent_shut"]
    assert order["number"] not in shut.text
    assert looks(api)[0] == ("授信系统", "orders", True)
    assert len(looks(api)) == before + 1


def test_another_bank_and_a_firm_get_nothing(api: Api) -> None:
    place = f"/bank/consents/{consent_of(api)}"
    other = bank_token(api, "BANK-8")
    assert api.get("/bank/consents", token=other).get_json()["consents"] == []
    assert problem(api.get(f"{place}/orders", token=other), 404)
    assert problem(api.get(f"{place}/orders", "furniture"), 403)
    assert looks(api) == []
