"""What a file of bills holds: which resource takes it, and which enterprise it names as its sender.

Kinds of JSON bills are told by the elements they have, by the messages' own definitions; nothing is judged here, the hub does.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from ccezone.bills.rules import BillKind
from ccezone.kernel.errors import Fault, Refused
from integrations.workbooks import SheetWorkbooks
from schemas.messages import dxp
from schemas.messages.ceb.codec import decode
from schemas.messages.ceb.definition import definition
from schemas.messages.parsing import MalformedMessage
from schemas.rest.links import ShippingLink

XML, JSON = "application/xml", "application/json"
XLSX, CSV = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"
WORKBOOKS = "batches"
KINDS = ("orders", "payments", "waybills", "shipping-links")
EXTENSIONS = (".xml", ".json", ".xlsx", ".csv")
_MESSAGES = {
    "orders": ("CEB303Message", "CEB311Message"),
    "payments": ("CEB403Message", "CEB411Message"),
    "waybills": ("CEB505Message", "CEB511Message"),
}
_SENDERS = {
    "orders": ("platform_code", "merchant_code"),
    "payments": ("payment_enterprise_code", "merchant_code"),
    "waybills": ("carrier_code",),
    "shipping-links": ("merchant_code", "platform_code", "carrier_code"),
}
_RESOURCES = dict(zip((BillKind.ORDER, BillKind.PAYMENT, BillKind.WAYBILL, BillKind.LINK), KINDS, strict=True))
_OURS = {"flow", "lines"}
_DXP_ROOT = re.compile(rb"<(?:\w+:)?DxpMsg[\s>]")
_HEAD = 4096
_LIMIT = 64 * 1024 * 1024


class Unrecognised(Exception):
    """A file that holds no bills, as (line, fault) pairs; ``usage`` says that the call is wrong, not the content."""

    def __init__(self, *found: tuple[int, Fault], usage: str = "") -> None:
        super().__init__(usage or "; ".join(fault.code for _, fault in found))
        self.found = found
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Body:
    """A request body, the resource below ``/api/v1`` that takes it, and the codes that may stand for its sender."""

    resource: str
    media_type: str
    data: bytes
    senders: tuple[str, ...] = ()
    documents: int = 1


def read_body(path: Path, kind: str | None = None) -> Body:
    """Read a file of bills. ``kind`` (one of ``KINDS``) settles what JSON holds. Raises ``Unrecognised``, ``OSError``."""
    suffix = path.suffix.lower()
    if suffix not in EXTENSIONS:
        raise Unrecognised(usage=f"{path}: 只接受 {'、'.join(EXTENSIONS)} 文件 only {', '.join(EXTENSIONS)} files are taken")
    data = path.read_bytes()
    if suffix in (".xlsx", ".csv"):
        return _workbook(data, XLSX if suffix == ".xlsx" else CSV)
    return _xml(data) if suffix == ".xml" else _json(data, kind)


def _xml(data: bytes) -> Body:
    try:
        inner = dxp.decode(data).data if _DXP_ROOT.search(data[:_HEAD]) else data
        message = decode(inner, strict=False, limit=_LIMIT)
    except MalformedMessage as malformed:
        raise Unrecognised(*malformed.found) from malformed
    sender = message.envelope.transfer.get("cop_code", "")
    return Body("messages", XML, data, (sender,) if sender else (), len(message.documents))


def _workbook(data: bytes, media_type: str) -> Body:
    """Look into a workbook as the hub will, so that one it cannot use is never sent."""
    try:
        book = SheetWorkbooks().open(data)
    except Refused as refused:
        raise Unrecognised(*((1, fault) for fault in refused.faults)) from refused
    first = next(book.read()).body
    return Body(WORKBOOKS, media_type, data, _codes(_RESOURCES[book.kind], [first]), book.documents)


def _json(data: bytes, kind: str | None) -> Body:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise Unrecognised((line, Fault("", "bad_json", {"reason": str(error)}))) from error
    rows = found if isinstance(found, list) else [found]
    objects = [row for row in rows if isinstance(row, dict)]
    if not objects:
        raise Unrecognised((1, Fault("", "no_documents" if rows == [] else "not_an_object")))
    resource = kind or kind_of(objects[0])
    return Body(resource, JSON, data, _codes(resource, objects), len(rows))


def kind_of(bill: Mapping[str, Any]) -> str:
    """Tell the kind of a JSON bill by its elements. Raises ``Unrecognised`` when it resembles none or two alike."""
    scored = {kind: max(_likeness(bill, *shape) for shape in _shapes(kind)) for kind in KINDS}
    best = max(scored.values())
    kinds = [kind for kind, score in scored.items() if score == best]
    if len(kinds) > 1 or best <= 0:
        raise Unrecognised(usage=f"无法判断单据种类，请用 --kind 指明 cannot tell what it holds: say --kind {'|'.join(KINDS)}")
    return kinds[0]


def _likeness(bill: Mapping[str, Any], known: frozenset[str], has_lines: bool) -> int:
    """How many elements belong there, less twice those that do not."""
    names = set(bill) - _OURS
    strange = len(names - known) + ("lines" in bill and not has_lines)
    return len(names & known) - 2 * strange


@cache
def _shapes(kind: str) -> tuple[tuple[frozenset[str], bool], ...]:
    """The elements a kind may have, and whether it has lines: for export, for import."""
    if kind == "shipping-links":
        return ((frozenset(field.data_key or name for name, field in ShippingLink().fields.items()) - _OURS, True),)
    messages = [definition(each) for each in _MESSAGES[kind]]
    return tuple((frozenset(each.head.by_element), each.lines_node is not None) for each in messages)


def _codes(resource: str, bills: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the codes that may be the sender's: those that most bills name first, then the likelier role first."""
    found: Counter[str] = Counter()
    for name in _SENDERS[resource]:
        for bill in bills:
            codes = (bill[element] for element in _elements(resource, name) if bill.get(element))
            found.update(str(code) for code in islice(codes, 1))
    return tuple(code for code, _ in found.most_common())


@cache
def _elements(resource: str, name: str) -> tuple[str, ...]:
    """The spellings of a field on the wire."""
    if resource == "shipping-links":
        field = ShippingLink().fields.get(name)
        return (field.data_key or name,) if field else ()
    fields = (field for each in _MESSAGES[resource] for field in definition(each).head.fields)
    return tuple(dict.fromkeys(field.element for field in fields if field.name == name))
