"""The rules that ship with us: one of each kind with its usual thresholds, as the zone's own and marked unverified."""

from datetime import date
from uuid import UUID, uuid5

from psycopg.types.json import Jsonb

from ccezone.kernel.clock import Clock
from ccezone.risk.rules.kinds import KINDS
from ccezone.storage import UnitOfWork
from ccezone.storage.copying import fetch, run

_SPACE = UUID("6b1d1f0e-0d8e-4c1b-9a54-6f2c0b3f7d10")
_BEGIN = date(2026, 1, 1)
_NAMES = {
    "repeated_waybill": "运单号重复或近似",
    "identity_reuse": "同一身份短期内大量下单",
    "shared_contact": "多个身份共用收货电话",
    "price_band": "申报单价偏离同类区间",
    "splitting": "拆单规避单次交易限值",
    "burst": "订单量短时激增",
    "quota": "年度额度即将用尽",
    "circular_payer": "集中代付或循环支付",
    "impossible_times": "单据时间不合常理",
    "weight": "申报重量与运单不符",
}
_THERE = "SELECT count(*) FROM risk_rule WHERE id = ANY(%(ids)s::uuid[])"
_SHIP = """
INSERT INTO risk_rule (id, family, edition, kind, name, level, type, thresholds, scope, document, status, state, effective_from,
    version, drafted_by, drafted_at, published_by, published_at)
VALUES (%(id)s, %(id)s, 1, %(kind)s, %(name)s, %(level)s, %(type)s, %(thresholds)s, '{}', %(document)s, 'unverified', 'live',
    %(begin)s, 1, '', %(now)s, '', %(now)s)
ON CONFLICT (id) DO NOTHING
"""


def ship_rules(uow: UnitOfWork, zone: str, clock: Clock) -> int:
    """Put the rules in place that are not there yet; return how many. What people made of them since stays."""
    ids = {kind: uuid5(_SPACE, f"{zone}/{kind}") for kind in KINDS}
    if fetch(uow.connection, _THERE, {"ids": list(ids.values())})[0][0] == len(ids):
        return 0
    return sum(
        run(
            uow.connection,
            _SHIP,
            {
                "id": ids[kind.name],
                "kind": kind.name,
                "name": _NAMES[kind.name],
                "level": kind.level.value,
                "type": kind.type.value,
                "thresholds": Jsonb({each.name: each.usual for each in kind.thresholds}),
                "document": "本综试区自定参数，待确认 / the zone's own parameter, unverified",
                "begin": _BEGIN,
                "now": clock.now(),
            },
        )
        for kind in KINDS.values()
    )
