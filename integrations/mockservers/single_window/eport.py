"""The e-port's intake of one document: who sends it, is it signed, does it repeat, does it come too late."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from integrations.mockservers.single_window.layout import PARTIES
from integrations.mockservers.single_window.records import Document, Record
from integrations.mockservers.single_window.switches import Switches
from integrations.mockservers.single_window.texts import filled, reason

NEW, CHANGE, DELETE = "1", "2", "3"
DRAFT = "1"
UNKNOWN_ENTERPRISE = -10102

# Where the import table names no code for an export document, the first code of the published export range stands.
BAD_SIGNATURE = {
    303: -301020,
    311: -301020,
    403: -401001,
    411: -401009,
    505: -501001,
    511: -504011,
    513: -505011,
    603: -601001,
    621: -621029,
    605: -605001,
    623: -623029,
    625: -625208,
    213: -625208,
    215: -625208,
    507: -801001,
    509: -505001,
    607: -901001,
    701: -701001,
    711: -800001,
}
REPEATED = {303: -301010, 311: -301010, 403: -304001, 411: -401007, 505: -504015, 511: -504015}
REPEATED |= {603: -304001, 621: -621004, 605: -607001, 623: -623009, 625: -625201, 711: -800003, 513: -505012}
STALE = {303: -301014, 311: -301014, 403: -401012, 411: -401012, 505: -505016, 511: -505016, 603: -604001, 621: -621012}
UNKNOWN_TARGET = {303: -301009, 311: -301009, 403: -401006, 411: -401006, 505: -504014, 511: -504014}
UNKNOWN_TARGET |= {603: -603001, 621: -621011}
DECLARED = {303: -301011, 311: -301011, 403: -401008, 411: -401008, 505: -504016, 511: -504016}
DECLARED |= {603: -603001, 621: -621012}
_ANY_EXPORT = -304001

REVIEWED = 300  # from here on a list is in customs' hands
_CODE = re.compile(r"[0-9A-Z]{10}|[0-9A-HJ-NPQRTUWXY]{18}")
_NO_PLATFORM = "无"


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal: official code and text."""

    code: int
    text: str


def refused(code: int, *values: str) -> Answer:
    """Refuse with a published code, its blanks filled."""
    return Answer(code, filled(reason(code), *values))


def ended(status: int) -> bool:
    """Say whether a status ends a submission so that the document may be sent anew."""
    return status < 0 or status in (100, 430)


def _name(document: Document) -> str:
    return "_".join(document.head.get(part, "") for part in document.layout.key)


def sender_flaw(document: Document, transmitter: str, switches: Switches) -> Answer | None:
    """Check that the transmitter is one of the document's parties and that its parties are registered."""
    head, layout = document.head, document.layout
    if not any(head.get(name) == transmitter for name in layout.senders) and transmitter not in switches.entrusted:
        return refused(-621016, transmitter) if layout.number == 621 else _unknown(transmitter)
    for name in PARTIES:
        code = head.get(name)
        if (code and not _well_formed(code, name)) or code in switches.unregistered:
            return _unknown(code or "")
    return None


def _unknown(code: str) -> Answer:
    return Answer(UNKNOWN_ENTERPRISE, f"{reason(UNKNOWN_ENTERPRISE)}[{code}]")


@lru_cache(maxsize=65536)
def _well_formed(code: str, name: str) -> bool:
    return bool(_CODE.fullmatch(code)) or (name == "platform_code" and code == _NO_PLATFORM)


def history_flaw(document: Document, earlier: Record | None, related: Iterable[Record]) -> Answer | None:
    """Check a submission against what is known under its business key, and against lists that rest on it."""
    kind, head = document.layout.number, document.head
    live = earlier is not None and not ended(earlier.status)
    if head["app_type"] == NEW:
        repeated = live and not (earlier is not None and earlier.status == 1)
        return refused(REPEATED.get(kind, _ANY_EXPORT), _name(document)) if repeated else None
    name = _name(document)
    if earlier is None or (head["app_type"] == DELETE and not live):
        return refused(UNKNOWN_TARGET.get(kind, _ANY_EXPORT), name)
    if head["app_time"] < earlier.head["app_time"]:
        return refused(STALE.get(kind, _ANY_EXPORT), name)
    if document.layout.role == "list":
        in_hand = live and earlier.status >= REVIEWED
        return refused(DECLARED[kind], name) if in_hand else None
    declared = any(record.layout.role == "list" and not ended(record.status) for record in related)
    return refused(DECLARED[kind], name) if declared and kind in DECLARED else None
