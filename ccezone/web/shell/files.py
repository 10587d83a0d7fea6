"""Files handed out to keep."""

from collections.abc import Iterator

from flask import Response


def attachment(content: bytes | Iterator[bytes], name: str, media_type: str, size: int | None = None) -> Response:
    """Return a file that a browser saves under its name, whatever script that is in; ``size`` of content made while sent."""
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    if size is not None:
        answer.content_length = size
    return answer
