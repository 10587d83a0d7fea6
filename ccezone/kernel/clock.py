"""Time: an injectable clock, and the two time spellings of customs messages (Asia/Shanghai)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

_AHEAD = timedelta(hours=8)
SHANGHAI = timezone(_AHEAD, "Asia/Shanghai")  # no summer time since 1991


class Clock(Protocol):
    """Gives the current moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock for tests: stands still until it is moved."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def advance(self, **parts: float) -> None:
        """Move on by ``timedelta(**parts)``."""
        self.moment += timedelta(**parts)


def wire_time(moment: datetime) -> str:
    """Spell a moment as messages do: ``YYYYMMDDhhmmss`` in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")


def wire_time_ms(moment: datetime) -> str:
    """Spell a moment as receipts do: ``yyyyMMddHHmmssfff`` (17 digits) in Asia/Shanghai."""
    local = moment.astimezone(SHANGHAI)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


def parse_wire_time(text: str) -> datetime:
    """Read a 14- or 17-digit message time into aware UTC. Raises ``ValueError`` when it is no such time."""
    if len(text) not in (14, 17) or not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a 14- or 17-digit time: {text!r}")
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    hour, minute, second = int(text[8:10]), int(text[10:12]), int(text[12:14])
    return datetime(year, month, day, hour, minute, second, int(text[14:] or 0) * 1000, UTC) - _AHEAD
