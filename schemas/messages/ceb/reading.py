"""The thorough reader: goes through a document element by element and names everything that is wrong, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ccezone.kernel.errors import Fault
from schemas.messages.ceb.definition import NAMESPACE, MessageDefinition, Node
from schemas.messages.ceb.marshal import load, schema
from schemas.messages.parsing import line_of

_PREFIX = f"{{{NAMESPACE}}}"


@dataclass(slots=True)
class Gathered:
    """The texts of a node by element, the lines they stand on, and what is wrong with the structure."""

    pointer: str
    line: int
    raw: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    found: list[tuple[int, Fault]] = field(default_factory=list)

    def line_of(self, pointer: str) -> int:
        return self.lines.get(pointer.removeprefix(f"{self.pointer}/"), self.line)

    def say(self, line: int, pointer: str, code: str, **params: str) -> None:
        self.found.append((line, Fault(pointer, code, params)))


@dataclass(slots=True)
class Explained:
    """A document read thoroughly: ``values`` only when nothing is wrong."""

    values: dict[str, object] | None
    raw: dict[str, str]
    found: list[tuple[int, Fault]]


def gather(node: etree._Element, described: Node, pointer: str) -> Gathered:
    """Collect a node's texts; unknown, repeated, nested, misplaced elements and stray text become faults."""
    gathered = Gathered(pointer, line_of(node))
    places = {each.element: place for place, each in enumerate(described.fields)}
    _judge_container(node, gathered, pointer)
    reached = -1
    for child in node:
        name = child.tag.removeprefix(_PREFIX) if isinstance(child.tag, str) else str(child)
        line, place = line_of(child), places.get(name, -1)
        own = f"{pointer}/{name}"
        if place < 0:
            gathered.say(line, own, "unknown_element", element=etree.QName(child).localname)
            continue
        if name in gathered.raw:
            gathered.say(line, own, "repeated_element", element=name)
            continue
        if place < reached:
            gathered.say(line, own, "wrong_order", element=name)
        reached = max(reached, place)
        _judge_leaf(child, name, gathered, own)
        gathered.raw[name] = child.text or ""
        gathered.lines[name] = line
    return gathered


def _judge_container(node: etree._Element, gathered: Gathered, pointer: str) -> None:
    name = etree.QName(node).localname
    if node.attrib:
        gathered.say(gathered.line, pointer, "unexpected_attribute", element=name)
    if any(text and text.strip() for text in (node.text, *(child.tail for child in node))):
        gathered.say(gathered.line, pointer, "unexpected_text", element=name)


def _judge_leaf(child: etree._Element, name: str, gathered: Gathered, pointer: str) -> None:
    line = line_of(child)
    if child.attrib:
        gathered.say(line, pointer, "unexpected_attribute", element=name)
    for inner in child:
        inner_name = etree.QName(inner).localname
        gathered.say(line_of(inner), f"{pointer}/{inner_name}", "unknown_element", element=inner_name)


def explain(message: MessageDefinition, node: etree._Element, *, strict: bool) -> Explained:
    """Read one business node thoroughly. Pointers name wire elements: ``/orderNo``, ``/lines/2/qty``."""
    if message.flat:
        values, gathered = _load(message, node, "", strict, line_part=False)
        return Explained(dict(values) if not gathered.found else None, gathered.raw, gathered.found)
    shell = Gathered("", line_of(node))
    _judge_container(node, shell, "")
    head, rows = _split(message, node, shell)
    merged: dict[str, object] = {}
    raw: dict[str, str] = {}
    if head is not None:
        values, gathered = _load(message, head, "", strict, line_part=False)
        merged.update(values)
        raw = gathered.raw
        shell.found += gathered.found
    if message.lines_node:
        lines = []
        for number, row in enumerate(rows):
            values, gathered = _load(message, row, f"/lines/{number}", strict, line_part=True)
            lines.append(values)
            shell.found += gathered.found
        merged["lines"] = lines
    return Explained(merged if not shell.found else None, raw, shell.found)


def _load(
    message: MessageDefinition, node: etree._Element, pointer: str, strict: bool, *, line_part: bool
) -> tuple[dict[str, object], Gathered]:
    described = message.lines_node if line_part and message.lines_node else message.head
    gathered = gather(node, described, pointer)
    values, faults = load(schema(message.type, "list" if line_part else "head", strict=strict), gathered.raw, pointer)
    gathered.found += [(gathered.line_of(fault.pointer), fault) for fault in faults]
    gathered.found.sort(key=lambda pair: pair[0])
    return dict(values), gathered


def _split(message: MessageDefinition, node: etree._Element, shell: Gathered) -> tuple[etree._Element | None, list[etree._Element]]:
    """Part a business node into its head and its lines, and judge how often and in which order they come."""
    head: etree._Element | None = None
    rows: list[etree._Element] = []
    line_element = message.lines_node.element if message.lines_node else None
    for child in node:
        name = child.tag.removeprefix(_PREFIX)
        line = line_of(child)
        if name == message.head.element:
            if head is not None:
                shell.say(line, f"/{name}", "repeated_element", element=name)
            elif rows:
                shell.say(line, f"/{name}", "wrong_order", element=name)
            head = child if head is None else head
        elif name == line_element:
            rows.append(child)
        else:
            shell.say(line, f"/{name}", "unknown_element", element=etree.QName(child).localname)
    if head is None:
        shell.say(shell.line, f"/{message.head.element}", "required")
    shell.found += _line_count(message, len(rows), shell.line)
    return head, rows


def _line_count(message: MessageDefinition, count: int, line: int) -> Iterator[tuple[int, Fault]]:
    if message.lines_node is None:
        return
    if count < message.min_lines:
        yield line, Fault(f"/{message.lines_node.element}", "required")
    if message.max_lines is not None and count > message.max_lines:
        yield line, Fault("/lines", "too_many_lines", {"max": str(message.max_lines)})
