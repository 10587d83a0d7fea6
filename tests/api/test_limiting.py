"""A credential that asks too often is told when to try again; others go on."""

import pytest

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
