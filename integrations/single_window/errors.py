"""Reading failures: which answers mean "later", which mean "never"."""

from lxml import etree

from ccezone.clearance.ports import SingleWindowRefused, SingleWindowUnavailable
from schemas.messages.dxp.shape import NAMESPACE
from schemas.messages.parsing import MalformedMessage, parse

ACCEPTED = "0000"
_SYSTEM_FAILURES = "3"  # 3001, 3002, 3003, 3999: database, connection, time-out: not the message's fault
_SERVER_ERROR = 500
_TOO_MANY = 429
_REQUEST_TIMEOUT = 408
_PREFIX = f"{{{NAMESPACE}}}"


def raise_for_status(status: int) -> None:
    """Judge an HTTP status. Raises ``SingleWindowUnavailable`` or ``SingleWindowRefused``."""
    if status >= _SERVER_ERROR or status in (_TOO_MANY, _REQUEST_TIMEOUT):
        raise SingleWindowUnavailable(f"HTTP {status}")
    if not 200 <= status < 300:
        raise SingleWindowRefused(f"HTTP{status}", "the address refuses the request")


def raise_for_response(body: bytes) -> None:
    """Judge a ``DxpRep``. What is no ``DxpRep`` says nothing about the message: it counts as unavailable."""
    try:
        root = parse(body)
    except MalformedMessage as error:
        raise SingleWindowUnavailable(f"no DxpRep: {error}") from error
    code = root.findtext(f"{_PREFIX}Response/{_PREFIX}ResponseCode")
    if etree.QName(root).localname != "DxpRep" or code is None:
        raise SingleWindowUnavailable("no DxpRep")
    if code == ACCEPTED:
        return
    text = root.findtext(f"{_PREFIX}Response/{_PREFIX}ResponseInfo") or ""
    if code.startswith(_SYSTEM_FAILURES):
        raise SingleWindowUnavailable(f"{code} {text}")
    raise SingleWindowRefused(code, text)
