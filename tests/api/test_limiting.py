"""A credential that asks too often is told when to try again; others go on."""

import pytest

from ccezone.api import limiting
from ccezone.api.limiting import Budget
from ccezone.api.problems import Problem
from tests.api.conftest import Api, problem


@pytest.fixture
def narrow(api: Api) -> Api:
    """A zone that permits three requests a minute."""
    api.hub.change("""UPDATE parameter SET value = '3' WHERE key = 'api.requests_per_minute'""")
    return api


@pytest.mark.storage
def test_beyond_its_share_a_credential_is_told_when_to_try_again(narrow: Api) -> None:
    token, other = narrow.token(), narrow.token()
    answers = [narrow.call("GET", "/enterprise", token=token) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert problem(answers[-1], 429)[0]["code"] == "too_many_requests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert narrow.call("GET", "/enterprise", token=other).status_code == 200


def test_a_minute_begins_with_the_first_request_and_ends_for_each_by_itself() -> None:
    seconds = [0.0]
    budget = Budget(lambda: seconds[0])
    budget.spend("a", 2)
    seconds[0] = 59.0
    budget.spend("a", 2)
    with pytest.raises(Problem):
        budget.spend("a", 2)
    budget.spend("b", 2)
    seconds[0] = 60.0
    budget.spend("a", 1)
    with pytest.raises(Problem):
        budget.spend("a", 1)


def test_callers_whose_minute_is_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "_MANY", 3)
    seconds = [0.0]
    budget = Budget(lambda: seconds[0])
    for name in "abc":
        budget.spend(name, 9)
    seconds[0] = 61.0
    budget.spend("d", 9)
    assert set(budget._windows) == {"d"}
