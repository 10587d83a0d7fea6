"""Asking for an export of an enterprise's data or of the zone's released goods, and dropping what is past its time."""

from datetime import timedelta
from uuid import UUID

from ccezone.background.queries import jobs_of
from ccezone.background.service import request_job
from ccezone.kernel.clock import Clock
from ccezone.kernel.errors import Fault, Refused
from ccezone.statistics.queries.monitor import Goods
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import run
from ccezone.storage.reach import reached

JOB, GOODS_JOB = "export", "goods_export"
KEPT = timedelta(days=7)
_DROP = """
DELETE FROM export_part p WHERE p.expires_at < %(now)s
    OR EXISTS (SELECT FROM background_job j WHERE j.id = p.job_id AND j.state IN ('failed', 'cancelled'))
"""


def request_export(uow: UnitOfWork, enterprise_id: UUID, user_id: UUID | None, locale: str, clock: Clock, *, clear: bool) -> UUID:
    """Ask for an export; return the job's id. Raises ``Refused`` while another of this enterprise is under way.

    With ``clear`` it holds personal values: judge and record that before.
    """
    if any(not each.over for each in jobs_of(uow.connection, enterprise_id, [JOB], limit=20)):
        raise Refused(Fault("", "export_under_way"))
    arguments = {"clear": clear, "locale": locale}
    return request_job(uow, JOB, clock, enterprise_id=enterprise_id, user_id=user_id, arguments=arguments)


def drop_stale_parts(uow: UnitOfWork, clock: Clock) -> int:
    """Drop archives whose time is over, and what exports wrote that failed or were stopped; return how many parts they had."""
    return run(uow.connection, _DROP, {"now": clock.now()})


def request_goods(uow: UnitOfWork, goods: Goods, user_id: UUID | None, clock: Clock) -> UUID:
    """Ask for a workbook of the released goods in reach; return the job's id. Raises ``Refused`` while one is under way."""
    waiting = (each for each in jobs_of(uow.connection, None, [GOODS_JOB], limit=50) if each.user_id == user_id)
    if any(not each.over for each in waiting):
        raise Refused(Fault("", "export_under_way"))
    days = {"since": goods.since.isoformat(), "until": goods.until.isoformat()}
    reach = reached(uow.connection)
    arguments = {**days, "by": goods.by, "key": goods.key, "bucket": goods.bucket, "before": goods.before}
    arguments |= {"nodes": reach.spelled} if reach else {}
    return request_job(uow, GOODS_JOB, clock, user_id=user_id, arguments=arguments)
