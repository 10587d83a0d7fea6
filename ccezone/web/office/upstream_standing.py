"""How upstream systems stand now, for the office's page and the public one: what was seen, judged by the bounds in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from ccezone.cases.queries import DirectionView, OutageView, seen_of
from ccezone.cases.queries.upstream import WINDOW
from ccezone.cases.rules.upstream import SOURCES, Bounds, Sight, Standing, standing_of
from ccezone.clearance.queries import Lag, answer_lag
from ccezone.kernel.clock import SHANGHAI
from ccezone.parameters.queries import book
from ccezone.storage import Connection
from ccezone.web.hub import hub
from ccezone.web.shell.i18n import language
from schemas.codes import code_list

STANDINGS: Mapping[Standing, LazyString] = {
    Standing.GOOD: _l("正常"),
    Standing.SLOW: _l("应答缓慢"),
    Standing.AILING: _l("部分失败"),
    Standing.DOWN: _l("中断"),
    Standing.UNKNOWN: _l("尚无数据"),
}
TONES: Mapping[Standing, str] = {
    Standing.GOOD: "good",
    Standing.SLOW: "warn",
    Standing.AILING: "warn",
    Standing.DOWN: "bad",
    Standing.UNKNOWN: "neutral",
}
DIRECTIONS: Mapping[str, LazyString] = {"send": _l("发送报文"), "receive": _l("接收回执")}
_LAG: Mapping[str, bool] = {"single_window": True}  # whose answers carry the counterparty's own time


@dataclass(frozen=True, slots=True)
class Source:
    """One upstream system as pages show it."""

    code: str
    name: str
    standing: Standing
    worked_at: datetime | None
    directions: Sequence[DirectionView]
    lag: Lag | None


def bounds(connection: Connection) -> Bounds:
    """Return the bounds in force today."""
    surroundings = hub()
    day = surroundings.clock.now().astimezone(SHANGHAI).date()
    known = book(connection, surroundings.settings.zone)

    def minutes(name: str) -> timedelta:
        return timedelta(minutes=known.integer(f"upstream.{name}", day))

    return Bounds(minutes("quiet_minutes"), known.integer("upstream.failed_pct", day), minutes("lag_minutes"))


def sources(connection: Connection) -> list[Source]:
    """Return every registered upstream system with how it stands."""
    limits, now, names = bounds(connection), hub().clock.now(), code_list("upstream_sources")
    found = []
    for code in SOURCES:
        seen = seen_of(connection, code, now)
        lag = answer_lag(connection, now - WINDOW) if _LAG.get(code) else None
        worked = [each.worked_at for each in seen if each.worked_at]
        # A source stands as its worse direction does: messages may go out while no receipt comes in.
        standing = max((_standing(each, lag, limits, now) for each in seen), key=_gravity, default=Standing.UNKNOWN)
        found.append(Source(code, names.label(code, language()), standing, max(worked, default=None), seen, lag))
    return found


def title(notice: OutageView) -> str:
    """Name an outage in the reader's language."""
    return notice.title_zh if language() == "zh" else notice.title_en


def text(notice: OutageView) -> str:
    """Say what an outage means in the reader's language."""
    return notice.text_zh if language() == "zh" else notice.text_en


def source_name(code: str) -> str:
    """Name an upstream system."""
    return code_list("upstream_sources").label(code, language())


def _standing(seen: DirectionView, lag: Lag | None, limits: Bounds, now: datetime) -> Standing:
    idle = (
        seen.direction == "send"
        and not seen.calls
        and seen.worked_at is not None
        and (seen.failed_at or seen.worked_at) <= seen.worked_at
    )
    # Nothing to send is no silence: only what was tried and failed counts against sending.
    worked_at = now if idle else seen.worked_at
    return standing_of(Sight(worked_at, seen.calls, seen.failed, lag.median if lag else None), limits, now)


def _gravity(standing: Standing) -> int:
    return (Standing.GOOD, Standing.UNKNOWN, Standing.SLOW, Standing.AILING, Standing.DOWN).index(standing)
