"""Reminding firms of deliveries out of a special area that are to be declared: once when a period is over, once when it is late."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.notices.service import Audience, Tidings, notify
from ccezone.parameters.queries import book
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.copying import run
from ccezone.tax_refunds.queries.area import due_periods
from ccezone.tax_refunds.rules.area import Period, Stage

KINDS = {Stage.ENDED: "area_ended", Stage.OVERDUE: "area_overdue"}
_TELL = """
INSERT INTO area_reminder AS r (merchant_id, since, stage, told_at) VALUES (%(m)s, %(since)s, %(stage)s, %(at)s)
ON CONFLICT (merchant_id, since) DO UPDATE SET stage = excluded.stage, told_at = excluded.told_at
    WHERE r.stage = 'ended' AND excluded.stage = 'overdue'
"""


@dataclass(frozen=True, slots=True)
class DeliveriesDue:
    """News: a period is over, or its deadline passed, and ``deliveries`` of it are not declared."""

    merchant_id: UUID
    stage: Stage
    period: Period
    due: date
    deliveries: int
    at: datetime


def remind_of_deliveries(database: Database, zone: str, clock: Clock) -> int:
    """Tell firms what they were not told yet; return how much was told. Raises ``ParameterMissing``."""
    told, now = 0, clock.now()
    with database.begin() as uow:
        today = now.astimezone(SHANGHAI).date()
        for each in due_periods(uow.connection, None, book(uow.connection, zone)):
            stage = each.period.stage(today, (each.due - each.period.until).days)
            values = {"m": each.merchant_id, "since": each.period.since, "stage": stage and str(stage), "at": now}
            if stage and run(uow.connection, _TELL, values):
                uow.publish(DeliveriesDue(each.merchant_id, stage, each.period, each.due, each.deliveries, now))
                told += 1
    return told


def tell_deliveries(uow: UnitOfWork, news: object) -> None:
    """Tell the firm whose deliveries they are."""
    if isinstance(news, DeliveriesDue):
        span = {"since": news.period.since.isoformat(), "until": news.period.until.isoformat()}
        words: dict[str, object] = {**span, "due": news.due.isoformat(), "deliveries": str(news.deliveries)}
        tidings = Tidings(KINDS[news.stage], news.at, "area_period", f"{news.merchant_id}:{span['since']}", words)
        notify(uow, Audience(enterprise_id=news.merchant_id), tidings)
