"""Putting operations on the blueprint: flask-smorest reads arguments, writes answers and keeps the description of both.

From the outside in: who calls and whether it may, once or again, arguments, the view, its answer.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Response, g, request

from ccezone.api.bodies import refuse_unstorable
from ccezone.api.idempotency import HEADER, MOST_LETTERS, once
from ccezone.api.operations import Example, Operation
from ccezone.api.problems import Problem
from ccezone.api.services import BankCaller, Caller, ProviderCaller, bank_caller, caller, provider_caller
from ccezone.kernel.errors import Fault
from schemas.rest.words import Words

SECURITY = "token"
PROBLEMS = {
    400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT", 412: "PRECONDITION_FAILED",
    413: "REQUEST_ENTITY_TOO_LARGE", 415: "UNSUPPORTED_MEDIA_TYPE", 422: "UNPROCESSABLE_ENTITY", 428: "PRECONDITION_REQUIRED",
    429: "TOO_MANY_REQUESTS", 500: "INTERNAL_SERVER_ERROR",
}  # fmt: skip
_BIGINT = 2**63 - 1
_AGAIN = Words(
    "幂等键：相同的键与内容只办理一次，再次请求得到首次的答复。",
    "Idempotency key: what comes again by the same key is done once and gets the first answer.",
)


def mount(blueprint: Any, operation: Operation) -> None:
    """Put an operation on flask-smorest's blueprint, which has no types."""
    view: Callable[..., Any] = _called(operation)
    if operation.body is not None:
        examples = _spelled(operation.examples)
        view = blueprint.arguments(operation.body, location="json", **({"examples": examples} if examples else {}))(view)
    if operation.query is not None:
        view = blueprint.arguments(operation.query, location="query")(view)
    view = blueprint.response(operation.status, operation.answer, headers=_headers(operation))(view)
    if operation.made:
        view = blueprint.alt_response(201, schema=operation.answer, headers=_headers(operation), success=True)(view)
    view = blueprint.doc(**_described(operation))(view)
    if operation.method == "POST":
        view = once(view)
    view = _judged(operation, view)
    parameters = [{"name": name, "in": "path", "required": True, **said} for name, said in operation.parameters.items()]
    blueprint.add_url_rule(
        operation.rule, operation.name, view, methods=[operation.method], tags=[operation.tag.en], parameters=parameters
    )


def _called(operation: Operation) -> Callable[..., Any]:
    @wraps(operation.view)
    def call(*args: object, **kwargs: object) -> Any:
        return operation.view(*(() if operation.public else (g.api_caller,)), *args, **kwargs)

    return call


def _judged(operation: Operation, view: Callable[..., Response]) -> Callable[..., Response]:
    """Let in who may, with an address that can name something."""

    @wraps(view)
    def judge(*args: object, **kwargs: object) -> Response:
        if not operation.public:
            g.api_caller = _caller(operation)
        for name, value in kwargs.items():
            if isinstance(value, int) and abs(value) > _BIGINT:
                raise Problem(404, [Fault("", "not_found", {"value": str(value)[:40]})])
            refuse_unstorable(value, f"/{name}")
        if operation.query is None and request.args:
            raise Problem(422, [Fault(f"/{name}", "unknown_query", {"name": name[:40]}) for name in request.args])
        return view(*args, **kwargs)

    return judge


def _caller(operation: Operation) -> Caller | BankCaller | ProviderCaller:
    if operation.provider:
        return provider_caller(operation.permission)
    return bank_caller(operation.permission) if operation.bank else caller(operation.permission)


def _described(operation: Operation) -> dict[str, Any]:
    numbers = {*operation.problems, 401, 403, 422, 429, 500} if not operation.public else {*operation.problems, 500}
    if "<" in operation.rule:
        numbers.add(404)
    if operation.method == "POST":
        numbers |= {400, 409}
    if operation.body is not None or operation.media:
        numbers |= {400, 413, 415}
    if operation.etag and operation.method != "GET":
        numbers |= {412, 428}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.details,
        "responses": {number: PROBLEMS[number] for number in sorted(numbers)},
        "security": [] if operation.public else [{SECURITY: [str(operation.permission)] if operation.permission else []}],
    }
    if operation.etag and operation.method == "GET":
        described["responses"][304] = {"description": Words("未变化", "Not modified")}
    headers = _request_headers(operation)
    if headers:
        described["x-header-parameters"] = headers
    if operation.media:
        content = {each.type: {"schema": dict(each.schema), **_examples(each.examples)} for each in operation.media}
        described["requestBody"] = {"required": True, "content": content}
    if operation.links:
        described["x-links"] = {
            name: {"operationId": name, "parameters": {parameter: f"$response.body#{place}"}}
            for name, parameter, place in operation.links
        }
    if operation.answers:
        described["x-answers"] = list(operation.answers)
    return described


def _request_headers(operation: Operation) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    if operation.method == "POST":
        schema = {"type": "string", "minLength": 1, "maxLength": MOST_LETTERS, "pattern": "^[!-~]+$"}
        found.append({"in": "header", "name": HEADER, "description": _AGAIN, "required": False, "schema": schema})
    if operation.etag:
        name = "If-None-Match" if operation.method == "GET" else "If-Match"
        words = Words("先前读到的 ETag。", "The ETag of what you read.")
        found.append({"in": "header", "name": name, "description": words, "required": False, "schema": {"type": "string"}})
    return found


def _headers(operation: Operation) -> dict[str, object] | None:
    if not operation.etag or operation.method == "DELETE":
        return None
    return {"ETag": {"description": Words("内容标记", "Tag of the content"), "schema": {"type": "string"}}}


def _examples(examples: Sequence[Example]) -> dict[str, object]:
    return {"examples": _spelled(examples)} if examples else {}


def _spelled(examples: Sequence[Example]) -> dict[str, object]:
    return {each.name: {"summary": each.words, "value": each.value()} for each in examples}
