"""``Idempotency-Key`` on every POST: the key, the work and its answer commit together, and the same request does it once.

Only what succeeded is kept: a refused request changed nothing, so it may be mended and sent again by the same key.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import wraps

from flask import Response, g, request

from ccezone.accounts.service import Asked, InFlight, KeptAnswer, OtherRequest, claim, keep
from ccezone.api.problems import Problem
from ccezone.api.services import BankCaller, Caller, ProviderCaller, services
from ccezone.kernel.errors import Fault

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
MOST_LETTERS = 255
_KEPT_HEADERS = ("Content-Type", "Content-Language", "Location", "ETag")


def once(view: Callable[..., Response]) -> Callable[..., Response]:
    """Let a view answer the same request by the same key with its first answer."""

    @wraps(view)
    def answer(*args: object, **kwargs: object) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        if not 0 < len(key) <= MOST_LETTERS or not all("!" <= letter <= "~" for letter in key):
            raise Problem(400, [Fault("", "bad_idempotency_key")])
        by: Caller | BankCaller | ProviderCaller = g.api_caller
        try:
            return _answered(Asked(by.owner_id, key, _digest()), lambda: view(*args, **kwargs))
        except InFlight:
            raise Problem(409, [Fault("", "idempotency_in_flight")], headers={"Retry-After": "1"}) from None
        except OtherRequest:
            raise Problem(422, [Fault("", "idempotency_mismatch")]) from None

    return answer


def _answered(asked: Asked, work: Callable[[], Response]) -> Response:
    outer = services()
    with outer.database.begin() as uow:
        now = outer.clock.now()
        known = claim(uow, outer.vault, asked, now)
        if known is not None:
            return Response(known.body, known.status, {**known.headers, REPLAYED: "true"})
        g.api_services = replace(outer, database=outer.database.joined(uow))
        try:
            response = work()
        finally:
            g.api_services = None
        hours = outer.book.current(uow.connection).integer("api.idempotency_hours", outer.today())
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        answer = KeptAnswer(response.status_code, headers, response.get_data())
        keep(uow, outer.vault, asked, answer, now, now + timedelta(hours=hours))
        return response


def _digest() -> bytes:
    """Digest what the request asks for: method, address, media type, body."""
    said = (request.method, request.full_path, request.mimetype, request.headers.get("Content-Encoding", ""))
    return hashlib.sha256("\n".join(said).encode() + b"\n\n" + request.get_data(cache=True)).digest()
