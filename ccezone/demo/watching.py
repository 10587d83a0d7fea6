"""What banks, insurers and agencies say of the demo's cast: background checks, and who may state evidence by connection."""

from datetime import date, timedelta

from ccezone.accounts.rules import PERMISSIONS, Principal, Role
from ccezone.credit.queries.sources import all_sources
from ccezone.credit.rules.scoring import Source
from ccezone.credit.service.agencies import authorise_source
from ccezone.enterprises.queries import directory
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.risk.queries.background import count_background
from ccezone.risk.service.background import BackgroundReport, report_background
from ccezone.storage import Database, UnitOfWork
from schemas.codes import rows

_MADE_UP = "演示数据，非真实文件 / demo data, no real document"
_BANK, _INSURER = "江右银行赣州分行（演示）", "江右信用保险（演示）"
_CHECKS = (
    ("furniture", _BANK, "bank", "loan", "clear", "", 40),
    ("textiles", _INSURER, "insurer", "insurance", "clear", "", 33),
    ("electronics", _BANK, "bank", "settlement", "concern", "近三个月两笔收汇的付款人与订单买方不一致", 21),
    ("cosmetics", _INSURER, "insurer", "insurance", "refused", "上年度理赔材料不全，暂不承保", 12),
    ("milk", _BANK, "bank", "settlement", "clear", "", 6),
)
_AGENCIES = (("payment_export", Source.FX), ("site", Source.CUSTOMS))


def found_watching(database: Database, clock: Clock) -> int:
    """Record made-up reports and authorisations, once; return how many reports there are now."""
    by = Principal(Role.ZONE_OFFICER, None, PERMISSIONS[Role.ZONE_OFFICER], name="demo")
    with database.begin() as uow:
        known = {row["key"]: row["uscc"] for row in rows("example_parties") if directory(uow.connection).find(row["uscc"])}
        if not known or any(count_background(uow.connection).values()) or all_sources(uow.connection):
            return 0
        today = clock.now().astimezone(SHANGHAI).date()
        for key, institution, kind, purpose, outcome, note, ago in _CHECKS:
            day = today - timedelta(days=ago)
            said = BackgroundReport(institution, kind, purpose, outcome, _MADE_UP, note, day, day + timedelta(days=365))
            report_background(uow, known[key], said, by, clock)
        _authorise(uow, known, today, by, clock)
    return len(_CHECKS)


def _authorise(uow: UnitOfWork, known: dict[str, str], today: date, by: Principal, clock: Clock) -> None:
    for place, (key, source) in enumerate(_AGENCIES):
        authorise_source(uow, known[key], source, _MADE_UP, (today - timedelta(days=60 - 20 * place), None), by, clock)
