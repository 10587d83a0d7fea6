"""Reading request bodies: media type, gzip, JSON that PostgreSQL can hold."""

import json
import re
import zlib
from collections.abc import Sequence

from flask import request

from ccezone.api.problems import Problem
from ccezone.kernel.errors import Fault

JSON = ("application/json",)
UNPACKED_LIMIT = 32 * 1024 * 1024
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def demand_media_type(taken: Sequence[str]) -> None:
    """Raise ``Problem`` 415 for a body of another media type."""
    if request.mimetype not in taken:
        params = {"type": request.mimetype or "-", "taken": ", ".join(taken)}
        raise Problem(415, [Fault("", "unsupported_media_type", params)])


def raw_body() -> bytes:
    """Return the request's body, unpacked. Raises ``Problem`` 400, and 413 for a body that unpacks without end."""
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
    if not unpacker.eof or unpacker.unused_data:  # cut off, or something behind it: a table would lose rows unseen
        raise Problem(400, [Fault("", "not_gzip")])
    return plain


def json_body() -> object:
    """Return the JSON of the request. Raises ``Problem`` 400, 413, 415; 422 for text that no database holds."""
    demand_media_type(JSON)
    raw = raw_body()
    try:
        found: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Problem(400, [Fault("", "bad_json", {"reason": str(error)[:200]})]) from error
    if b"\\u" in raw:  # JSON in UTF-8 holds neither NUL nor half a character but by such an escape
        refuse_unstorable(found)
    return found


def refuse_unstorable(found: object, pointer: str = "") -> None:
    """Raise ``Problem`` 422 for a text with a NUL or half a surrogate pair, wherever it stands."""
    if isinstance(found, str):
        if _UNSTORABLE.search(found):
            raise Problem(422, [Fault(pointer, "illegal_character")])
    elif isinstance(found, dict):
        for key, value in found.items():
            refuse_unstorable(key, pointer)
            refuse_unstorable(value, f"{pointer}/{key}")
    elif isinstance(found, list):
        for place, value in enumerate(found):
            refuse_unstorable(value, f"{pointer}/{place}")
