"""Data providers and what their systems send, for tests of the API."""

from uuid import UUID

from ccezone.accounts.queries.partners import search_partners
from ccezone.accounts.rules import PROVIDER_CREDENTIAL
from ccezone.accounts.service import PartnerEntry, add_partner, issue_credential
from tests.api.conftest import Api

PLACE = "/statistical-feeds"


def provider(api: Api, code: str = "POST-1") -> UUID:
    """A data provider of this code, added when it is first asked for."""
    with api.hub.database.begin() as uow:
        known = next((each.id for each in search_partners(uow.connection, "data_provider") if each.code == code), None)
        return known or add_partner(uow, PartnerEntry("data_provider", code, "赣州邮政"), None, api.hub.clock)


def provider_token(api: Api, code: str = "POST-1") -> str:
    """The token of a data provider's system."""
    owner = provider(api, code)
    with api.hub.database.begin() as uow:
        return issue_credential(uow, None, "交换系统", PROVIDER_CREDENTIAL, None, api.hub.clock, provider_id=owner).token


def feed(*lines: dict[str, object], **changes: object) -> dict[str, object]:
    return {"source": "mail", "period": "2026-01", "name": "mail-01", "lines": list(lines), **changes}


def line(waybill: str, **changes: object) -> dict[str, object]:
    said = {"day": "2026-01-01", "flow": "E", "country": "502", "currency": "142", "amount": "100.00", "hs_code": "6109"}
    return {**said, "waybill_no": waybill, **changes}


def a_feed(api: Api) -> str:
    """A feed that is there; return its id."""
    answer = api.call("POST", PLACE, body=feed(line("RR1")), token=provider_token(api))
    return str(answer.get_json()["id"])
