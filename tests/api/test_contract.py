"""Generated requests, good and bad, of every operation: never a crash, and every answer as described.

The short form of ``python -m tests.api.contract``, in this process and the same every time.
"""

from typing import Any

import pytest
import schemathesis
import schemathesis.openapi
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Step
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation

from tests.api.conftest import Api
from tests.api.contract import CONFIG, MERCHANT, fill

pytestmark = pytest.mark.storage
EACH = 7


@pytest.fixture
def traded(api: Api) -> Api:
    """A zone with something to show."""
    fill(api.hub)
    return api


def tried(api: Api, only: str = "") -> int:
    """Try every operation, or only one, and count the requests."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", api.app, config=schemathesis.Config.from_path(CONFIG))
    headers = {"Authorization": f"Bearer {api.token(MERCHANT)}", "Accept-Language": "en"}
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return sum(_try_out(operation, headers) for operation in found if only in ("", operation.path))


def test_generated_requests_are_answered_as_described(traded: Api) -> None:
    assert tried(traded) >= 300


@pytest.mark.parametrize("answer", [({"name": 5}, 200), ({"error": "oops"}, 500), ({}, 418)])
def test_an_answer_that_is_not_as_described_is_seen(api: Api, answer: tuple[dict[str, object], int]) -> None:
    api.app.view_functions["api_v1.getEnterprise"] = lambda: answer
    with pytest.raises(FailureGroup):
        tried(api, "/api/v1/enterprise")


def _try_out(operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> int:
    """Send some generated requests of one operation, and count them."""
    count = 0

    @settings(
        max_examples=EACH,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Step.generate],
    )
    @given(case=operation.as_strategy())
    def send(case: schemathesis.Case[Any]) -> None:
        nonlocal count
        count += 1
        case.call_and_validate(headers=headers)

    send()
    return count
