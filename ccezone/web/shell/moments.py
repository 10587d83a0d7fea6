"""Days and times as browsers send them, read in Shanghai."""

from datetime import date, datetime

from ccezone.kernel.clock import SHANGHAI
from ccezone.kernel.errors import Fault, Refused


def read_day(typed: str, pointer: str) -> date:
    """Read a day. Raises ``Refused``: nothing typed, or no day."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Refused(Fault(pointer, "bad_day", {"value": typed}) if typed else Fault(pointer, "required")) from None


def read_moment(typed: str, pointer: str) -> datetime | None:
    """Read a time; nothing typed is none. Raises ``Refused``."""
    if not typed:
        return None
    try:
        return datetime.strptime(typed[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refused(Fault(pointer, "moment_wrong", {"value": typed})) from None
