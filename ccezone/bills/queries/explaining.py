"""A fault in words, for pages and for the interface: where it is in official names, what is wrong, how to mend it."""

from dataclasses import dataclass

from ccezone.bills.ports import Deliveries
from ccezone.kernel.errors import Fault
from schemas.codes import Locale
from schemas.codes.problems import text


@dataclass(frozen=True, slots=True)
class Explained:
    """A fault as people read it. ``pointer`` uses the names the sender used (``/lines/2/gcode``)."""

    pointer: str
    code: str
    message: str
    remedy: str


def explain(deliveries: Deliveries, message_type: str, fault: Fault, locale: Locale) -> Explained:
    """Put a fault of a document of this message type into words."""
    pointer = deliveries.pointer(message_type, fault.pointer) if fault.pointer else ""
    return Explained(pointer, fault.code, *text(fault, locale))
