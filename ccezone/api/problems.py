"""Errors as ``application/problem+json`` (RFC 9457) with ``errors[]`` of pointer, code, message and remedy."""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ccezone.kernel.errors import Fault, NotAllowed, NotFound, Refused, Stale
from schemas.codes import Locale
from schemas.rest import problems as shapes

_STATUS: Mapping[type[Refused], int] = {NotFound: 404, NotAllowed: 403, Stale: 412, Refused: 422}


class Problem(Exception):
    """An answer that is an error. ``places`` may add a document's position or a source line to each fault."""

    def __init__(
        self,
        status: int,
        faults: Sequence[Fault],
        places: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.status = status
        self.faults = faults
        self.places = places
        self.headers = headers or {}


def locale() -> Locale:
    """Return the language the caller asked for; Chinese unless it prefers English."""
    return "en" if request.accept_languages.best_match(["zh", "en"], "zh") == "en" else "zh"


def described(fault: Fault, place: Mapping[str, object] | None = None) -> dict[str, object]:
    """Spell one fault for the caller."""
    return shapes.described(fault, locale(), place)


def install(blueprint: Blueprint) -> None:
    """Answer every error of the API as problem+json."""
    blueprint.register_error_handler(Problem, _problem)
    for kind, status in _STATUS.items():
        blueprint.register_error_handler(kind, _refusal(status))
    blueprint.register_error_handler(RequestEntityTooLarge, _too_large)
    blueprint.register_error_handler(HTTPException, _http)


def _refusal(status: int) -> Callable[[Refused], Response]:
    def answer(error: Refused) -> Response:
        return _problem(Problem(status, error.faults))

    return answer


def _problem(problem: Problem) -> Response:
    body = shapes.problem(problem.status, problem.faults, locale(), g.get("request_id", ""), problem.places)
    response = Response(json.dumps(body, ensure_ascii=False), problem.status, mimetype=shapes.MEDIA_TYPE)
    response.headers["Content-Language"] = locale()
    response.headers.extend(problem.headers)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _too_large(_: RequestEntityTooLarge) -> Response:
    limit = request.max_content_length
    return _problem(Problem(413, [Fault("", "body_too_large", {"max": str(limit)})]))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    fault = shapes.plain(status, path=request.path, method=request.method, request_id=g.get("request_id", ""))
    return _problem(Problem(status, [fault]))
