"""Credit over the API: everybody sees what is public, a firm all of its own, a registered rater states ratings; looks are kept."""

import pytest

from ccezone.accounts.rules import FIRM, Permission
from ccezone.credit.service import Statement, rejudge, state
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
