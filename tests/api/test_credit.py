"""Credit over the API: everybody sees what is public, a firm all of its own, a registered rater states ratings; looks are kept."""

import base64
from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from ccezone.accounts.rules import FIRM, Permission, Principal, Role
from ccezone.credit.service import Statement, authorise_source, end_source, rejudge, state
from ccezone.enterprises.queries import forget_directory
from ccezone.kernel.clock import SHANGHAI
from tests.api.conftest import Api, problem

pytestmark = pytest.mark.storage
RATING = {"value": "AAA", "document": "评级报告 1 号", "valid_from": "2025-12-01"}


def classed(api: Api) -> str:
    """Let a firm have a tax class, which is public, and an FX class, which is not; return its code."""
    firm = api.hub.party("oranges")
    today = api.hub.clock.now().astimezone(SHANGHAI).date()
    with api.hub.database.begin() as uow:
        for factor in ("tax_class", "fx_class"):
            state(uow, firm.id, Statement(factor, "A", "issuer", "document", today), "test", api.hub.clock)
        rejudge(uow, "GZ", [firm.id], api.hub.clock)
    return firm.uscc


def rater(api: Api) -> None:
    """Let the merchant be a credit-rating body as well."""
    api.hub.change("UPDATE enterprise SET roles = roles || '{credit_rating}' WHERE id = %(id)s", id=api.hub.party("furniture").id)
    with api.hub.database.begin() as uow:
        forget_directory(uow.connection)


def test_others_see_what_is_public_and_a_firm_sees_all_of_its_own(api: Api) -> None:
    uscc = classed(api)
    public, own = (api.get(f"/credit/{uscc}", who).get_json() for who in ("furniture", "oranges"))
    assert (public["viewer"], public["grade"], public["score"]) == ("public", "AA", None)
    assert [each["factor"] for each in public["evidence"]] == ["tax_class"]
    assert (own["viewer"], own["score"]) == ("self", "80.25")
    assert len(own["evidence"]) == 2
    looks = api.hub.rows("SELECT viewer, channel, actor <> '' FROM credit_lookup ORDER BY id")
    assert looks == [("public", "api", True), ("self", "api", True)]


def test_a_code_nobody_has_is_not_found_and_the_look_is_kept(api: Api) -> None:
    assert problem(api.get("/credit/91360700MA35CAM01X"), 404)
    assert api.hub.count("credit_lookup") == 1


def test_a_registered_rater_states_a_rating_and_the_firm_is_judged_by_it(api: Api) -> None:
    uscc = classed(api)
    rater(api)
    answer = api.call("POST", f"/credit/{uscc}/ratings", "furniture", RATING)
    assert answer.status_code == 201, answer.text
    shown = api.get(f"/credit/{uscc}", "furniture").get_json()
    rated = next(each for each in shown["evidence"] if each["factor"] == "third_party")
    assert (rated["value"], rated["issuer"]) == ("AAA", api.hub.party("furniture").name)


def test_only_raters_rate_and_never_themselves(api: Api) -> None:
    uscc = classed(api)
    assert [each["code"] for each in problem(api.call("POST", f"/credit/{uscc}/ratings", "furniture", RATING), 403)] == [
        "credit_raters_only"
    ]
    rater(api)
    own = api.hub.party("furniture").uscc
    assert [each["code"] for each in problem(api.call("POST", f"/credit/{own}/ratings", "furniture", RATING), 422)] == [
        "credit_own_rating"
    ]
    weak = api.token("furniture", FIRM - {Permission.CREDIT_WRITE})
    problem(api.call("POST", f"/credit/{uscc}/ratings", body=RATING, token=weak), 403)


@pytest.mark.parametrize("changes", [{"value": "A+"}, {"valid_from": "someday"}, {"valid_from": "2027-01-01"}, {"document": ""}])
def test_a_rating_that_cannot_be_is_refused(api: Api, changes: dict[str, str]) -> None:
    uscc = classed(api)
    rater(api)
    (error,) = problem(api.call("POST", f"/credit/{uscc}/ratings", "furniture", {**RATING, **changes}), 422)
    assert error["pointer"] == f"/{next(iter(changes))}"


EVIDENCE = {"factor": "tax_class", "value": "A", "document": "纳税信用评价 1 号", "valid_from": "2025-12-01"}


def agency(api: Api, source: str = "tax") -> None:
    """Let one of the cast speak for an agency, as an officer authorises it."""
    officer = Principal(Role.ZONE_OFFICER, None, frozenset(), user_id=UUID(int=7))
    with api.hub.database.begin() as uow:
        days = (date(2025, 1, 1), None)
        authorise_source(uow, api.hub.party("furniture").uscc, source, "授权书 1 号", days, officer, api.hub.clock)


def evidence(api: Api, **changes: object) -> Mapping[str, object]:
    """A statement about a firm."""
    return {**EVIDENCE, "uscc": api.hub.party("oranges").uscc, **changes}


def test_an_authorised_agency_states_evidence_in_its_own_name_and_the_firm_is_judged(api: Api) -> None:
    agency(api)
    scan = base64.b64encode(b"%PDF-1.4 letter").decode()
    answer = api.call("POST", "/credit/evidence", body=evidence(api, scan=scan))
    assert answer.status_code == 201, answer.text
    statement = "SELECT e.issuer, f.purpose FROM credit_evidence e JOIN stored_file f ON f.id = e.file_id"
    assert api.hub.rows(statement) == [(api.hub.party("furniture").name, "credit")]
    assert api.hub.count("credit_score") == 1
    assert api.hub.rows("SELECT action FROM audit_entry WHERE action = 'credit.evidence'") == [("credit.evidence",)]


def test_the_same_evidence_is_recorded_once_with_and_without_a_key(api: Api) -> None:
    agency(api)
    first = api.call("POST", "/credit/evidence", body=evidence(api), Idempotency_Key="k1")
    again = api.call("POST", "/credit/evidence", body=evidence(api), Idempotency_Key="k1")
    bare = api.call("POST", "/credit/evidence", body=evidence(api))
    assert (first.get_json(), again.headers["Idempotent-Replayed"]) == (again.get_json(), "true")
    assert bare.get_json() == {**first.get_json(), "repeated": True}
    assert api.hub.count("credit_evidence") == 1


@pytest.mark.parametrize(
    ("changes", "status", "pointer", "code"),
    [
        ({"factor": "fx_class"}, 403, "/factor", "credit_source_missing"),
        ({"value": "AAAA"}, 422, "/value", "credit_class_unknown"),
        ({"valid_from": "2027-01-01"}, 422, "/valid_from", "credit_from_future"),
        ({"uscc": "91360700MA35CAM01X"}, 422, "/uscc", "party_not_registered"),
        ({"scan": "%%%"}, 422, "/scan", "credit_scan_unreadable"),
        ({"scan": base64.b64encode(b"MZ").decode()}, 422, "/scan", "file_kind"),
        ({"document": ""}, 422, "/document", "empty"),
    ],
)
def test_evidence_that_cannot_be_is_refused(api: Api, changes: Mapping[str, object], status: int, pointer: str, code: str) -> None:
    agency(api)
    (error,) = problem(api.call("POST", "/credit/evidence", body=evidence(api, **changes)), status)
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert api.hub.count("credit_evidence") == 0


def test_nobody_states_evidence_unauthorised_about_themselves_or_once_the_authorisation_is_over(api: Api) -> None:
    assert problem(api.call("POST", "/credit/evidence", body=evidence(api)), 403)[0]["code"] == "credit_source_missing"
    agency(api)
    own = evidence(api, uscc=api.hub.party("furniture").uscc)
    assert problem(api.call("POST", "/credit/evidence", body=own), 422)[0]["code"] == "credit_own_evidence"
    weak = api.token("furniture", FIRM - {Permission.CREDIT_WRITE})
    problem(api.call("POST", "/credit/evidence", body=evidence(api), token=weak), 403)
    [(number,)] = api.hub.rows("SELECT id FROM credit_source")
    with api.hub.database.begin() as uow:
        end_source(uow, number, Principal(Role.ZONE_OFFICER, None, frozenset(), user_id=UUID(int=7)), api.hub.clock)
    assert problem(api.call("POST", "/credit/evidence", body=evidence(api)), 403)[0]["code"] == "credit_source_missing"
