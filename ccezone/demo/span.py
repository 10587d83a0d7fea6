"""The days the demo's traffic lies in. A data folder remembers them, so that a second load sends the very same documents."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from ccezone.kernel.clock import SHANGHAI

DAYS = 30
_SETTLE = timedelta(minutes=30)  # room for what follows an order: nothing may be dated later than now
_SHARE_OF_LAST_DAY = 12
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_FILE = "demo-loads.json"


class BadMonth(Exception):
    """Not a month, or one that has not begun."""


@dataclass(frozen=True, slots=True)
class Span:
    """From midnight of ``first`` to ``end`` (aware, Asia/Shanghai)."""

    first: date
    end: datetime

    def moment(self, seed: int, number: int) -> datetime:
        """Return when the order of this number was placed; one of a dozen on the last day, however many orders there are."""
        random = Random(f"moment/{seed}/{number}")
        start = datetime.combine(self.end.date() if number % _SHARE_OF_LAST_DAY == 0 else self.first, time(), SHANGHAI)
        seconds = max(0.0, (self.end - _SETTLE - start).total_seconds())
        placed = start + timedelta(seconds=int(random.random() * seconds))
        return placed if seconds else self.end - _SETTLE


def span_of(month: str | None, now: datetime) -> Span:
    """Return the days of a month up to now, or the thirty days that end now. Raises ``BadMonth``."""
    now = now.astimezone(SHANGHAI).replace(microsecond=0)
    if month is None:
        return Span(now.date() - timedelta(days=DAYS - 1), now)
    found = _MONTH.fullmatch(month)
    if not found or not 1 <= int(found[2]) <= 12 or not 2016 <= int(found[1]) <= 9998:
        raise BadMonth(f"--month: 应为 YYYY-MM must be YYYY-MM: {month}")
    first = date(int(found[1]), int(found[2]), 1)
    if first > now.date():
        raise BadMonth(f"--month: {month} 尚未开始 has not begun")
    after = (first + timedelta(days=31)).replace(day=1)
    end = datetime.combine(after, time(), SHANGHAI) - timedelta(seconds=1)
    return Span(first, min(end, now))


def remembered_span(data: Path, seed: int, month: str | None, now: datetime) -> Span:
    """Return the span of an earlier load of this seed and month, else a new one, remembered. Raises ``BadMonth``."""
    path = data / _FILE
    known: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    key = f"{seed}/{month or 'latest'}"
    if key not in known:
        span = span_of(month, now)
        known[key] = [span.first.isoformat(), span.end.isoformat()]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=1), encoding="utf-8")
    first, end = known[key]
    return Span(date.fromisoformat(first), datetime.fromisoformat(end))
