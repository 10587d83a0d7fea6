"""Errors as ``application/problem+json`` (RFC 9457) with ``errors[]`` of pointer, code, message and remedy."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Literal

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ccezone.kernel.errors import Fault, NotFound, Refused
from schemas.codes.problems import text

Locale = Literal["zh", "en"]


class Problem(Exception):
    """An answer that is an error. ``places`` may add a document's position or a source line to each fault."""

    def __init__(self, status: int, faults: Sequence[Fault], places: Sequence[Mapping[str, object]] = ()) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.status = status
        self.faults = faults
        self.places = places


def locale() -> Locale:
    """Return the language the caller asked for; Chinese unless it prefers English."""
    return "en" if request.accept_languages.best_match(["zh", "en"], "zh") == "en" else "zh"


def described(fault: Fault, place: Mapping[str, object] | None = None) -> dict[str, object]:
    """Spell one fault for the caller."""
    message, remedy = text(fault, locale())
    return {**(place or {}), "pointer": fault.pointer, "code": fault.code, "message": message, "remedy": remedy}


def install(blueprint: Blueprint) -> None:
    """Answer every error of the API as problem+json."""
    blueprint.register_error_handler(Problem, _problem)
    blueprint.register_error_handler(NotFound, lambda error: _problem(Problem(404, error.faults)))
    blueprint.register_error_handler(Refused, lambda error: _problem(Problem(422, error.faults)))
    blueprint.register_error_handler(RequestEntityTooLarge, _too_large)
    blueprint.register_error_handler(HTTPException, _http)


def _problem(problem: Problem) -> Response:
    places = [*problem.places, *([{}] * (len(problem.faults) - len(problem.places)))]
    errors = [described(fault, place) for fault, place in zip(problem.faults, places, strict=True)]
    detail = str(errors[0]["message"]) if errors else ""
    response = answer(problem.status, detail, errors)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _too_large(_: RequestEntityTooLarge) -> Response:
    limit = request.max_content_length
    return _problem(Problem(413, [Fault("", "body_too_large", {"max": str(limit)})]))


def _http(error: HTTPException) -> Response:
    return answer(error.code or 500, error.description or "", [])


def answer(status: int, detail: str, errors: Sequence[Mapping[str, object]]) -> Response:
    """Build a problem+json answer."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": errors}
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")
