"""What an address of rows behind a number asks for: days, and which released goods."""

from datetime import date

from flask import abort, request

from ccezone.statistics.queries import Goods
from ccezone.statistics.rules import BUCKETS, COUNTED, EVERY

_LONGEST_DAYS = 400


def asked_goods(usual: tuple[date, date] | None = None) -> Goods:
    """Return which released goods an address names, of the ``usual`` days unless it names others; 400 where it names none."""
    since, until = asked_days(usual)
    by, key = request.args.get("by") or EVERY, request.args.get("key", "")[:40]
    bucket, before = _number("bucket", BUCKETS), _number("before", 25)
    if by not in COUNTED or (before is not None and (by != EVERY or bucket is not None)):
        abort(400)
    return Goods(since, until, by, key, bucket, before)


def asked_days(usual: tuple[date, date] | None = None) -> tuple[date, date]:
    """Return the days an address names, both included, or the ``usual`` ones; 400 where they are none, or too many."""
    if usual is not None and not ("since" in request.args or "until" in request.args):
        return usual
    try:
        since, until = (date.fromisoformat(request.args.get(name, "")) for name in ("since", "until"))
    except ValueError:
        abort(400)
    if not 0 <= (until - since).days <= _LONGEST_DAYS:
        abort(400)
    return since, until


def _number(name: str, limit: int) -> int | None:
    given = request.args.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and int(given) < limit):
        abort(400)
    return int(given)
