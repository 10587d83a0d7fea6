"""A credential that asks too often is told when to try again; others go on."""

import pytest

from ccezone.api.limiting import Budget
from ccezone.api.problems import Problem
from tests.api.conftest import Api, problem

pytestmark = pytest.mark.storage


@pytest.fixture
def narrow(api: Api) -> Api:
    """A zone that permits three requests a minute."""
    api.hub.change("""UPDATE parameter SET value = '3' WHERE key = 'api.requests_per_minute'""")
    return api


def test_beyond_its_share_a_credential_is_told_when_to_try_again(narrow: Api) -> None:
    token, other = narrow.token(), narrow.token()
    answers = [narrow.call("GET", "/enterprise", token=token) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert problem(answers[-1], 429)[0]["code"] == "too_many_requests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert narrow.call("GET", "/enterprise", token=other).status_code == 200


class Minutes:
    """The time of day as the counting sees it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000_000_000.0
        monkeypatch.setattr("ccezone.api.limiting.time.time", lambda: self.now)


def used_up(budget: Budget, name: str, per_minute: int = 2) -> bool:
    """Spend one request; say whether it was refused."""
    try:
        budget.spend(name, per_minute)
    except Problem:
        return True
    return False


def test_after_its_minute_a_credential_has_its_whole_share_again(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes, budget = Minutes(monkeypatch), Budget()
    assert [used_up(budget, "one") for _ in range(3)] == [False, False, True]
    assert not used_up(budget, "other")
    minutes.now += 61
    assert [used_up(budget, "one") for _ in range(3)] == [False, False, True]


def test_credentials_that_no_longer_ask_are_forgotten_and_those_that_do_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    minutes, budget = Minutes(monkeypatch), Budget()
    for number in range(1_500):
        budget.spend(f"past {number}", 2)
    minutes.now += 30
    assert [used_up(budget, "present") for _ in range(2)] == [False, False]
    minutes.now += 31
    budget.spend("newcomer", 2)
    assert len(budget.known()) == 2
    assert used_up(budget, "present")


def test_counting_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget()
    monkeypatch.setattr("threading.Thread.start", lambda _thread: pytest.fail("a thread was started"))
    assert not used_up(budget, "one")
