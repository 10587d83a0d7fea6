"""Reading XML from strangers: no document type, no entities, no network, UTF-8 only, bounded size."""

import re

from lxml import etree

from ccezone.kernel.errors import Fault

DEFAULT_LIMIT = 64 * 1024 * 1024  # bytes of one message; 100 documents of 100 full lines stay well below

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00")
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
# Possessive and atomic, so that a hostile prolog cannot make the search go back over it.
_DOCTYPE = re.compile(rb"(?:\s++|(?><\?.*?\?>)|(?><!--.*?-->))*+<!DOCTYPE", re.DOTALL)


class MalformedMessage(Exception):
    """A message that cannot be used as a whole; ``found`` holds every reason with its source line."""

    def __init__(self, *found: tuple[int, Fault]) -> None:
        super().__init__("; ".join(f"{line}: {fault.pointer} {fault.code}" for line, fault in found))
        self.found = found

    @property
    def line(self) -> int:
        return self.found[0][0]

    @property
    def fault(self) -> Fault:
        return self.found[0][1]


def refuse(code: str, line: int = 1, pointer: str = "", **params: str) -> MalformedMessage:
    """Build the refusal of a whole message for one reason."""
    return MalformedMessage((line, Fault(pointer, code, params)))


def parse(data: bytes, limit: int = DEFAULT_LIMIT) -> etree._Element:
    """Parse a message of at most ``limit`` bytes to its root. Comments and instructions are dropped.

    Raises ``MalformedMessage``: ``too_large``, ``wrong_encoding``, ``doctype_forbidden``, ``not_well_formed``.
    """
    if len(data) > limit:
        raise refuse("too_large", max=str(limit))
    body = data.removeprefix(_BOM)
    _require_utf8(body)
    if _DOCTYPE.match(body):
        raise refuse("doctype_forbidden")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line, reason = error.lineno or 1, (error.msg or "").split(", line")[0]
        if "encod" in reason.lower() or "UTF-8" in reason:
            raise refuse("wrong_encoding", line, encoding="?") from error
        raise refuse("not_well_formed", line, reason=reason) from error


def line_of(node: etree._Element) -> int:
    """Return the source line of an element, 1 when it has none."""
    line = getattr(node, "sourceline", None)  # the type stubs do not know the attribute's type
    return line if isinstance(line, int) else 1


def _require_utf8(body: bytes) -> None:
    if body.startswith(_WIDE) or body[1:2] == b"\x00":
        raise refuse("wrong_encoding", encoding="UTF-16/32")
    declared = _DECLARED.match(body[:400])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        raise refuse("wrong_encoding", encoding=declared[1].decode("ascii", "replace"))
