"""The body of an error answer (RFC 9457), the same whichever part of the hub gives it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from ccezone.kernel.errors import Fault
from schemas.codes import Locale
from schemas.codes.problems import text

MEDIA_TYPE = "application/problem+json"


def described(fault: Fault, locale: Locale, place: Mapping[str, object] | None = None) -> dict[str, object]:
    """Spell one fault; ``place`` may add the position of a document or a line."""
    message, remedy = text(fault, locale)
    return {**(place or {}), "pointer": fault.pointer, "code": fault.code, "message": message, "remedy": remedy}


def problem(
    status: int, faults: Sequence[Fault], locale: Locale, request_id: str = "", places: Sequence[Mapping[str, object]] = ()
) -> dict[str, object]:
    """Return the body of an error answer; its detail is the first fault's message."""
    padded = [*places, *([{}] * (len(faults) - len(places)))]
    errors = [described(fault, locale, place) for fault, place in zip(faults, padded, strict=True)]
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": errors[0]["message"] if errors else title}
    return {**body, "errors": errors, **({"request_id": request_id} if request_id else {})}


def plain(status: int, *, path: str, method: str, allowed: str = "", request_id: str = "") -> Fault:
    """Return the fault of an error that no resource raised itself: no such address, wrong method, a crash."""
    if status == HTTPStatus.NOT_FOUND:
        return Fault("", "no_such_resource", {"path": path[:200]})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return Fault("", "method_not_allowed", {"method": method, "allowed": allowed})
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Fault("", "internal_error", {"request": request_id or "-"})
    return Fault("", "bad_request")
