"""Agents at the API: the header ``On-Behalf-Of`` names the firm, as far and as long as it lets the agent."""

import pytest

from ccezone.storage.copying import run
from tests.api.conftest import Api, problem
from tests.enterprises.authorities import authorise, revoke
from tests.hub.bills import export_bills, message, order

pytestmark = pytest.mark.storage


def code(api: Api, key: str = "furniture") -> str:
    """How a firm is named in the header."""
    return api.hub.party(key).uscc


def traded(api: Api, number: int = 1) -> int:
    """Let a trade be taken in and its list be ready; return the list."""
    api.hub.post(*export_bills(number))
    api.hub.merge()
    with api.hub.database.begin() as uow:
        run(uow.connection, "UPDATE declaration_state SET state = 'ready'")
    return api.hub.lists()[-1].id


def test_an_agent_reads_and_files_for_the_firm_it_names(api: Api) -> None:
    number = traded(api)
    authorise(api.hub)
    own = api.get("/declarations", "agent").get_json()["declarations"]
    theirs = api.get("/declarations", "agent", On_Behalf_Of=code(api)).get_json()["declarations"]
    assert [each["id"] for each in theirs] == [str(number)]
    assert len(own) <= len(theirs)
    assert api.call("POST", f"/declarations/{number}/submit", "agent", On_Behalf_Of=code(api)).status_code == 202
    filed = api.hub.only_list()
    assert filed.content["agent_code"] == api.hub.party("agent").customs_code
    assert filed.content["owner_name"] == api.hub.party("furniture").name


def test_a_firm_that_gave_none_is_closed_whatever_the_header_says(api: Api) -> None:
    authorise(api.hub)
    for named in (code(api, "oranges"), "no such code"):
        (error,) = problem(api.get("/declarations", "agent", On_Behalf_Of=named), 403)
        assert error["code"] == "authority_ended"
    (error,) = problem(api.get("/declarations", "oranges", On_Behalf_Of=code(api)), 403)
    assert error["code"] == "authority_ended"


def test_a_revoked_authority_is_refused_at_the_next_call(api: Api) -> None:
    number, listed = authorise(api.hub), traded(api)
    assert api.get("/declarations", "agent", On_Behalf_Of=code(api)).status_code == 200
    revoke(api.hub, number)
    problem(api.call("POST", f"/declarations/{listed}/submit", "agent", On_Behalf_Of=code(api)), 403)
    assert api.hub.only_list().state == "ready"


def test_the_scope_holds(api: Api) -> None:
    listed = traded(api)
    authorise(api.hub, flows=["I"])
    assert api.get("/declarations", "agent", On_Behalf_Of=code(api)).get_json()["declarations"] == []
    problem(api.get(f"/declarations/{listed}", "agent", On_Behalf_Of=code(api)), 404)
    problem(api.call("POST", f"/declarations/{listed}/submit", "agent", On_Behalf_Of=code(api)), 404)
    assert api.get("/orders", "agent", On_Behalf_Of=code(api)).get_json()["bills"] == []
    problem(api.message(message(order(5).sent_by("furniture")), "agent", On_Behalf_Of=code(api)), 403)


def test_an_action_that_was_not_granted_is_not_permitted(api: Api) -> None:
    listed = traded(api)
    authorise(api.hub, actions=["declarations:read"])
    (error,) = problem(api.call("POST", f"/declarations/{listed}/submit", "agent", On_Behalf_Of=code(api)), 403)
    assert error["code"] == "not_permitted"
    problem(api.get("/credentials", "agent", On_Behalf_Of=code(api)), 403)


def test_an_official_message_in_the_agent_s_own_name_is_judged_document_by_document(api: Api) -> None:
    authorise(api.hub)
    taken = api.message(message(order(1).sent_by("agent"), order(2).sent_by("agent"), transmitter=code_of_agent(api)), "agent")
    body = taken.get_json()
    assert (taken.status_code, body["accepted"], body["rejected"]) == (202, 1, 1)
    assert [error["code"] for error in body["errors"]] == ["sender_not_entitled"]


def test_naming_oneself_changes_nothing(api: Api) -> None:
    listed = traded(api)
    found = api.get("/declarations", "furniture", On_Behalf_Of=code(api)).get_json()["declarations"]
    assert [each["id"] for each in found] == [str(listed)]


def code_of_agent(api: Api) -> str:
    return api.hub.party("agent").customs_code or ""
