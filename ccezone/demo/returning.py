"""Statistical returns in the demo: once the month's traffic is settled, a monthly return, a weekly brief and an annual return,
compiled by one officer, approved by the other, sealed and published.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from ccezone.accounts.queries import user_by_login
from ccezone.demo.office import SECOND
from ccezone.demo.zone import OFFICER
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.statistics.queries import added, counted
from ccezone.statistics.queries.returns import files, return_by_id, returns
from ccezone.statistics.rules.periods import Kind, period_of
from ccezone.statistics.rules.returns import State
from ccezone.statistics.service.returns import FILES, Order, approve_return, compile_return, publish_return
from ccezone.storage import Database
from ccezone.web.zone import zone_name

KINDS = (Kind.MONTHLY, Kind.WEEKLY, Kind.YEARLY)
_PATIENCE, _STEP, _QUIET = 600.0, 2.0, 4  # seconds to wait, between looks; looks without news that count as settled


def publish_returns(database: Database, zone: str, site: str, clock: Clock, say: Callable[[str], None]) -> int:
    """Publish the demo's returns of last month and the present periods, once; return how many.

    The hub's worker renders and seals them.
    """
    today = clock.now().astimezone(SHANGHAI).date()
    with database.reading() as connection:
        if returns(connection, limit=1):
            return 0
        first, second = (user_by_login(connection, login) for login in (OFFICER, SECOND))
    if first is None or second is None or not _settled(database, today):
        return 0
    names = zone_name(zone)
    done = 0
    last_month = period_of(Kind.MONTHLY, today.replace(day=1) - timedelta(days=1))
    for period in (last_month, *(period_of(kind, today) for kind in KINDS)):
        kind = period.kind
        order = Order(zone, (names.zh, names.en), site, kind, period.name)
        with database.begin() as uow:
            return_id = compile_return(uow, order, f"user:{first.id}", clock)
        done += _published(database, return_id, f"user:{second.id}", clock)
        say(f"统计报表 return: {kind} {order.period}")
    return done


def _published(database: Database, return_id: UUID, second: str, clock: Clock) -> int:
    if not _until(lambda: _rendered(database, return_id)):
        return 0
    with database.begin() as uow:
        approve_return(uow, return_id, _version(database, return_id), second, clock)
    if not _until(lambda: _state(database, return_id) == State.SIGNED):
        return 0
    with database.begin() as uow:
        publish_return(uow, return_id, _version(database, return_id), second, clock)
    return 1


def _settled(database: Database, today: date) -> bool:
    """Wait until no more goods come to be counted: receipts follow the traffic by a while."""
    looks: list[int] = []

    def quiet() -> bool:
        with database.reading() as connection:
            looks.append(added(counted(connection, today.replace(month=1, day=1), today)).lists)
        last = looks[-_QUIET:]
        return len(last) == _QUIET and last[0] > 0 and len(set(last)) == 1

    return _until(quiet)


def _until(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP)
    return True


def _rendered(database: Database, return_id: UUID) -> bool:
    with database.reading() as connection:
        return {each.name for each in files(connection, return_id)} >= set(FILES)


def _state(database: Database, return_id: UUID) -> str:
    with database.reading() as connection:
        found = return_by_id(connection, return_id)
    return found.state if found else ""


def _version(database: Database, return_id: UUID) -> int:
    with database.reading() as connection:
        found = return_by_id(connection, return_id)
    return found.version if found else 0
