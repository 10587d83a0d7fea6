"""Inspection in the demo: made-up inspectors, a few shared orders, one published draw that was begun, a plan still in draft."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from ccezone.enterprises.queries import directory
from ccezone.inspection.queries import order
from ccezone.inspection.queries.draws import drawn_objects, plan
from ccezone.inspection.queries.inspectors import search_inspectors
from ccezone.inspection.service import (
    Check,
    Conclusion,
    InspectorEntry,
    PlanEntry,
    Wanted,
    conclude,
    draft_plan,
    draw_plan,
    freeze,
    open_order,
    save_inspector,
    sign,
)
from ccezone.kernel.clock import SHANGHAI, Clock
from ccezone.storage import Database, UnitOfWork
from ccezone.storage.personal import PersonalVault
from schemas.codes import rows

AGENCIES = ("customs", "market_supervision", "animal_plant_quarantine")
_BY = "demo"
_NAMES = ("演示员甲", "演示员乙", "演示员丙", "演示员丁")


def found_inspections(database: Database, zone: str, clock: Clock) -> int:
    """Let the cast be inspected, once; return how many orders were opened."""
    today = clock.now().astimezone(SHANGHAI).date()
    with database.begin() as uow:
        known = {row["key"]: directory(uow.connection).find(row["uscc"]) for row in rows("example_parties")}
        firms = {key: found.uscc for key, found in known.items() if found is not None}
        if not {"furniture", "oranges", "cosmetics"} <= set(firms) or search_inspectors(uow.connection, limit=1):
            return 0
        _inspectors(uow, firms["furniture"], today)
        return _orders(uow, zone, firms, today, clock) + _draw(uow, zone, today, clock)


def _inspectors(uow: UnitOfWork, related: str, today: date) -> None:
    since = today - timedelta(days=400)
    for agency, letter in zip(AGENCIES, "CMQ", strict=True):
        for number, name in enumerate(_NAMES, 1):
            recused = [related] if letter == "M" and number == 1 else []
            save_inspector(uow, InspectorEntry(f"{letter}-{number:03d}", name, agency, since, None, recused))


def _orders(uow: UnitOfWork, zone: str, firms: Mapping[str, str], today: date, clock: Clock) -> int:
    """One that waits for the agencies, one that two agencies passed, one that found faulty labels."""
    soon, at = today + timedelta(days=10), (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    waiting = Wanted(
        "firm",
        firms["furniture"],
        AGENCIES,
        soon,
        what="核对仓储台账与备案信息",
        place="南康家居小镇 3 号仓（演示）",
        planned_at=at,
    )
    open_order(uow, waiting, _BY, clock)
    goods = Wanted("batch", "演示批次 2026-11", AGENCIES[:2], soon, party=firms["cosmetics"], what="抽样核对成分标签")
    _done(uow, zone, open_order(uow, goods, _BY, clock), Conclusion("pass"), clock)
    fruit = Wanted("batch", "脐橙礼盒 演示批次 7", AGENCIES[1:], soon, party=firms["oranges"], what="抽样核对外文标签与检疫证书")
    failed = Conclusion("fail", ["label_faulty"], "外文标签缺少产地信息，已责令补贴标签。（演示）")
    _done(uow, zone, open_order(uow, fruit, _BY, clock), failed, clock)
    return 3


def _done(uow: UnitOfWork, zone: str, order_id: UUID, ending: Conclusion, clock: Clock) -> None:
    """Let every agency sign in, the first with what was found, and conclude."""
    found = order(uow.connection, order_id)
    for position, check in enumerate(found.checks if found else ()):
        kinds = list(ending.findings) if position == 0 else []
        said = Check(check.agency, "fail" if kinds else "pass", kinds, "演示记录，非真实查验。")
        sign(uow, order_id, said, _BY, clock)
    conclude(uow, zone, order_id, found.row.version if found else 0, ending, _BY, clock)


def _draw(uow: UnitOfWork, zone: str, today: date, clock: Clock) -> int:
    """One draw among merchants, published and begun; another plan still in draft.

    The secret is revealed in the transaction that makes it, so that a key of its own seals it.
    """
    vault = PersonalVault(secrets.token_bytes(32))
    due = today + timedelta(days=20)
    entry = PlanEntry("电商企业经营场所抽查（演示）", "firm", today.replace(day=1), today, due, AGENCIES, 2, {"role": "merchant"})
    plan_id = draft_plan(uow, entry, _BY, clock)
    freeze(uow, vault, zone, plan_id, _version(uow, plan_id), _BY, clock)
    number = draw_plan(uow, vault, plan_id, _version(uow, plan_id), "演示口令 36", _BY, clock)
    first = drawn_objects(uow.connection, plan_id, today, limit=1)[0].order_id
    if first is not None:
        _done(uow, zone, first, Conclusion("pass"), clock)
    later = PlanEntry(
        "已放行出口清单抽查（演示草案）", "list", today - timedelta(days=30), today, due, AGENCIES[:2], 1, {"flow": "E"}
    )
    draft_plan(uow, later, _BY, clock)
    return number


def _version(uow: UnitOfWork, plan_id: UUID) -> int:
    found = plan(uow.connection, plan_id)
    return found.version if found else 0
