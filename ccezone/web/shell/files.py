"""Files handed out to keep."""

import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of workbooks."""


def attachment(content: bytes | Iterator[bytes], name: str, media_type: str, size: int | None = None) -> Response:
    """Return a file that a browser saves under its name, whatever script that is in; ``size`` of content made while sent.

    A header holds ASCII only: the name goes out encoded as RFC 6266 has it, beside what is left of it for old clients.
    """
    answer = Response(content, mimetype=media_type)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")
    names = {"filename": plain} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    answer.headers.set("Content-Disposition", "attachment", **names)
    if size is not None:
        answer.content_length = size
    return answer
