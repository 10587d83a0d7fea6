"""A hub with goods that count, and returns compiled from them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from ccezone.background.service import run_next_job
from ccezone.parameters.service import MonthlyRates, set_exchange_rates
from ccezone.printing.returns.making import RenderReturn, rendered
from ccezone.statistics.queries.returns import snapshot
from ccezone.statistics.service import refresh_figures
from ccezone.statistics.service.returns import RENDER_JOB, Order, compile_return
from tests.hub.bills import export_bills
from tests.hub.harness import Hub

ZONE, DOLLAR = "GZ", "502"
NAMES = ("中国（赣州）跨境电子商务综合试验区", "China (Ganzhou) Cross-border E-commerce Comprehensive Pilot Zone")
FIRST, SECOND = f"user:{UUID(int=1)}", f"user:{UUID(int=2)}"
_WINDOW = """
INSERT INTO node (id, code, kind, name, name_en, address, country, document, open_from, created_at, updated_at)
VALUES (gen_random_uuid(), 'NK-1', 'window', '南康', 'Nankang', '', '', '', '2020-01-01', now(), now())
"""


def traded(hub: Hub, imports: int = 4, exports: int = 3) -> None:
    """Imports released and exports completed in January 2026, one firm in a park, dollars with a rate."""
    hub.change(_WINDOW)
    hub.change("UPDATE enterprise SET node = 'NK-1' WHERE id = %(id)s", id=hub.party("cosmetics").id)
    with hub.database.begin() as uow:
        rates = MonthlyRates(date(2026, 1, 1), {DOLLAR: "7.1234"}, "test")
        set_exchange_rates(uow, hub.clock, entered=rates, created_by="test")
    for number in range(1, exports + 1):
        hub.post(*export_bills(number))
    hub.imports(imports)
    hub.dispatch()
    hub.clock.advance(minutes=7)
    for list_id, flow in hub.rows("SELECT id, flow FROM declaration_list ORDER BY id"):
        hub.answer(list_id, *((120, 800) if flow == "I" else (120, 399, 400, 800, 899)))
    hub.clock.advance(hours=1)
    refresh_figures(hub.database, hub.clock, ZONE)


def order(kind: str = "monthly", period: str = "2026-01", **changes: str) -> Order:
    """An order of a return."""
    return Order(ZONE, NAMES, "http://hub.example", kind, period, **changes)


def compiled(hub: Hub, wanted: Order | None = None, by: str = FIRST) -> UUID:
    """Compile a return."""
    with hub.database.begin() as uow:
        return compile_return(uow, wanted or order(), by, hub.clock)


def told(hub: Hub, return_id: UUID) -> Mapping[str, Any]:
    """Return what a return says."""
    found: Mapping[str, Any] = orjson.loads(frozen(hub, return_id))
    return found


def frozen(hub: Hub, return_id: UUID) -> bytes:
    """Return its snapshot as stored."""
    with hub.database.reading() as connection:
        return snapshot(connection, return_id)


def render(hub: Hub) -> None:
    """Let the background worker render what waits."""
    while run_next_job(hub.database, {RENDER_JOB: RenderReturn(hub.database, hub.clock)}, hub.clock):
        pass


__all__ = ["FIRST", "NAMES", "SECOND", "compiled", "frozen", "order", "render", "rendered", "told", "traded"]
