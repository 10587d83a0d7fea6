"""``POST /api/v1/messages``: an official CEB message, bare or in a DxpMsg envelope, optionally gzip-compressed."""

import zlib

from flask import Blueprint, Response, request

from ccezone.api.problems import Problem
from ccezone.api.services import services
from ccezone.api.v1.intake import refuse_unreadable, sender, store
from ccezone.bills.ports import UnreadableDelivery
from ccezone.kernel.errors import Fault

TAKEN = ("application/xml", "text/xml")
UNPACKED_LIMIT = 32 * 1024 * 1024


def register(blueprint: Blueprint) -> None:
    """Add the resource to the API."""
    blueprint.post("/messages", endpoint="messages")(post_message)


def post_message() -> Response:
    """Take one message in; 202 once it is durable."""
    by = sender()
    if request.mimetype not in TAKEN:
        params = {"type": request.mimetype or "-", "taken": ", ".join(TAKEN)}
        raise Problem(415, [Fault("", "unsupported_media_type", params)])
    try:
        batch = services().deliveries.message(body())
    except UnreadableDelivery as error:
        raise refuse_unreadable(error) from error
    return store(batch, by)


def body() -> bytes:
    """Return the request's body, unpacked. Raises ``Problem`` 413 for a body that unpacks without end."""
    raw = request.get_data(cache=False)
    if request.headers.get("Content-Encoding", "").lower() != "gzip":
        return raw
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(raw, UNPACKED_LIMIT)
    except zlib.error as error:
        raise Problem(400, [Fault("", "not_gzip")]) from error
    if unpacker.unconsumed_tail:
        raise Problem(413, [Fault("", "body_too_large", {"max": str(UNPACKED_LIMIT)})])
    return plain
