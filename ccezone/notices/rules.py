"""What decides how people are told: channels, patience with mail and webhooks, and which addresses a webhook may have."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from ccezone.kernel.addresses import is_public
from ccezone.kernel.errors import Fault


class Channel(StrEnum):
    """How a person hears of one kind of message."""

    APP = "app"
    MAIL = "mail"
    DIGEST = "digest"
    OFF = "off"


MAIL_STATE = {Channel.APP: "none", Channel.MAIL: "due", Channel.DIGEST: "digest"}
"""What a new message's row says about mail; ``off`` makes no row."""

SETTLED = timedelta(seconds=60)
LONGEST_GATHERING = timedelta(minutes=10)
DIGEST_OPEN = timedelta(hours=24)
DIGEST_HOUR = 8  # Asia/Shanghai


class Disabled(StrEnum):
    """Why a webhook endpoint is not called."""

    NO = ""
    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


_HOUR = timedelta(hours=1)
DELIVERY_WAITS = (
    *(timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)),
    *(_HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR, 28 * _HOUR),
)
"""Between the tries of one event: more than 72 hours in all, before jitter, which only lengthens."""

JITTER = 0.2
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=10)
FAILING_FOR = timedelta(days=5)
SECRET_OVERLAP = timedelta(hours=24)
RETRY_AFTER_MOST = _HOUR
GONE_STATUS = 410
URL_MAX = 500
MOST_ENDPOINTS = 20
EXCERPT = 500
_OPEN_PORTS = frozenset({443})
_FIRST_FREE_PORT = 1024
_LOCAL_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet", ".corp")

Random = Callable[[], float]
"""A number from 0 up to 1."""


def next_try(attempts: int, now: datetime, random: Random) -> datetime | None:
    """Return when an event is tried again after this many failed attempts, ``None`` when it is given up."""
    if attempts > len(DELIVERY_WAITS):
        return None
    return now + lengthened(DELIVERY_WAITS[attempts - 1], random)


def rest_of(failures: int, now: datetime, random: Random, asked: timedelta | None = None) -> datetime:
    """Return until when an endpoint is left alone after failures in a row, or as long as it asked itself."""
    rest = min(LONGEST_REST, FIRST_REST * 2 ** min(failures - 1, 10))
    wanted = min(asked, RETRY_AFTER_MOST) if asked else timedelta(0)
    return now + max(lengthened(rest, random), wanted)


def lengthened(wait: timedelta, random: Random) -> timedelta:
    """Add jitter, so that many do not come back at the same moment."""
    return wait * (1 + JITTER * random())


def url_faults(url: str, *, private_allowed: bool) -> list[Fault]:
    """Judge a webhook's address as written; what its name resolves to is judged again before every call."""
    pointer = "/url"
    if len(url) > URL_MAX:
        return [Fault(pointer, "too_long", {"max": str(URL_MAX), "actual": str(len(url))})]
    parts = _split(url)
    schemes = ("https", "http") if private_allowed else ("https",)
    if parts is None or parts.scheme not in schemes or not parts.hostname:
        return [Fault(pointer, "webhook_url")]
    if parts.username or parts.password or parts.fragment:
        return [Fault(pointer, "webhook_url_parts")]
    if not private_allowed and _not_public(parts):
        return [Fault(pointer, "webhook_private", {"host": parts.hostname})]
    return []


def _split(url: str) -> SplitResult | None:
    if any(character <= " " or character == "\\" for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return None
    return parts


def _not_public(parts: SplitResult) -> bool:
    host = (parts.hostname or "").rstrip(".").lower()
    port = parts.port or 443
    if port not in _OPEN_PORTS and port < _FIRST_FREE_PORT:
        return True
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith(_LOCAL_NAMES)
