"""Judging a file: does it fit the official schema (errors), and what would intake still refuse or doubt (warnings)?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import etree

from ccezone.kernel.errors import Fault
from schemas.codes import CodeList, Locale
from schemas.codes.problems import text
from schemas.derive.xsd import compiled
from schemas.messages.ceb.codec import message_of, oddities
from schemas.messages.ceb.definition import NAMESPACE, MessageDefinition, node_of
from schemas.messages.ceb.envelope import read
from schemas.messages.ceb.judging import list_of, unknown_code
from schemas.messages.ceb.loading import loader
from schemas.messages.ceb.reading import explain
from schemas.messages.dxp.shape import ENVELOPE_TYPES
from schemas.messages.dxp.shape import NAMESPACE as DXP_NAMESPACE
from schemas.messages.parsing import MalformedMessage, line_of, parse

_PREFIX = f"{{{NAMESPACE}}}"
_NAMED = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and the source line it stands on."""

    line: int
    fault: Fault

    @property
    def element(self) -> str:
        return self.fault.pointer.rsplit("/", 1)[-1]

    def words(self, locale: Locale = "zh") -> str:
        return text(self.fault, locale)[0]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``message_type`` is empty when the root names no known message; ``errors`` empty means valid."""

    message_type: str
    count: int
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()


def check(data: bytes) -> CheckResult:
    """Judge one file of bytes: a CEB message or a DXP envelope. Never raises for bad input."""
    message_type = ""
    try:
        root = parse(data)
        name = etree.QName(root)
        if name.namespace == DXP_NAMESPACE and name.localname in ENVELOPE_TYPES:
            return _check_envelope(root, name.localname)
        message = message_of(root)
        message_type = message.type
    except MalformedMessage as error:
        return CheckResult(message_type, 0, tuple(Finding(line, fault) for line, fault in error.found))
    errors = tuple(_judged(message, root, strict=False))
    places = {(finding.line, finding.fault.pointer) for finding in errors}
    doubts = [
        finding
        for finding in (*_judged(message, root, strict=True), *_unlisted(message, root))
        if (finding.line, finding.fault.pointer) not in places
    ]
    count = sum(1 for _ in root.iterchildren(_PREFIX + message.business_node))
    return CheckResult(message_type, count, errors, tuple(sorted(doubts, key=lambda finding: finding.line)))


def _check_envelope(root: etree._Element, envelope_type: str) -> CheckResult:
    schema = compiled(envelope_type)
    if schema.validate(root):
        return CheckResult(envelope_type, 1, ())
    found = []
    for entry in cast("Sequence[etree._LogEntry]", schema.error_log):  # the stubs do not know that a log can be iterated
        named = _NAMED.search(entry.message)
        element = named[1] if named else envelope_type
        reason = entry.message.replace(f"{{{DXP_NAMESPACE}}}", "")
        found.append(Finding(entry.line, Fault(f"/{element}", "not_schema_valid", {"reason": reason})))
    return CheckResult(envelope_type, 1, tuple(found))


def _judged(message: MessageDefinition, root: etree._Element, *, strict: bool) -> Iterator[Finding]:
    try:
        read(message, root, strict=strict)
    except MalformedMessage as error:
        yield from (Finding(line, fault) for line, fault in error.found)
    load = loader(message.type, strict=strict)
    plain = not oddities(message.flat)(root)
    for node in root.iterchildren(_PREFIX + message.business_node):
        if plain and load(node) is not None:
            continue
        yield from (Finding(line, fault) for line, fault in explain(message, node, strict=strict).found)
    if not strict:
        yield from _unofficial(message, root)


def _unofficial(message: MessageDefinition, root: etree._Element) -> Iterator[Finding]:
    """Elements that are read because counterparties send them, although the schema file lacks them."""
    for field in message.head.fields:
        if field.occurs is None:
            for node in root.iter(_PREFIX + field.element):
                yield Finding(line_of(node), Fault(f"/{field.element}", "unknown_element", {"element": field.element}))


def _unlisted(message: MessageDefinition, root: etree._Element) -> Iterator[Finding]:
    """Codes outside a list that is known to be incomplete: a doubt, never a refusal."""
    lists: dict[str, CodeList] = {}
    for part in ("head", "list") if message.lines_node else ("head",):
        for field in node_of(message, part).fields:
            codes = list_of(field)
            if codes and not codes.complete:
                lists[field.element] = codes
    for element, codes in lists.items():
        for node in root.iter(_PREFIX + element):
            if node.text and not codes.contains(node.text):
                flaw = unknown_code(codes, node.text)
                yield Finding(line_of(node), Fault(f"/{element}", flaw.code, flaw.params))
